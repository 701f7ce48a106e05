import { type Data, DataType, Field, type RecordBatch, Schema, Utf8 } from 'apache-arrow';

import { csvDecoder, type CsvDecoder, type CsvDecoderOptions, type DecodedBatch } from '../../src/csv/csv-decoder.ts';

/** Everything a decoder said about a file. */
export interface Decoded {
  readonly batches: readonly DecodedBatch[];
  /** What the batches hold: text, numbers, booleans, bigints for 64 bits and (unscaled) decimals, null. */
  readonly rows: readonly (readonly unknown[])[];
  readonly decoder: CsvDecoder;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const HUGE_BOUNDS = { rows: 1_000_000, bytes: 100_000_000 };

export function schemaOf(...types: readonly DataType[]): Schema {
  return new Schema(types.map((type, i) => new Field(`c${i}`, type, true)));
}

export const textSchema = (columns: number): Schema => schemaOf(...Array.from({ length: columns }, () => new Utf8()));

/** Decodes chunks with every column of the file filling the field of its ordinal, unless told otherwise. */
export function decode(
  chunks: readonly Uint8Array[],
  options: Partial<CsvDecoderOptions> & { readonly schema: Schema },
): Decoded {
  const columns = options.schema.fields.map((_, i) => i);
  const decoder = csvDecoder({ columns, batch: HUGE_BOUNDS, ...options });
  const batches = [...chunks.flatMap((chunk) => [...decoder.write(chunk)]), ...decoder.end()];
  return { batches, rows: batches.flatMap(({ batch }) => rowsOf(batch)), decoder };
}

export function decodeText(text: string, options: Partial<CsvDecoderOptions> & { readonly schema: Schema }): Decoded {
  return decode([bytesOf(text)], options);
}

/** One piece for each stretch between cuts. */
export function cutAt(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const bounds = [0, ...[...cuts].sort((left, right) => left - right), bytes.length];
  return bounds.slice(1).map((to, i) => bytes.slice(bounds[i], to));
}

export function rowsOf(batch: RecordBatch): readonly (readonly unknown[])[] {
  return Array.from({ length: batch.numRows }, (_, row) => batch.data.children.map((data) => valueAt(data, row)));
}

function valueAt(data: Data, row: number): unknown {
  if (data.nullCount > 0 && ((data.nullBitmap[row >> 3]! >> (row & 7)) & 1) === 0) return null;
  const { type } = data;
  if (DataType.isUtf8(type)) {
    const bytes: Uint8Array = data.values;
    return Buffer.from(bytes.subarray(data.valueOffsets[row], data.valueOffsets[row + 1])).toString('utf8');
  }
  // What kind of array the values are depends on the type.
  const values = data.values as Uint8Array | Float64Array | BigInt64Array;
  if (DataType.isBool(type)) return ((Number(values[row >> 3]) >> (row & 7)) & 1) === 1;
  if (!DataType.isDecimal(type)) return values[row];
  const words = type.bitWidth / 32;
  let unscaled = 0n;
  for (let i = words - 1; i >= 0; i--) unscaled = (unscaled << 32n) | BigInt(values[row * words + i]!);
  return BigInt.asIntN(type.bitWidth, unscaled);
}
