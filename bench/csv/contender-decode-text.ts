import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';
import papaparse from 'papaparse';
import { inferSchema, initParser } from 'udsv';

import { measure } from '../harness/measure.ts';
import { csvInput } from './csv-input.ts';

type Rows = readonly (readonly string[])[];

/** Parsers that make arrays of strings; each as its documentation has it. */
const PARSERS: Readonly<Record<string, (path: string) => Rows>> = {
  'csv-parse': (path) => parse(readFileSync(path)),
  papaparse: (path) => papaparse.parse(readFileSync(path, 'utf8'), { skipEmptyLines: true }).data,
  udsv: (path) => {
    const text = readFileSync(path, 'utf8');
    const schema = inferSchema(text);
    return [schema.cols.map(({ name }) => name), ...initParser(schema).stringArrs(text)];
  },
};

await measure(async (given) => {
  const { path, parser } = csvInput.parse(given);
  const [names = [], ...rows] = PARSERS[parser]!(path);
  return async () => {
    const { csvRow } = await import('../query/expected-facts.ts');
    const { RowFacts } = await import('../query/row-facts.ts');
    const facts = new RowFacts();
    for (const row of rows) facts.add(csvRow(Object.fromEntries(names.map((name, i) => [name, row[i] ?? '']))));
    return facts.facts();
  };
});
