import {
  Bool,
  type DataType,
  Dictionary,
  Field,
  FixedSizeBinary,
  Float64,
  Int32,
  Int64,
  List,
  RecordBatch,
  Schema,
  Struct,
  makeData,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import type { MappedBatch } from '../../src/contract/mapping.ts';
import { decimalType } from '../../src/decimal/decimal.ts';
import { collect } from '../../src/engine/collect.ts';
import { copy } from '../../src/engine/copy.ts';
import { fromBatches } from '../../src/engine/from-batches.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { fingerprint } from '../../src/fingerprint/fingerprint.ts';
import { computed, constant, take } from '../../src/mapping/column-spec.ts';
import { mapping, type MappingOptions } from '../../src/mapping/plan-mapping.ts';
import { type Row, rowReader } from '../../src/rows/row-reader.ts';
import { columnOf, type Value } from './typed-columns.ts';

const utf8 = new Utf8();
const money = decimalType(18, 2);

interface Column {
  readonly name: string;
  readonly type: DataType;
  readonly values: readonly Value[];
  readonly metadata?: ReadonlyMap<string, string>;
}

function batchOf(columns: readonly Column[]): RecordBatch {
  const fields = columns.map(({ name, type, metadata }) => new Field(name, type, true, new Map(metadata)));
  const schema = new Schema(fields, new Map([['source', 'test']]));
  const children = columns.map(({ type, values }) => columnOf(type, values).data.children[0]!);
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(fields), length: columns[0]!.values.length, nullCount: 0, children }),
  );
}

const PEOPLE = batchOf([
  { name: 'Id', type: utf8, values: ['1', '2', 'x', null], metadata: new Map([['salesforce.type', 'id']]) },
  { name: 'Name', type: utf8, values: ['Ada', null, 'Grace', 'Edsger'] },
  { name: 'Paid', type: money, values: [1005n, 2n, null, -150n] },
]);

function map(batch: RecordBatch, options: MappingOptions): MappedBatch & { readonly read: readonly Row[] } {
  const mapped = mapping(options).plan(batch.schema).apply(batch);
  return { ...mapped, read: [...rowReader(mapped.batch.schema)(mapped.batch)] };
}

function problemOf(options: MappingOptions, { schema }: RecordBatch = PEOPLE): unknown {
  try {
    return mapping(options).plan(schema);
  } catch (error) {
    return error;
  }
}

