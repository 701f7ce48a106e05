import {
  Binary,
  type Data,
  DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  Field,
  makeData,
  Precision,
  RecordBatch,
  Schema,
  Struct,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Type,
  Utf8,
} from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { type RowValue, rowReader } from '../src/rows/row-reader.ts';
import { batchOf, noiseOf } from './arrow-layout.ts';
import { type Cell, cellOf, columnType, FLAT_TYPES } from './arrow-model.ts';
import { failureOf } from './thrown.ts';

/** Values of one column, given as what its buffer holds. */
function valuesOf(type: DataType, buffers: object): readonly (RowValue | undefined)[] {
  // The overloads ask for the very type.
  const column: Data = makeData({ type, ...buffers } as never);
  const schema = new Schema([new Field('c', type, true)]);
  const whole = makeData({ type: new Struct(schema.fields), length: column.length, children: [column] });
  return [...rowReader(schema)(new RecordBatch(schema, whole))].map((row) => row['c']);
}

function fixed(type: DataType, data: ArrayLike<number> | ArrayLike<bigint>, length = data.length) {
  return valuesOf(type, { length, data });
}

/** The words of a two's complement number, the lowest first. */
function words(value: bigint, bits: number): readonly number[] {
  return Array.from({ length: bits / 32 }, (_, i) => Number(BigInt.asUintN(32, value >> BigInt(32 * i))));
}

describe('a decimal as text', () => {
  it.each([
    [0n, 0, '0'],
    [0n, 2, '0.00'],
    [-1n, 2, '-0.01'],
    [-100n, 2, '-1.00'],
    [12345n, 0, '12345'],
    [12345n, 7, '0.0012345'],
    [-12345n, -2, '-1234500'],
    [10n ** 38n - 1n, 38, `0.${'9'.repeat(38)}`],
    [-(10n ** 38n) + 1n, 10, `-${'9'.repeat(28)}.${'9'.repeat(10)}`],
  ])('%i at scale %i is %s', (unscaled, scale, text) => {
    const values = fixed(new Decimal(scale, 38, 128), Uint32Array.from(words(unscaled, 128)), 1);

    expect(values).toEqual([text]);
  });

  it('has exactly the digits of any value of 128 or 256 bits', () => {
    const value = fc.constantFrom(128, 256).chain((bits) =>
      fc.record({
        bits: fc.constant(bits),
        unscaled: fc.bigInt(-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n),
        scale: fc.nat(20),
      }),
    );
    fc.assert(
      fc.property(value, ({ bits, unscaled, scale }) => {
        const [text] = fixed(new Decimal(scale, 38, bits), Uint32Array.from(words(unscaled, bits)), 1);
        const [, sign, whole, fraction = ''] =
          /^(-?)(\d+)(?:\.(\d+))?$/.exec(typeof text === 'string' ? text : '') ?? [];

        expect(BigInt(`${sign}${whole}${fraction}`)).toBe(unscaled);
        expect(fraction).toHaveLength(scale);
        expect(whole).toMatch(/^(0|[1-9]\d*)$/);
      }),
      { seed: inject('seed'), numRuns: 200 },
    );
  });
});

const DAY_MS = 86_400_000;
const seconds = fc.integer({ min: Date.UTC(-200_000, 0) / 1000, max: Date.UTC(200_000, 0) / 1000 });

describe('a date or time as text', () => {
  it.each([
    [0, '1970-01-01'],
    [-1, '1969-12-31'],
    [19_782, '2024-02-29'],
    [-719_162, '0001-01-01'],
    [-719_163, '0000-12-31'],
    [-719_529, '-000001-12-31'],
    [2_932_896, '9999-12-31'],
    [2_932_897, '+010000-01-01'],
    [-2_147_483_648, '-5877641-06-23'],
    [2_147_483_647, '+5881580-07-11'],
  ])('day %i is %s', (days, text) => {
    expect(fixed(new DateDay(), Int32Array.of(days))).toEqual([text]);
  });

  it('is what a Date says, wherever a Date can say it', () => {
    fc.assert(
      fc.property(seconds, fc.nat(999_999_999), (second, nanos) => {
        const digits = String(nanos).padStart(9, '0');
        const at = (digitCount: number): BigInt64Array =>
          BigInt64Array.of(BigInt(second) * 10n ** BigInt(digitCount) + BigInt(digits.slice(0, digitCount) || 0));
        const text = new Date(second * 1000).toISOString().slice(0, -'.000Z'.length);

        expect(fixed(new DateDay(), Int32Array.of(Math.floor(second / 86_400)))).toEqual([
          text.slice(0, text.indexOf('T')),
        ]);
        expect(fixed(new DateMillisecond(), at(3))).toEqual([`${text}.${digits.slice(0, 3)}`]);
        expect(fixed(new TimestampSecond(), at(0))).toEqual([text]);
        expect(fixed(new TimestampMillisecond('UTC'), at(3))).toEqual([`${text}.${digits.slice(0, 3)}Z`]);
        expect(fixed(new TimestampMicrosecond('Europe/Berlin'), at(6))).toEqual([`${text}.${digits.slice(0, 6)}Z`]);
      }),
      { seed: inject('seed'), numRuns: 300 },
    );
  });

  it.each([
    [0n, '1970-01-01T00:00:00.000000000'],
    [-1n, '1969-12-31T23:59:59.999999999'],
    [2n ** 63n - 1n, '2262-04-11T23:47:16.854775807'],
    [-(2n ** 63n), '1677-09-21T00:12:43.145224192'],
  ])('instant %i in nanoseconds is %s', (nanos, text) => {
    expect(fixed(new TimestampNanosecond(), BigInt64Array.of(nanos))).toEqual([text]);
  });

  it('has the digits of its unit', () => {
    const ms = 13 * 3_600_000 + 4 * 60_000 + 5 * 1000 + 6;
    const ofDay = (perMs: bigint): BigInt64Array => BigInt64Array.of(BigInt(ms) * perMs);

    expect(fixed(new TimeSecond(), Int32Array.of(Math.floor(ms / 1000), 86_399))).toEqual(['13:04:05', '23:59:59']);
    expect(fixed(new TimeMillisecond(), Int32Array.of(ms, DAY_MS))).toEqual(['13:04:05.006', '24:00:00.000']);
    expect(fixed(new TimeMicrosecond(), ofDay(1000n))).toEqual(['13:04:05.006000']);
    expect(fixed(new TimeNanosecond(), ofDay(1_000_000n))).toEqual(['13:04:05.006000000']);
  });
});

