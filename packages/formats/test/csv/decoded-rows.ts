import { isDeepStrictEqual } from 'node:util';

import { SluiceError } from '@sluice/core';
import { type Data, DataType, Field, type RecordBatch, Schema, Utf8 } from 'apache-arrow';
import { expect } from 'vitest';

import {
  csvDecoder,
  type CsvDecoder,
  type CsvDecoderOptions,
  type CsvEngine,
  type DecodedBatch,
} from '../../src/csv/csv.ts';

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

type DecodeOptions = Partial<CsvDecoderOptions> & { readonly schema: Schema };

/**
 * Decodes chunks with every column of the file filling the field of its ordinal, unless told otherwise.
 *
 * Unless told an engine, with all there are, which have to agree on everything, errors included.
 */
export function decode(chunks: readonly Uint8Array[], options: DecodeOptions): Decoded {
  if (options.engine !== undefined) return decodeBy(options.engine, chunks, options);
  const [js, wasm] = (['js', 'wasm'] as const).map((engine) => outcome(() => decodeBy(engine, chunks, options)));
  // The matcher takes long over much data, and says where it differs.
  if (!isDeepStrictEqual(wasm?.seen, js?.seen)) expect(wasm?.seen).toEqual(js?.seen);
  return wasm!.give();
}

function decodeBy(engine: CsvEngine, chunks: readonly Uint8Array[], options: DecodeOptions): Decoded {
  const columns = options.schema.fields.map((_, i) => i);
  const decoder = csvDecoder({ columns, batch: HUGE_BOUNDS, ...options, engine });
  expect(decoder.engine).toBe(engine);
  const batches = [...chunks.flatMap((chunk) => [...decoder.write(chunk)]), ...decoder.end()];
  return { batches, rows: batches.flatMap(({ batch }) => rowsOf(batch)), decoder };
}

function bytesIn(array: ArrayBufferView | undefined): string | undefined {
  return array && Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('latin1');
}

/** What can be seen of a decoder, and what it gave or threw. */
function outcome(run: () => Decoded): { readonly seen: unknown; give(): Decoded } {
  try {
    const decoded = run();
    const { rows, batches, decoder } = decoded;
    const buffers = batches.map(({ batch, ...rest }) => ({
      ...rest,
      columns: batch.data.children.map(({ length, nullCount, values, valueOffsets, nullBitmap }) => [
        length,
        nullCount,
        ...[values, valueOffsets, nullBitmap].map(bytesIn),
      ]),
    }));
    return { seen: { rows, buffers, places: [decoder.rows, decoder.byteOffset] }, give: () => decoded };
  } catch (error) {
    return {
      seen: SluiceError.is(error) ? [error.code, error.message, error.details] : error,
      give: () => {
        throw error;
      },
    };
  }
}

export function decodeText(text: string, options: DecodeOptions): Decoded {
  return decode([bytesOf(text)], options);
}

/** What `run` throws. */
export function failure(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
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
  if (DataType.isDictionary(type)) return valueAt(data.dictionary!.data[0]!, Number(data.values[row]));
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
