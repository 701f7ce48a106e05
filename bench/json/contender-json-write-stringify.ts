import { readFileSync } from 'node:fs';

import { csvInput } from '../csv/csv-input.ts';
import { measurePrepared } from '../harness/measure.ts';
import { jsonFacts, jsonPath, parsedLines } from './json-lines.ts';

await measurePrepared(
  async (given) => [...parsedLines(readFileSync(jsonPath(csvInput.parse(given).path), 'utf8'))],
  async (rows) => {
    const bytes = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return () => jsonFacts(parsedLines(bytes.toString()));
  },
);
