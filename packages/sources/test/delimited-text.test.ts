import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { explain, read, type Row, SluiceError } from '@sluice/core';
import { localStore } from '@sluice/stores/local';
import { type SourceHarness, type TestTable, valuesOf } from '@sluice/testkit';
import { describeSource } from '@sluice/testkit/vitest';
import { Field, Utf8 } from 'apache-arrow';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { PlainText } from '../src/delimited-text/plain-text.ts';
import { fullDialect, type TextDialect } from '../src/delimited-text/text-dialect.ts';
import { delimitedText, type DelimitedTextOptions } from '../src/index.ts';

const seed = inject('seed');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-text-'));
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

async function write(path: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
}

async function rowsIn(
  path: string,
  options: Omit<DelimitedTextOptions, 'store' | 'path'> = {},
): Promise<readonly Row[]> {
  return await Array.fromAsync(read(delimitedText({ store: localStore(root), path, ...options })).rows());
}

async function failureOf(path: string, options: Omit<DelimitedTextOptions, 'store' | 'path'> = {}): Promise<unknown> {
  return await rowsIn(path, options).catch((error: unknown) => error);
}

describe('delimitedText', () => {
  it('reads columns of text by the names in the header, empty cells as null', async () => {
    await write('marks.csv', 'Name,Mark\r\nAccount,2026-01-31\r\n"Größe, 1",\r\n');

    expect(await rowsIn('marks.csv')).toEqual([
      { Name: 'Account', Mark: '2026-01-31' },
      { Name: 'Größe, 1', Mark: null },
    ]);
  });

  it('calls the columns Prop_0 and so on where there is no header, and skips lines ahead', async () => {
    await write('bare.csv', '\uFEFFmade by hand\n\nthe 3rd\na,b\nc,d\n');

    expect(await rowsIn('bare.csv', { header: false, skipLines: 2 })).toEqual([
      { Prop_0: 'a', Prop_1: 'b' },
      { Prop_0: 'c', Prop_1: 'd' },
    ]);
  });

  it.each<[TextDialect, string | Uint8Array, string]>([
    [{ delimiter: '||', lineEnd: ';' }, 'a||b;1||"x||y";', 'x||y'],
    [{ escape: '\\' }, 'a,b\n1,"x\\"y\\\\"\n\n', 'x"y\\'],
    [{ quote: '', escape: '\\', delimiter: ',' }, 'a,b\r1,x\\,y\r', 'x,y'],
    [{ encoding: 'windows-1252', quote: "'" }, Buffer.from("a,b\n1,'Gr\xF6\xDFe'\n", 'latin1'), 'Größe'],
    [{ escape: '\\' }, Buffer.from('\uFEFFa,b\n1,ß\n', 'utf16le'), 'ß'],
  ])('reads the dialect %j', async (dialect, content, b) => {
    await write('dialect.txt', content);

    expect(await rowsIn('dialect.txt', { dialect })).toEqual([{ a: '1', b }]);
  });

  it('reads all files of a folder in order of their paths, or those that match', async () => {
    for (const name of ['in/b.csv', 'in/a.csv', 'in/more/c.csv', 'in/d.txt']) await write(name, `n\n${name}\n`);

    const namesOf = (rows: readonly Row[]) => rows.map((row) => row['n']);
    expect(namesOf(await rowsIn('in/'))).toEqual(['in/a.csv', 'in/b.csv', 'in/d.txt', 'in/more/c.csv']);
    expect(namesOf(await rowsIn('in/', { names: '?.csv', recursive: false }))).toEqual(['in/a.csv', 'in/b.csv']);
  });

  it('refuses what is not there, a file without a row, blank names and other columns', async () => {
    await write('other/a.csv', 'x,y\n1,2\n');
    await write('other/b.csv', 'x,z\n1,2\n');
    await write('empty.csv', '');
    await write('blank.csv', 'x,\n1,2\n');
    await write('wide.csv', 'x,y\n1,2\n1,2,3\n');

    expect(await failureOf('none.csv')).toMatchObject({ code: 'OBJECT_UNKNOWN' });
    expect(await failureOf('nowhere/')).toMatchObject({ code: 'OBJECT_UNKNOWN' });
    expect(await failureOf('other/')).toMatchObject({ code: 'SCHEMA_CHANGED' });
    expect(await failureOf('empty.csv')).toMatchObject({ code: 'ROW_MALFORMED' });
    expect(await failureOf('blank.csv')).toMatchObject({
      code: 'ROW_MALFORMED',
      details: { factoryCode: 'DelimitedTextColumnNameNotAllowNull' },
    });
    expect(await failureOf('wide.csv')).toMatchObject({
      code: 'ROW_MALFORMED',
      message: expect.stringMatching(/^wide\.csv: row 1/) as string,
    });
  });

  it('refuses a file that changed after it was planned', async () => {
    await write('moving.csv', 'n\n1\n');
    const source = delimitedText({ store: localStore(root), path: 'moving.csv' });
    const changing = {
      ...source,
      async *splits(...args: Parameters<typeof source.splits>) {
        await write('moving.csv', 'n\n1\n2\n');
        yield* source.splits(...args);
      },
    };

    const failure: unknown = await Array.fromAsync(read(changing)).catch((error: unknown) => error);

    expect(SluiceError.is(failure) && failure.code).toBe('SOURCE_CHANGED');
  });

  it('plans by the header alone', async () => {
    await write('plan.csv', 'a,b\n');

    const plan = await explain(delimitedText({ store: localStore(root), path: 'plan.csv' }));

    expect(plan.schema.fields.map(({ name, type, nullable }) => [name, String(type as Utf8), nullable])).toEqual([
      ['a', 'Utf8', true],
      ['b', 'Utf8', true],
    ]);
    expect(plan.estimate).toEqual({ bytes: 4 });
  });
});

