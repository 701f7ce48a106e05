import { fromBatches, type MappedBatch, type RowValue, rowReader, SluiceError } from '@sluice/core';
import { decimalType } from '@sluice/core/decimal';
import { columnBuilder } from '@sluice/core/mapping';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Field,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { CopyMeter } from '../../src/copy/copy-meter.ts';
import { lookUpRows } from '../../src/copy/lookup-rows.ts';
import { type ConversionSettings, DEFAULT_CONVERSION } from '../../src/copy/mapping/conversion-settings.ts';
import { copyMapping } from '../../src/copy/mapping/copy-mapping.ts';
import type { MappedColumn, MappingRequest } from '../../src/copy/mapping/mapping-request.ts';
import { QuickClock } from './quick-clock.ts';

interface ColumnOf {
  readonly name: string;
  readonly type: DataType;
  /** As Arrow keeps them. */
  readonly cells: readonly (boolean | number | bigint | string | Uint8Array | null)[];
}

function batchOf(columns: readonly ColumnOf[]): RecordBatch {
  const schema = new Schema(columns.map(({ name, type }) => new Field(name, type, true)));
  const rows = columns[0]?.cells.length ?? 0;
  const children = columns.map(({ type, cells }) => {
    const builder = columnBuilder(type)!(rows);
    cells.forEach((cell, row) => {
      if (cell !== null) builder.set(row, cell);
    });
    return builder.finish();
  });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children }));
}

function mapped(columns: readonly ColumnOf[], request: Partial<MappingRequest> = {}): MappedBatch {
  const batch = batchOf(columns);
  return copyMapping({
    config: null,
    mappings: undefined,
    additional: [],
    settings: DEFAULT_CONVERSION,
    asText: false,
    ...request,
  })
    .plan(batch.schema)
    .apply(batch);
}

function rowsOf({ batch }: MappedBatch): readonly unknown[] {
  return [...rowReader(batch.schema)(batch)];
}

/** One value as another type; `undefined` where its row is rejected. */
function converted(
  type: DataType,
  cell: ColumnOf['cells'][number],
  to: string,
  settings: Partial<ConversionSettings> = {},
  { format, from }: { readonly format?: string; readonly from?: MappedColumn } = {},
): RowValue | undefined {
  const result = mapped([{ name: 'c', type, cells: [cell] }], {
    settings: { ...DEFAULT_CONVERSION, ...settings },
    mappings: [{ source: { name: 'c', ...from }, sink: { name: 'c', type: to, format } }],
  });
  if (result.rejects !== undefined) return undefined;
  const [row] = rowsOf(result) as readonly { readonly c: RowValue }[];
  return row?.c;
}

const utf8 = new Utf8();
const decimal = decimalType(18, 2);
const instant = new TimestampMillisecond('UTC');
const AT = BigInt(Date.UTC(2026, 0, 31, 8, 5));

describe('a mapping', () => {
  it('MAP-01 MAP-02 takes all columns over under their names where nothing else is said, nulls and all', () => {
    const result = mapped([
      { name: 'Text', type: utf8, cells: ['a', null, 'ß'] },
      { name: 'text', type: new Int32(), cells: [1, 2, null] },
    ]);

    expect(rowsOf(result)).toEqual([
      { Text: 'a', text: 1 },
      { Text: null, text: 2 },
      { Text: 'ß', text: null },
    ]);
    expect(result.rows).toBeUndefined();
  });

  it('TYP-04 makes instants of dates, before 1970 and in slices, too', () => {
    const batch = batchOf([{ name: 'd', type: new DateDay(), cells: [0, null, -1, 20_484] }]);
    const mapping = copyMapping({
      config: null,
      mappings: undefined,
      additional: [],
      settings: DEFAULT_CONVERSION,
      asText: false,
    }).plan(batch.schema);

    expect(rowsOf(mapping.apply(batch.slice(1, 4)))).toEqual([
      { d: null },
      { d: '1969-12-31T00:00:00.000Z' },
      { d: '2026-01-31T00:00:00.000Z' },
    ]);
  });

  it('FT-02 rejects a row once for all its columns, and keeps the others in their order', () => {
    const columns: readonly ColumnOf[] = [
      { name: 'a', type: utf8, cells: ['1', 'x', '3', null, '5'] },
      { name: 'b', type: utf8, cells: ['1', 'y', 'z', '4', '5'] },
      { name: 'c', type: decimal, cells: [1n, 2n, 3n, 4n, 5n] },
    ];
    const names = ['a', 'b'];
    const result = mapped(columns, {
      mappings: [
        ...names.map((name) => ({ source: { name }, sink: { name, type: 'Int32' } })),
        { source: { name: 'c' }, sink: { name: 'c' } },
      ],
    });

    expect(rowsOf(result)).toEqual([
      { a: 1, b: 1, c: '0.01' },
      { a: null, b: 4, c: '0.04' },
      { a: 5, b: 5, c: '0.05' },
    ]);
    expect([...(result.rows ?? [])]).toEqual([0, 3, 4]);
    expect(result.rejects).toEqual([
      {
        row: 1,
        code: 'VALUE_INVALID',
        columns: ['a', 'b'],
        message: 'column "a": a value is no Int32; column "b": a value is no Int32',
      },
      { row: 2, code: 'VALUE_INVALID', columns: ['b'], message: 'column "b": a value is no Int32' },
    ]);
  });

  it('MAP-06 takes the type of the source first and that of the sink then', () => {
    const via = { from: { type: 'DateTime', format: 'dd.MM.yyyy HH:mm' } };

    expect(converted(utf8, '31.01.2026 08:05', 'String', { dateTimeFormat: 'yyyyMMdd' }, via)).toBe('20260131');
  });
});

