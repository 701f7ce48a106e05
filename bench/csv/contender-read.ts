import { createReadStream } from 'node:fs';

import { measure } from '../harness/measure.ts';
import { csvInput } from './csv-input.ts';

await measure(async (given) => {
  let csvBytes = 0;
  for await (const chunk of createReadStream(csvInput.parse(given).path)) csvBytes += (chunk as Uint8Array).length;
  return () => ({ csvBytes });
});
