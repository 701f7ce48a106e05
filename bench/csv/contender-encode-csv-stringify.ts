import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

import { measurePrepared } from '../harness/measure.ts';
import { csvFacts } from '../query/expected-facts.ts';
import { csvInput } from './csv-input.ts';

await measurePrepared(
  async (given): Promise<string[][]> => parse(readFileSync(csvInput.parse(given).path)),
  async (rows) => {
    const bytes = Buffer.from(stringify(rows, { quoted: true }));
    return async () => {
      const { csvBytes: _, ...facts } = await csvFacts(chunksOf(bytes));
      return facts;
    };
  },
);

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
