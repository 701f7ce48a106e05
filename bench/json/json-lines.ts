import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { DataType } from 'apache-arrow';
import { parse } from 'csv-parse';

import { benchSchema } from '../csv/csv-columns.ts';
import type { Facts } from '../harness/contender.ts';
import { RowFacts } from '../query/row-facts.ts';

/** Where the rows of the CSV file are as JSON, an object on each line. */
export function jsonPath(csvPath: string): string {
  return `${csvPath}.jsonl`;
}

/** Writes them by what is no contender: numbers and booleans as such, empty cells as null. */
export async function writeJsonLines(csvPath: string): Promise<void> {
  const isBare = new Map(benchSchema.fields.map(({ name, type }) => [name, isBareType(type)]));
  const rows = createReadStream(csvPath).pipe(parse({ columns: true }));
  async function* lines(): AsyncGenerator<string> {
    for await (const row of rows) {
      // As `columns` has it.
      const members = Object.entries(row as Record<string, string>).map(([name, cell]) => {
        const value = cell === '' ? 'null' : isBare.get(name) === true ? cell : JSON.stringify(cell);
        return `${JSON.stringify(name)}:${value}`;
      });
      yield `{${members.join(',')}}\n`;
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(jsonPath(csvPath)));
}

function isBareType(type: DataType): boolean {
  return DataType.isDecimal(type) || DataType.isInt(type) || DataType.isBool(type);
}

export interface JsonRow {
  readonly Id: string;
  readonly Description__c: string | null;
  /** Of few enough digits for a double to show them again. */
  readonly Amount__c: number | string | null;
  readonly Started_At__c: string | null;
}

/** What rows add up to as `JSON.parse` has them. */
export function jsonFacts(rows: Iterable<JsonRow>): Facts {
  const facts = new RowFacts();
  for (const { Id: id, Description__c: description, Amount__c: amount, Started_At__c: started } of rows) {
    facts.add({
      id,
      description,
      amount: amount === null ? null : String(amount),
      startedMs: started === null ? null : Date.parse(started.includes('T') ? started : `${started}Z`),
    });
  }
  return facts.facts();
}

export function* parsedLines(text: string): Generator<JsonRow> {
  // As `writeJsonLines` or a contender wrote it.
  for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as JsonRow;
}