describe('PlainText', () => {
  it('turns any text into what csv-parse reads from it, wherever chunks are cut', () => {
    const characters = fc.constantFrom('a', 'ß', ',', '"', '\\', '\n', '\r\n', '|', ' ');
    const cells = fc.array(fc.array(fc.string({ unit: characters, maxLength: 6 }), { minLength: 2, maxLength: 2 }), {
      minLength: 1,
      maxLength: 6,
    });
    const dialect = fullDialect({ escape: '\\', lineEnd: '|\n', delimiter: ';;' });

    fc.assert(
      fc.property(cells, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (rows, cuts) => {
        const quoted = (cell: string): string => `"${cell.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
        const text = rows.map((row) => row.map(quoted).join(';;')).join('|\n');
        const plain = new PlainText(dialect);
        let out = '';
        for (let at = 0, cut = 0; at < text.length; cut++) {
          const length = cuts[cut % cuts.length]!;
          out += plain.write(text.slice(at, at + length));
          at += length;
        }
        out += plain.end();

        expect(parse(out, { record_delimiter: '\n' })).toEqual(rows);
      }),
      { seed, numRuns: 300 },
    );
  });
});

const identity = 'row_id';
const texts = valuesOf(new Utf8()).filter((value) => value !== '' && typeof value === 'string');

function csvText({ schema, rows }: Pick<TestTable, 'schema' | 'rows'>): string {
  const names = schema.fields.map(({ name }) => name);
  const quoted = (value: unknown): string => {
    const text = typeof value === 'number' ? value.toString() : value;
    return typeof text === 'string' ? `"${text.replaceAll('"', '""')}"` : '';
  };
  return [names.map(quoted), ...rows.map((row) => names.map((name) => quoted(row[name])))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
}

const harness: SourceHarness = {
  kind: 'source',
  name: 'delimited text',
  columns: [
    { field: new Field(identity, new Utf8(), true) },
    { field: new Field('text', new Utf8(), true), values: [...texts, null] },
  ],
  identity,
  anySchema: true,
  badOptions: [
    {
      what: 'an empty delimiter',
      mentions: 'delimiter',
      make: () => delimitedText({ store: localStore('in'), path: 'a.csv', dialect: { delimiter: '' } }),
    },
  ],
  async fixture({ schema, rows }) {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-text-kit-'));
    const third = Math.ceil(rows.length / 3);
    for (let part = 0; part < 3; part++) {
      const some = rows.slice(part * third, (part + 1) * third);
      await writeFile(join(folder, `part-${part}.csv`), csvText({ schema, rows: some }));
    }
    return {
      source: () => delimitedText({ store: localStore(folder), path: '' }),
      async [Symbol.asyncDispose]() {
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

describeSource(harness, { seed });
