import { json } from '@sluice/formats/json';

import { benchSchema } from '../csv/csv-columns.ts';
import { csvInput } from '../csv/csv-input.ts';
import { decodeFile } from '../csv/decode-file.ts';
import { measurePrepared } from '../harness/measure.ts';
import { encodeFile } from '../plugin/format-bytes.ts';
import { jsonFacts, parsedLines } from './json-lines.ts';

await measurePrepared(
  async (given) => [...decodeFile(csvInput.parse(given).path, 'wasm')],
  async (batches) => {
    const chunks = encodeFile(json(), benchSchema, batches);
    return () => jsonFacts(parsedLines(Buffer.concat(chunks).toString()));
  },
);
