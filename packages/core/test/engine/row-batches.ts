import { Field, Int32, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';

/** A row of every test of the engine. */
export interface TestRow {
  readonly id: number;
  readonly text: string | null;
}

export const testSchema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);

export function batchOfRows(rows: readonly TestRow[], schema: Schema = testSchema): RecordBatch {
  const length = rows.length;
  const id = makeData({ type: new Int32(), length, data: Int32Array.from(rows, (row) => row.id) });
  const texts = rows.map(({ text }) => Buffer.from(text ?? ''));
  const valueOffsets = new Int32Array(length + 1);
  const nullBitmap = new Uint8Array((length + 7) >> 3);
  rows.forEach(({ text }, i) => {
    valueOffsets[i + 1] = valueOffsets[i]! + texts[i]!.length;
    if (text !== null) nullBitmap[i >> 3]! |= 1 << (i & 7);
  });
  const data = Buffer.concat(texts);
  const text = makeData({ type: new Utf8(), length, nullBitmap, nullCount: -1, valueOffsets, data });
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, children: [id, text] }));
}

export function rowsOfBatch(batch: RecordBatch): readonly TestRow[] {
  const [ids, texts] = [batch.getChildAt(0), batch.getChildAt(1)];
  return Array.from({ length: batch.numRows }, (_, i) => ({
    // The columns of the schema above.
    id: ids?.get(i) as number,
    text: texts?.get(i) as string | null,
  }));
}

/** Rows of a split that tell where they are from; texts differ in length, and some are null. */
export function rowsOfSplit(split: number, count: number): readonly TestRow[] {
  return Array.from({ length: count }, (_, row) => ({
    id: split * 10_000 + row,
    text: row % 5 === 3 ? null : 'x'.repeat((row * 7 + split) % 11),
  }));
}

/** So many splits of so many rows each. */
export function splitsOf(...counts: readonly number[]): readonly (readonly TestRow[])[] {
  return counts.map((count, split) => rowsOfSplit(split, count));
}