describe('conversions', () => {
  const kinds: readonly (readonly [string, DataType, ColumnOf['cells'][number], string])[] = [
    ['Boolean', new Bool(), true, 'Boolean Decimal Double Int32 String'],
    ['Byte[]', new Binary(), Uint8Array.of(1), 'Byte[] String'],
    ['DateTime', instant, AT, 'DateTime String'],
    ['Decimal', decimal, 100n, 'Boolean Decimal Double Int32 String'],
    ['Double', new Float64(), 1, 'Boolean Decimal Double Int32 String'],
    ['Int64', new Int64(), 1n, 'Boolean Decimal Double Int32 String'],
    ['TimeSpan', new TimeMillisecond(), 1000, 'String TimeSpan'],
  ];
  const targets = ['Boolean', 'Byte[]', 'DateTime', 'Decimal', 'Double', 'Guid', 'Int32', 'String', 'TimeSpan'];

  it.each(kinds)(
    'CNV-01 permits from %s what the table does, and refuses the rest before any row',
    (_, type, cell, to) => {
      const outcomes = targets.map((target): unknown => {
        try {
          return converted(type, cell, target) === undefined ? 'rejected' : 'converted';
        } catch (error) {
          return SluiceError.is(error) ? error.code : error;
        }
      });

      expect(outcomes).toEqual(
        targets.map((target) => (to.split(' ').includes(target) ? 'converted' : 'CONFIG_INVALID')),
      );
    },
  );

  it('CNV-01 writes texts without regard to the language of the machine', () => {
    expect(converted(new Bool(), true, 'String')).toBe('True');
    expect(converted(decimal, -5n, 'String')).toBe('-0.05');
    expect(converted(new Int64(), 9_007_199_254_740_993n, 'String')).toBe('9007199254740993');
    expect(converted(instant, AT, 'String')).toBe('2026-01-31T08:05:00.0000000');
    expect(converted(new TimeMillisecond(), 29_100_500, 'String')).toBe('08:05:00.5000000');
    expect(converted(new Binary(), Uint8Array.of(1, 255), 'String')).toBe('0x01FF');
  });

  it('CNV-03 cuts digits off where that is allowed, and rejects the row where it is not', () => {
    const exact = { allowDataTruncation: false };

    expect(converted(decimal, -199n, 'Int32')).toBe(-1);
    expect(converted(decimal, -199n, 'Int32', exact)).toBeUndefined();
    expect(converted(decimal, -200n, 'Int32', exact)).toBe(-2);
    expect(converted(new Float64(), 2.9, 'Int32')).toBe(2);
    expect(converted(new Float64(), 2.9, 'Int32', exact)).toBeUndefined();
    expect(converted(new Float64(), Infinity, 'Int32')).toBeUndefined();
  });

  it('CNV-04 writes booleans as numbers where it is told to', () => {
    expect(converted(new Bool(), true, 'String', { treatBooleanAsNumber: true })).toBe('1');
    expect(converted(new Bool(), false, 'Decimal')).toBe('0.000000000000000000');
  });

  it('CNV-02 CNV-05 uses formats of dates and spans where conversion is on', () => {
    expect(converted(instant, AT, 'String', { dateTimeFormat: 'yyyy-MM-dd HH:mm' })).toBe('2026-01-31 08:05');
    expect(converted(instant, AT, 'String', { dateTimeFormat: 'yyyy' }, { format: 'd MMM yyyy' })).toBe('31 Jan 2026');
    expect(converted(new TimeMillisecond(), 29_100_000, 'String', { timeSpanFormat: String.raw`hh\:mm` })).toBe(
      '08:05',
    );
    expect(converted(utf8, '31/01/2026 8:05 PM', 'DateTime', {}, { format: 'dd/MM/yyyy h:mm tt' })).toBe(
      '2026-01-31T20:05:00.000000Z',
    );
    expect(converted(utf8, '2026-01-31', 'DateTime', {}, { format: 'dd/MM/yyyy' })).toBeUndefined();
  });
});

describe('a lookup', () => {
  it('LK-06 refuses columns of bytes', async () => {
    const batch = batchOf([{ name: 'raw', type: new Binary(), cells: [Uint8Array.of(1)] }]);
    const source = fromBatches(batch.schema, [batch]);

    const failure: unknown = await lookUpRows(
      { source, maxConnections: undefined, async [Symbol.asyncDispose]() {} },
      { source: { type: 'x' }, firstRowOnly: true, treatDecimalAsString: false },
      { meter: new CopyMeter(new QuickClock()), note: () => {}, run: {} },
    ).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining('"raw"') as string });
  });
});
