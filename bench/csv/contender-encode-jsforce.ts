import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';

import { parse } from 'csv-parse/sync';
import { Serializable } from 'jsforce/lib/record-stream.js';

import { measurePrepared } from '../harness/measure.ts';
import { csvFacts } from '../query/expected-facts.ts';
import { csvInput } from './csv-input.ts';

await measurePrepared(
  async (given): Promise<Record<string, string>[]> =>
    parse(readFileSync(csvInput.parse(given).path), { columns: true }),
  async (records) => {
    // As `bulk2.loadAndWaitForResults` does with an array.
    const stream = new Serializable();
    const upload = stream.stream('csv');
    const whole = buffer(upload);
    for (const record of records) stream.write(record);
    stream.end();
    const bytes = await whole;
    return async () => {
      const { csvBytes: _, ...facts } = await csvFacts(chunksOf(bytes));
      return facts;
    };
  },
);

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