describe('text and bytes', () => {
  const bytes = Buffer.from('\uFEFFa\0ü𝄞');

  it('are what they are, whatever they begin with', () => {
    const buffers = { length: 2, valueOffsets: Int32Array.of(0, bytes.length, bytes.length), data: bytes };

    expect(valuesOf(new Utf8(), buffers)).toEqual(['\uFEFFa\0ü𝄞', '']);
    expect(valuesOf(new Binary(), buffers)).toEqual([new Uint8Array(bytes), new Uint8Array()]);
  });

  it('that are bytes share nothing with the batch', () => {
    const data = Uint8Array.of(1, 2);
    const [value] = valuesOf(new Binary(), { length: 1, valueOffsets: Int32Array.of(0, 2), data });
    data[0] = 9;

    expect(value).toEqual(Uint8Array.of(1, 2));
  });
});

/** Types whose text is tested above, or that rows cannot hold. */
function isPlain(type: DataType): boolean {
  if (DataType.isDictionary(type)) return isPlain(type.dictionary);
  const isOther = [DataType.isDate, DataType.isTime, DataType.isTimestamp].some((is) => is(type));
  return !isOther && !isRefused(type) && (type.children ?? []).every((field) => isPlain(field.type));
}

function isRefused(type: DataType): boolean {
  const refused = [
    DataType.isInterval,
    DataType.isDuration,
    DataType.isFixedSizeBinary,
    DataType.isUtf8View,
    DataType.isBinaryView,
    DataType.isMap,
    DataType.isUnion,
  ];
  return refused.some((is) => is(type)) || (DataType.isFloat(type) && type.precision === Precision.HALF);
}

/** The value of a cell by its type, from the bytes of the model. */
function modelOf(type: DataType, cell: Cell): RowValue {
  if (cell === null) return null;
  if (typeof cell === 'boolean') return cell;
  if (DataType.isDictionary(type)) return modelOf(type.dictionary, cell);
  if (cell instanceof Uint8Array) return modelOfBytes(type, Buffer.from(cell));
  if (!Array.isArray(cell)) throw new TypeError('no list');
  // What is a list in the model is a list.
  const items = cell as readonly Cell[];
  if (!DataType.isStruct(type)) return items.map((item) => modelOf(type.children[0]!.type, item));
  return Object.fromEntries(type.children.map((field, i) => [field.name, modelOf(field.type, items[i]!)]));
}

function modelOfBytes(type: DataType, bytes: Buffer): RowValue {
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return bytes.toString('utf8');
  if (DataType.isBinary(type) || DataType.isLargeBinary(type)) return new Uint8Array(bytes);
  if (DataType.isFloat(type)) return type.precision === Precision.SINGLE ? bytes.readFloatLE() : bytes.readDoubleLE();
  if (DataType.isInt(type) && type.bitWidth === 64)
    return type.isSigned ? bytes.readBigInt64LE() : bytes.readBigUInt64LE();
  if (DataType.isInt(type)) return type.isSigned ? bytes.readIntLE(0, bytes.length) : bytes.readUIntLE(0, bytes.length);
  if (!DataType.isDecimal(type)) throw new TypeError(`no model of ${Type[type.typeId]}`);
  const digits = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)
    .toString()
    .padStart(type.scale + 1, '0');
  return `${digits.slice(0, -type.scale)}.${digits.slice(-type.scale)}`;
}

describe('rows', () => {
  it('have the values of their cells, however a batch lays these out', () => {
    const column = columnType
      .filter(isPlain)
      .chain((type) => fc.record({ type: fc.constant(type), cells: fc.array(cellOf(type), { maxLength: 12 }) }));
    fc.assert(
      fc.property(fc.array(column, { minLength: 1, maxLength: 3 }), fc.nat(), (columns, noise) => {
        const length = Math.min(...columns.map(({ cells }) => cells.length));
        const schema = new Schema(columns.map(({ type }, i) => new Field(`c${i}`, type, true)));
        const cells = Array.from({ length }, (_, row) => columns.map((one) => one.cells[row]!));

        const rows = [...rowReader(schema)(batchOf(schema, cells, noiseOf(noise)))];

        expect(rows).toEqual(
          cells.map((row) => Object.fromEntries(row.map((cell, i) => [`c${i}`, modelOf(columns[i]!.type, cell)]))),
        );
      }),
      { seed: inject('seed'), numRuns: 300 },
    );
  });

  it.each(FLAT_TYPES.filter(isRefused).map((type) => [Type[type.typeId], type] as const))(
    'cannot hold %s, which is said with the column',
    async (_, type) => {
      const schema = new Schema([new Field('bad', type, true)]);

      expect(await failureOf(() => rowReader(schema))).toMatchObject({
        code: 'TYPE_UNSUPPORTED',
        message: expect.stringContaining('column "bad"'),
      });
    },
  );
});
