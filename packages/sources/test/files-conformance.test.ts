import type { Format, Store } from '@sluice/core';
import { arrowFile, arrowIpc } from '@sluice/formats/arrow';
import { compressed } from '@sluice/formats/compressed';
import { csv } from '@sluice/formats/csv';
import { json } from '@sluice/formats/json';
import { parquet } from '@sluice/formats/parquet';
import { fieldsOf, FLAT_TYPES, type SourceHarness, type TestColumn, type TestTable } from '@sluice/testkit';
import { describeSource } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { inject } from 'vitest';

import { files, type FilesOptions } from '../src/index.ts';
import { tempFolder } from './temp-folder.ts';

const seed = inject('seed');
const long = inject('long');
const identity = new Field('row_id', new Utf8(), true);

interface Case {
  readonly name: string;
  readonly format: Format;
  readonly columns: readonly TestColumn[];
  /** The table as a file. Default: as the format writes it. */
  readonly encode?: (table: Pick<TestTable, 'schema' | 'rows' | 'batch'>, from: number, to: number) => Uint8Array;
  readonly fileCount: number;
  readonly options?: Partial<FilesOptions>;
  readonly anySchema?: true;
  /** Whether the types of columns have to be declared. */
  readonly declares?: true;
}

function encoded(
  format: Format,
  { schema, batch }: Pick<TestTable, 'schema' | 'batch'>,
  from: number,
  to: number,
): Buffer {
  const encoding = format.encode(schema);
  const pieces = [encoding.prologue()];
  const segments = [];
  let byteOffset = pieces[0]!.length;
  // Two segments where there are rows for them, as a file of several parts has.
  const middle = Math.ceil((from + to) / 2);
  for (const [start, end] of [
    [from, middle],
    [middle, to],
  ] as const) {
    if (start === end) continue;
    const segment = encoding.segment(segments.at(-1)?.summary);
    const rows = [...segment.write(batch(start, end))];
    const { bytes, summary } = segment.end();
    rows.push(...bytes);
    segments.push({ byteOffset, summary });
    byteOffset += rows.reduce((sum, { length }) => sum + length, 0);
    pieces.push(...rows);
  }
  return Buffer.concat([...pieces, encoding.epilogue(segments)]);
}

function harnessOf({ name, format, columns, encode, fileCount, options, anySchema, declares }: Case): SourceHarness {
  return {
    kind: 'source',
    name: `files, ${name}`,
    columns,
    identity: identity.name,
    ...(anySchema === undefined ? {} : { anySchema }),
    badOptions: [
      {
        what: 'a split of no bytes',
        mentions: 'splitBytes',
        make: () => files({ store: undefined as unknown as Store, path: 'in/', format, splitBytes: 0 }),
      },
      {
        what: 'a pattern for a single file',
        mentions: 'match',
        make: () => files({ store: undefined as unknown as Store, path: 'in.csv', match: '*', format }),
      },
    ],
    async fixture(table) {
      const folder = await tempFolder();
      const { rows, schema } = table;
      const some = Math.ceil(rows.length / fileCount);
      for (let file = 0; file < fileCount; file++) {
        const [from, to] = [Math.min(file * some, rows.length), Math.min((file + 1) * some, rows.length)];
        await folder.write(`in/part-${file}`, (encode ?? ((...args) => encoded(format, ...args)))(table, from, to));
      }
      const declared = declares === undefined ? {} : { schema };
      return {
        source: () => files({ store: folder.store, path: 'in/', format, ...declared, ...options }),
        [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
      };
    },
  };
}

const TEXTS: readonly TestColumn[] = [{ field: identity }, { field: new Field('text', new Utf8(), true) }];

const FLOATS = [0, -0, 1.5, 0.1, Number.MAX_VALUE, Number.MIN_VALUE, 1e21, 123_456_789.123_456_79, null];
const NOT_IN_JSON = new Set(['float32', 'binary', 'large_binary', 'fixed_binary', 'large_text', 'dictionary_text']);
const JSON_COLUMNS = [identity, ...fieldsOf(FLAT_TYPES)]
  .filter(({ name }) => !NOT_IN_JSON.has(name))
  .map((field) => (field.name === 'float64' ? { field, values: FLOATS } : { field }));

const { dictionary_text: _encoding, ...ARROW_TYPES } = FLAT_TYPES;
const ARROW_COLUMNS = [identity, ...fieldsOf(ARROW_TYPES)].map((field) => ({ field }));

/** Seconds and milliseconds come back as microseconds. */
const PARQUET_COLUMNS = ARROW_COLUMNS.filter(({ field }) => !/_(?:second|millisecond|local)$/.test(field.name));

const CASES: readonly Case[] = [
  { name: 'CSV', format: csv(), columns: TEXTS, fileCount: 3 },
  {
    name: 'CSV in ranges',
    format: csv({ lineEndsOnlyEndRows: true }),
    columns: [{ field: identity }, { field: new Field('text', new Utf8(), true), values: ['a,b', '"', '', 'ß', null] }],
    fileCount: 2,
    options: { splitBytes: 700 },
  },
  {
    name: 'CSV of another dialect, compressed',
    format: compressed(csv({ delimiter: '||', escape: '\\', nullText: 'NULL' })),
    columns: TEXTS,
    fileCount: 2,
    options: { pathColumn: 'file' },
  },
  {
    name: 'JSON in ranges',
    format: json({ rowPerLine: true }),
    columns: JSON_COLUMNS,
    fileCount: 1,
    options: { splitBytes: 5000 },
    declares: true,
    anySchema: true,
  },
  {
    name: 'Arrow files',
    format: arrowFile({ messageRows: 20 }),
    columns: ARROW_COLUMNS,
    fileCount: 2,
    options: { splitBytes: 1, pathColumn: 'file' },
    anySchema: true,
  },
  {
    name: 'Arrow streams',
    format: arrowIpc({ messageRows: 25 }),
    columns: ARROW_COLUMNS,
    fileCount: 2,
    anySchema: true,
  },
  {
    name: 'Parquet',
    format: parquet({ rowGroupRows: 20 }),
    columns: PARQUET_COLUMNS,
    fileCount: 2,
    options: { splitBytes: 1 },
    anySchema: true,
  },
];

for (const one of CASES) {
  describeSource(harnessOf(one), {
    seed,
    long,
    record: `conformance/files-${one.name.toLowerCase().replaceAll(/[ ,]+/g, '-')}.json`,
  });
}
