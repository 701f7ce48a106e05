import { readFileSync } from 'node:fs';

import { csvInput } from '../csv/csv-input.ts';
import { measure } from '../harness/measure.ts';
import { jsonFacts, jsonPath, parsedLines } from './json-lines.ts';

await measure(async (given) => {
  const rows = [...parsedLines(readFileSync(jsonPath(csvInput.parse(given).path), 'utf8'))];
  return () => jsonFacts(rows);
});
