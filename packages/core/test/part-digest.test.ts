import {
  type DataType,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createPartDigest } from '../src/digest/part-digest.ts';
import { batchOf, dataOf, type Noise, noiseOf } from './arrow-layout.ts';
import { type Cell, cellOf, cellText, columnType, FLAT_TYPES } from './arrow-model.ts';

const fixed = { seed: 20_261_124 };

interface Rows {
  readonly schema: Schema;
  readonly rows: readonly (readonly Cell[])[];
}

const someRows: fc.Arbitrary<Rows> = fc.array(columnType, { minLength: 1, maxLength: 3 }).chain((types) =>
  fc.record({
    schema: fc.constant(schemaOf(types)),
    rows: fc.array(fc.tuple(...types.map(cellOf)), { maxLength: 40 }),
  }),
);

function schemaOf(types: readonly DataType[]): Schema {
  return new Schema(types.map((type, i) => new Field(`c${i}`, type, true)));
}

/** The digest of the rows, laid out, sliced and cut into batches as the noise will have it. */
function digestOf({ schema, rows }: Rows, noise: Noise): string {
  const digest = createPartDigest(schema);
  for (let from = 0; from < rows.length;) {
    const to = from + 1 + Math.floor(noise() * (rows.length - from));
    const batch = batchOf(schema, rows.slice(from, to), noise);
    const cut = Math.floor(noise() * (to - from));
    if (cut > 0) digest.update(batch, 0, cut);
    digest.update(batch, cut, to - from);
    from = to;
  }
  return digest.value();
}

