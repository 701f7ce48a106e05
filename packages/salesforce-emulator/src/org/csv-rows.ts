import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'csv-parse/sync';

import type { CsvColumn, CsvRows } from './org-definition.ts';
import type { CellInput, ObjectDefinition } from './org.ts';
import type { RecordStore } from './record-store.ts';

/** Inserts the rows of a CSV file, an empty cell as null. The file is held in memory while it is loaded. */
export function loadCsvRows(store: RecordStore, object: ObjectDefinition, source: CsvRows, dataFolder: string): void {
  const [header = [], ...rows] = readCsv(join(dataFolder, source.csv));
  const columns = header.map((name) => columnReader(store, object, source, name));
  const missing = Object.keys(source.columns).find((name) => !header.includes(name));
  if (missing !== undefined)
    throw new Error(`${source.csv}: there is no column ${missing}, mapped for ${object.name}.`);
  const values = Object.entries(source.values ?? {});
  const fields = [...columns.map(({ field }) => field), ...values.map(([field]) => field)];
  store.insertCells(object, fields, cellsOf(rows, columns, values));
}

interface ColumnReader {
  readonly field: string;
  readonly read: (cell: string, line: number) => CellInput;
}

function* cellsOf(
  rows: readonly (readonly string[])[],
  columns: readonly ColumnReader[],
  values: readonly (readonly [string, NonNullable<CsvRows['values']>[string]])[],
): Iterable<CellInput[]> {
  for (const [index, row] of rows.entries()) {
    const cells = columns.map(({ read }, place) => {
      const cell = row[place] ?? '';
      return cell === '' ? null : read(cell, index + 2);
    });
    for (const [, value] of values) {
      cells.push(typeof value === 'object' && value !== null ? value.cycle[index % value.cycle.length] : value);
    }
    yield cells;
  }
}

function columnReader(store: RecordStore, object: ObjectDefinition, source: CsvRows, name: string): ColumnReader {
  const column = source.columns[name];
  if (column === undefined) throw new Error(`${source.csv}: map the column ${name} to a field of ${object.name}.`);
  if (typeof column === 'string') return { field: column, read: (cell) => cell };
  if (column.lookup !== undefined) return lookupReader(store, object, source, { ...column, lookup: column.lookup });
  if (column.convert === undefined) return { field: column.field, read: (cell) => cell };
  return { field: column.field, read: (cell, line) => zeroOne(cell, `${source.csv} line ${line}, column ${name}`) };
}

function lookupReader(
  store: RecordStore,
  object: ObjectDefinition,
  source: CsvRows,
  column: Exclude<CsvColumn, string> & { readonly lookup: string },
): ColumnReader {
  const parentName = object.fields.find((field) => field.name === column.field)?.referenceTo[0];
  const parent = parentName === undefined ? undefined : store.object(parentName);
  if (parent === undefined || parent === object) {
    throw new Error(`${source.csv}: ${object.name}.${column.field} is not a lookup to another object.`);
  }
  if (!parent.fields.some((field) => field.name === column.lookup)) {
    throw new Error(`${source.csv}: ${parent.name} has no field ${column.lookup} to look up ${column.field} by.`);
  }
  const ids = store.idsByKey(parent, column.lookup);
  return {
    field: column.field,
    read: (cell, line) => {
      const id = ids.get(cell);
      if (id === undefined) throw new Error(`${source.csv} line ${line}: no ${parent.name} for ${column.field}.`);
      return id;
    },
  };
}

function zeroOne(cell: string, where: string): boolean {
  if (cell === '1') return true;
  if (cell === '0') return false;
  throw new Error(`${where}: expected 0 or 1.`);
}

function readCsv(path: string): readonly (readonly string[])[] {
  const text = readFileSync(path, 'utf8');
  return parse(text, { bom: true, record_delimiter: ['\r\n', '\n'] });
}
