import type { Row, RowValue } from '@sluice/core';
import { batchOf, valuesOf } from '@sluice/testkit';
import { type DataType, Field, type RecordBatch, Schema } from 'apache-arrow';
import fc from 'fast-check';

export interface ArbitraryTable {
  readonly schema: Schema;
  readonly rows: readonly Row[];
  readonly batch: RecordBatch;
}

/** Tables whose columns have values that go wrong most often, in any order, alone and in runs, among any nulls. */
export function arbitraryTables(types: readonly DataType[], maxRows: number): fc.Arbitrary<ArbitraryTable> {
  const column = fc.record({
    type: fc.constantFrom(...types),
    seed: fc.nat(),
    nulls: fc.constantFrom(0, 0.1, 0.9, 1),
    /** How often a value stands again, at most. */
    run: fc.constantFrom(1, 1, 3, 40),
    /** Of so many values. */
    distinct: fc.constantFrom(1, 3, 1000),
  });
  const columns = fc.array(column, { minLength: 1, maxLength: 6 });
  return fc.tuple(columns, fc.nat(maxRows)).map(([specs, count]) => {
    const schema = new Schema(specs.map(({ type }, i) => new Field(`c${i}`, type, true)));
    const cells = specs.map((spec) => cellsOf(spec.type, spec, count));
    const rows = Array.from({ length: count }, (_, row) =>
      Object.fromEntries(cells.map((values, i) => [`c${i}`, values[row]!])),
    );
    return { schema, rows, batch: batchOf(schema, rows) };
  });
}

interface CellOptions {
  readonly seed: number;
  readonly nulls: number;
  readonly run: number;
  readonly distinct: number;
}

function cellsOf(type: DataType, { seed, nulls, run, distinct }: CellOptions, count: number): readonly RowValue[] {
  // Long texts are for other tests.
  const values = valuesOf(type).filter((value) => !(typeof value === 'string' && value.length > 1000));
  let state = seed | 1;
  const next = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    return (state >>> 8) / 0x100_0000;
  };
  const cells: RowValue[] = [];
  while (cells.length < count) {
    const pick = values[Math.floor(next() * Math.min(distinct, values.length))]!;
    const value = next() < nulls ? null : pick;
    for (let left = Math.ceil(next() * run); left > 0; left--) cells.push(value);
  }
  return cells.slice(0, count);
}