describe('the digest of a part', () => {
  it('depends on the rows alone, not on batches, slices, dictionaries or what lies under a null', () => {
    fc.assert(
      fc.property(someRows, fc.integer(), fc.integer(), (rows, one, other) => {
        expect(digestOf(rows, noiseOf(one))).toBe(digestOf(rows, noiseOf(other)));
      }),
      { ...fixed, numRuns: 600 },
    );
  });

  it('changes with any single cell', () => {
    const changes = someRows
      .filter(({ rows }) => rows.length > 0)
      .chain(({ schema, rows }) =>
        fc.tuple(fc.nat(rows.length - 1), fc.nat(schema.fields.length - 1)).chain(([row, column]) =>
          cellOf(schema.fields[column]!.type).map((cell) => ({
            schema,
            rows,
            changed: rows.map((cells, i) => (i === row ? cells.with(column, cell) : cells)),
          })),
        ),
      );
    let changed = 0;
    fc.assert(
      fc.property(changes, fc.integer(), (pair, seed) => {
        const isSame = cellText(pair.rows.flat()) === cellText(pair.changed.flat());
        if (!isSame) changed++;
        const digests = [pair.rows, pair.changed].map((rows) => digestOf({ ...pair, rows }, noiseOf(seed)));
        expect(digests[0] === digests[1]).toBe(isSame);
      }),
      { ...fixed, numRuns: 600 },
    );
    expect(changed).toBeGreaterThan(300);
  });

  it('changes with the order of two rows', () => {
    let swapped = 0;
    fc.assert(
      fc.property(someRows, fc.integer(), fc.nat(), fc.nat(), ({ schema, rows }, seed, a, b) => {
        fc.pre(rows.length > 1);
        const [i, j] = [a % rows.length, b % rows.length];
        const other = rows.with(i, rows[j]!).with(j, rows[i]!);
        const isSame = cellText(rows[i]) === cellText(rows[j]);
        if (!isSame) swapped++;
        const [before, after] = [rows, other].map((each) => digestOf({ schema, rows: each }, noiseOf(seed)));
        expect(before === after).toBe(isSame);
      }),
      { ...fixed, numRuns: 300 },
    );
    expect(swapped).toBeGreaterThan(150);
  });

  it('changes when a row is left out, even one of nulls', () => {
    const schema = schemaOf(FLAT_TYPES);
    const nulls = Array.from({ length: 9 }, () => FLAT_TYPES.map(() => null));

    const digests = [nulls, nulls.slice(1)].map((rows) => digestOf({ schema, rows }, noiseOf(1)));

    expect(digests[0]).not.toBe(digests[1]);
  });

  it.each(FLAT_TYPES.map((type) => [type]))('is the same over many rows of %s, however they are cut', (type) => {
    const schema = schemaOf([type]);
    const sample = fc.sample(cellOf(type), { numRuns: 37, seed: 7 });
    const rows = Array.from({ length: 20_011 }, (_, i) => [sample[(i * i) % sample.length]!]);
    const whole = batchOf(schema, rows, () => 0);
    const digest = createPartDigest(schema);
    for (let from = 0, to = 1; from < rows.length; [from, to] = [to, Math.min(rows.length, to * 2 + 1)]) {
      digest.update(whole.slice(from, to), 0, to - from);
    }

    const atOnce = createPartDigest(schema);
    atOnce.update(whole, 0, rows.length);

    expect(digest.value()).toBe(atOnce.value());
  });

  it.each(FLAT_TYPES.slice(1).map((type) => [type]))('changes with one of many rows of %s', (type) => {
    const schema = schemaOf([type]);
    const sample = fc.sample(cellOf(type), { numRuns: 37, seed: 7 });
    const rows: Cell[][] = Array.from({ length: 6007 }, (_, i) => [sample[(i * i) % sample.length]!]);
    // Where the length stays the same the bytes alone must tell.
    const changed = (cell: Cell): Cell =>
      cell instanceof Uint8Array && cell.length > 0
        ? cell.with(0, cell[0]! ^ 1)
        : sample.find((other) => cellText(other) !== cellText(cell))!;
    const changes = [0, 1, 999, 3001, 6006].map((at) => rows.with(at, [changed(rows[at]![0]!)]));
    const digests = [rows, ...changes].map((each) => digestOf({ schema, rows: each }, () => 0.99));

    expect(new Set(digests).size).toBe(digests.length);
  });

  it('is that of the values when a column is dictionary-encoded', () => {
    fc.assert(
      fc.property(fc.constantFrom(...FLAT_TYPES), fc.integer(), fc.integer(), (type, one, other) => {
        const rows = fc.sample(cellOf(type), { numRuns: 20, seed: one }).map((cell) => [cell]);
        const [plain, encoded] = [type, new Dictionary(type, new Int32())].map((each, i) =>
          digestOf({ schema: schemaOf([each]), rows }, noiseOf(i === 0 ? one : other)),
        );
        expect(encoded).toBe(plain);
      }),
      { ...fixed, numRuns: 200 },
    );
  });

  it('takes every NaN for the same value and zero for another than minus zero', () => {
    const digestOfWords = (...words: number[]): string => {
      const type = new Float64();
      const data = new Float64Array(Uint32Array.from(words).buffer);
      const schema = schemaOf([type]);
      const child = makeData({ type, length: data.length, data });
      const batch = new RecordBatch(
        schema,
        makeData({ type: new Struct(schema.fields), length: data.length, children: [child] }),
      );
      const digest = createPartDigest(schema);
      digest.update(batch, 0, data.length);
      return digest.value();
    };

    expect(digestOfWords(0, 0x7ff8_0000, 1, 2)).toBe(digestOfWords(0, 0xfff8_0000, 1, 2));
    expect(digestOfWords(0, 0, 1, 2)).not.toBe(digestOfWords(0, 0x8000_0000, 1, 2));
  });

  it('reads columns that leave out the values of null rows', () => {
    const build = (type: Float32, values: number): RecordBatch => {
      const schema = schemaOf([type]);
      const nullBitmap = Uint8Array.of(0b0000_0011);
      const child = makeData({ type, length: 5, nullBitmap, data: new Float32Array(values).fill(2) });
      return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: 5, children: [child] }));
    };
    const digests = [2, 5].map((values) => {
      const batch = build(new Float32(), values);
      const digest = createPartDigest(batch.schema);
      digest.update(batch, 0, 5);
      return digest.value();
    });

    expect(digests[0]).toBe(digests[1]);
  });

  it('is refused for a dictionary key without an entry', () => {
    const type = new Dictionary(new Utf8(), new Int32());
    const schema = schemaOf([type]);
    const encoded = dataOf(type, [Buffer.from('a'), Buffer.from('b')], () => 0.5);
    encoded.values[1] = 9;
    const batch = new RecordBatch(
      schema,
      makeData({ type: new Struct(schema.fields), length: 2, children: [encoded] }),
    );

    const update = (): void => createPartDigest(schema).update(batch, 0, 2);

    expect(update).toThrow(expect.objectContaining({ code: 'CONTRACT_BROKEN' }));
  });

  it('is stable from version to version', () => {
    const rows = [0, 1, 2].map((i) => FLAT_TYPES.map((type) => fc.sample(cellOf(type), { numRuns: 3, seed: 3 })[i]!));

    const digest = digestOf({ schema: schemaOf(FLAT_TYPES), rows }, noiseOf(3));

    expect(digest).toMatch(/^1:[0-9a-f]{32}$/);
    expect(digest).toBe('1:aa0eb59fc96fab8de253c090eab8edbf');
  });
});