describe('a mapping', () => {
  it('selects and renames columns in the order asked for, sharing their data, facts and all', () => {
    const { batch, read, rows } = map(PEOPLE, { columns: ['Paid', take('Id', { as: 'Key' })] });

    expect(batch.schema.fields.map(({ name }) => name)).toEqual(['Paid', 'Key']);
    expect(read[0]).toEqual({ Paid: '10.05', Key: '1' });
    expect(batch.data.children[0]).toBe(PEOPLE.data.children[2]);
    expect(batch.data.children[1]).toBe(PEOPLE.data.children[0]);
    expect(batch.schema.fields[1]!.metadata.get('salesforce.type')).toBe('id');
    expect(batch.schema.metadata.get('source')).toBe('test');
    expect(rows).toBeUndefined();
  });

  it('keeps the other columns behind on request, under their names', () => {
    const { batch } = map(PEOPLE, {
      columns: [take('Name', { as: 'Who' }), take('Name', { as: 'Again' })],
      others: 'keep',
    });

    expect(batch.schema.fields.map(({ name }) => name)).toEqual(['Who', 'Again', 'Id', 'Paid']);
  });

  it('rejects a row once for all of its columns, naming what the source calls them, and never a value', () => {
    const { read, rows, rejects } = map(PEOPLE, {
      columns: [take('Id', { as: 'Number', type: new Int32() }), take('Paid', { type: new Int32() }), 'Name'],
    });

    expect(read).toEqual([]);
    expect(rows).toHaveLength(0);
    expect(rejects).toEqual([
      {
        row: 0,
        code: 'VALUE_INVALID',
        message: 'column "Paid": expected a whole number from -2147483648 to 2147483647',
        columns: ['Paid'],
      },
      expect.objectContaining({ row: 1, columns: ['Paid'] }),
      {
        row: 2,
        code: 'VALUE_INVALID',
        message: 'column "Number" from "Id": expected a whole number from -2147483648 to 2147483647',
        columns: ['Id'],
      },
      expect.objectContaining({ row: 3 }),
    ]);
  });

  it('keeps the rows that can be mapped, in their order and with their numbers', () => {
    const { read, rows, rejects } = map(PEOPLE.slice(1, 4), { columns: [take('Id', { type: new Int64() }), 'Name'] });

    expect(read).toEqual([
      { Id: 2n, Name: null },
      { Id: null, Name: 'Edsger' },
    ]);
    expect([...rows!]).toEqual([0, 2]);
    expect(rejects).toHaveLength(1);
  });

  it('adds constants of any type that has values', () => {
    const { read } = map(PEOPLE.slice(0, 2), {
      columns: [
        constant('source', utf8, 'crm'),
        constant('rate', decimalType(5, 3), -1500n),
        constant('loaded', new TimestampMillisecond('UTC'), 0n),
        constant('nothing', new Bool(), null),
      ],
    });

    expect(read).toEqual(
      Array.from({ length: 2 }, () => ({
        source: 'crm',
        rate: '-1.500',
        loaded: '1970-01-01T00:00:00.000Z',
        nothing: null,
      })),
    );
  });

  it('computes columns from others, each read as the type asked for', () => {
    const gross = computed('Gross', {
      type: money,
      from: { paid: take('Paid', { type: money }), id: take('Id', { type: new Int32() }) },
      function: 'gross/1',
      value: ({ paid, id }, row) => {
        const [net, number] = [paid.at(row), id.at(row)];
        return net === null || number === null ? null : net * BigInt(number);
      },
    });

    const { read, rejects } = map(PEOPLE, { columns: [gross] });

    expect(read).toEqual([{ Gross: '10.05' }, { Gross: '0.04' }, { Gross: null }]);
    expect(rejects).toEqual([
      {
        row: 2,
        code: 'VALUE_INVALID',
        message: 'column "Gross" from "Paid", "Id": expected a whole number from -2147483648 to 2147483647',
        columns: ['Paid', 'Id'],
      },
    ]);
  });

  it('rejects a row whose computed value has no room, or whose function says so, and fails for other errors', () => {
    const of = (value: (id: string | null) => number | null): MappingOptions => ({
      columns: [
        computed('n', {
          type: new Int32(),
          from: { id: take('Id', { type: utf8 }) },
          function: 'n/1',
          value: ({ id }, row) => value(id.at(row)),
        }),
      ],
    });
    const refuse = (id: string | null): number => {
      if (id === 'x') throw new SluiceError('VALUE_INVALID', 'not a number we know');
      return 1.5;
    };

    expect(map(PEOPLE, of(refuse)).rejects?.map(({ message }) => message)).toEqual([
      'column "n" from "Id": expected a value that Int32 can hold',
      'column "n" from "Id": expected a value that Int32 can hold',
      'column "n" from "Id": not a number we know',
      'column "n" from "Id": expected a value that Int32 can hold',
    ]);
    expect(() =>
      map(
        PEOPLE,
        of((id) => id!.length),
      ),
    ).toThrow(TypeError);
    // A program without types can do this.
    expect(() =>
      map(
        PEOPLE,
        of(() => '1' as unknown as number),
      ),
    ).toThrow(/its function gave a string, which is no value of Int32/);
  });

  it('looks dictionaries up for functions', () => {
    const words = batchOf([{ name: 'w', type: new Dictionary(utf8, new Int32()), values: ['a', null, 'bb'] }]);
    const length = computed('length', {
      type: new Int32(),
      from: { w: take('w', { type: utf8 }) },
      function: 'length/1',
      value: ({ w }, row) => w.at(row)?.length ?? null,
    });

    expect(map(words, { columns: [length] }).read).toEqual([{ length: 1 }, { length: null }, { length: 2 }]);
  });
});

describe('a copy with a mapping', () => {
  it('counts the rows it rejects, says which, and hands them on as the source gave them', async () => {
    const [sink, rejected] = [collect(), collect()];
    const receipt = await copy({
      from: fromBatches(PEOPLE.schema, [PEOPLE, PEOPLE.slice(2, 4)]),
      map: mapping({ columns: [take('Id', { as: 'Number', type: new Int32() }), 'Name'] }),
      to: sink,
      rejected,
      maxRejects: 2,
    });

    expect(receipt).toMatchObject({ readRows: 6, writtenRows: 4, rejectedRows: 2 });
    expect(receipt.rejects).toMatchObject([
      { stage: 'map', code: 'VALUE_INVALID', columns: ['Id'], rows: 2, firstRow: 2 },
    ]);
    expect(sink.table().numRows).toBe(4);
    const letters = rejected.table();
    expect(letters.batches.flatMap((batch) => [...rowReader(letters.schema)(batch)])).toMatchObject([
      { Id: 'x', Name: 'Grace', _row: 2n },
      { Id: 'x', Name: 'Grace', _row: 4n },
    ]);
  });

  it('is refused before a row is read when it does not suit the source', async () => {
    const run = copy({ from: fromBatches(PEOPLE.schema, [PEOPLE]), map: mapping({ columns: ['id'] }), to: collect() });

    await expect(run).rejects.toMatchObject({
      code: 'FIELD_UNKNOWN',
      message: 'the mapping: the source has no column "id" (did you mean "Id"?)',
    });
  });
});

