import { measure } from '../harness/measure.ts';
import { queryInput } from './query-input.ts';
import { rawQuery } from './raw-query.ts';

await measure(async (given) => {
  const input = queryInput.parse(given);
  let csvBytes = 0;
  for await (const chunk of rawQuery(input)) csvBytes += chunk.byteLength;
  return () => ({ csvBytes });
});