describe('planning a mapping', () => {
  it('names everything that is wrong at once, and what was probably meant', () => {
    const list = new List(new Field('item', utf8, true));
    const error = problemOf({
      columns: [
        'Nmae',
        take('Paid', { type: new TimestampMillisecond() }),
        take('Id', { as: 'Name', type: list }),
        'Id',
        take('Id'),
        constant('k', decimalType(2, 0), 100n),
        computed('c', { type: list, from: { a: take('Idd') }, function: '', value: () => null }),
      ],
    });

    expect(error).toMatchObject({ code: 'FIELD_UNKNOWN', hint: expect.stringContaining('Leave its type out') });
    expect((error as SluiceError).message).toBe(
      'the mapping: 8 problems: the source has no column "Nmae" (did you mean "Name"?); ' +
        'column "Paid" is Decimal128(18, 2), which never becomes Timestamp<MILLISECOND>; ' +
        'column "Id" is Utf8, which never becomes List; ' +
        'column "k": its value is no Decimal128(2, 0); ' +
        'column "c" cannot be made as List; column "c": its function has no name; ' +
        'the source has no column "Idd" (did you mean "Id"?); several columns would be called "Id"',
    );
  });

  it.each<[string, MappingOptions, string]>([
    ['no columns', { columns: [] }, 'CONFIG_INVALID'],
    ['an unknown column', { columns: ['Nothing'] }, 'FIELD_UNKNOWN'],
    ['a decimal that is none', { columns: [take('Paid', { type: new FixedSizeBinary(3) })] }, 'TYPE_UNSUPPORTED'],
    ['a clash with a column kept', { columns: [take('Id', { as: 'Name' })], others: 'keep' }, 'CONFIG_INVALID'],
    [
      'a constant of another JavaScript type',
      { columns: [constant('a', utf8, 1 as unknown as string)] },
      'CONFIG_INVALID',
    ],
  ])('refuses %s', (_, options, code) => {
    expect(problemOf(options)).toMatchObject({ code });
  });

  it('refuses to choose between columns of one name', () => {
    const twins = batchOf([
      { name: 'a', type: utf8, values: ['1'] },
      { name: 'a', type: utf8, values: ['2'] },
    ]);

    expect(problemOf({ columns: ['a'] }, twins)).toMatchObject({ message: expect.stringContaining('several columns') });
  });
});

describe('the configuration of a mapping', () => {
  const rate = (version: number) =>
    computed('r', { type: new Float64(), from: {}, function: `rate/${version}`, value: () => version });
  const options: readonly MappingOptions[] = [
    { columns: ['Id'] },
    { columns: ['Id'], others: 'keep' },
    { columns: [take('Id', { as: 'id' })] },
    { columns: [take('Id', { type: new Int32() })] },
    { columns: [take('Id', { type: new Dictionary(utf8, new Int32()) })] },
    { columns: [take('Id', { type: new Dictionary(new Int32(), new Int32()) })] },
    { columns: [take('Id', { type: money, excessDigits: 'round' })] },
    { columns: [take('Id', { type: money })] },
    { columns: [constant('a', utf8, 'b')] },
    { columns: [constant('a', new Int64(), 1n)] },
    { columns: [constant('a', new FixedSizeBinary(1), Uint8Array.of(1))] },
    { columns: [rate(1)] },
    { columns: [rate(2)] },
  ];

  it('is another for each mapping that does something else, and the same for the same', () => {
    const prints = options.map((one) => fingerprint(mapping(one).config));

    expect(new Set(prints).size).toBe(options.length);
    expect(fingerprint(mapping({ columns: [take('Id', { type: new Dictionary(utf8, new Int32()) })] }).config)).toBe(
      prints[4],
    );
  });
});
