import { type Dictionary, makeData, Vector } from 'apache-arrow';

import { ByteDictionary } from '../../bits/byte-dictionary.ts';
import type { ByteEntries } from './byte-run.ts';
import { byteChunk, joinBytes, type MeasuredBytes, requireText } from './byte-values.ts';
import type { ChunkValues, Piece } from './chunk-values.ts';
import { spreadSlots } from './spread-slots.ts';

/** Text or bytes as entries of a dictionary: that of the file, or, for pages without, one of the batch. */
export function entryValues(type: Dictionary): ChunkValues<MeasuredBytes> {
  const chunk = byteChunk();
  const isText = type.dictionary.toString() === 'Utf8';
  let vector: Vector | undefined;

  function vectorOf({ bytes, offsets }: ByteEntries): Vector {
    if (isText) requireText(bytes, offsets);
    // The union of all data shapes cannot be told apart by a type that is only known at run time.
    const props = { type: type.dictionary, length: offsets.length - 1, data: bytes, valueOffsets: offsets };
    return new Vector([makeData(props as never)]);
  }

  function fileEntries(pieces: readonly Piece<MeasuredBytes>[], slots: number): Int32Array {
    const keys = new Int32Array(slots);
    let at = 0;
    for (const { values, from, to, slots: count, bits } of pieces) {
      if (values.run.entries !== undefined) keys.set(values.run.entries.subarray(from, to), at);
      if (bits !== undefined) {
        spreadSlots(new Uint8Array(keys.buffer), 4, { at, slots: count, values: to - from, bits });
      }
      at += count;
    }
    return keys;
  }

  return {
    ...chunk,
    setDictionary(page) {
      chunk.setDictionary(page);
      vector = undefined;
    },
    build(pieces, slots, nulls) {
      let keys: Int32Array;
      let dictionary: Vector;
      const { dictionary: entries } = chunk;
      if (
        entries !== undefined &&
        pieces.every(({ values, from, to }) => values.run.entries !== undefined || from === to)
      ) {
        keys = fileEntries(pieces, slots);
        dictionary = vector ??= vectorOf(entries);
      } else {
        const distinct = distinctEntries(joinBytes(pieces, slots), nulls.nullBitmap);
        keys = distinct.keys;
        dictionary = vectorOf(distinct.entries);
      }
      return makeData({ type, length: slots, data: keys, dictionary, ...nulls });
    },
  };
}

interface DistinctEntries {
  readonly keys: Int32Array;
  readonly entries: ByteEntries;
}

function distinctEntries({ bytes, offsets }: ByteEntries, validity: Uint8Array | undefined): DistinctEntries {
  const found = new ByteDictionary();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keys = new Int32Array(offsets.length - 1);
  for (let i = 0; i < keys.length; i++) {
    if (validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
    keys[i] = found.entryOf(bytes, view, offsets[i]!, offsets[i + 1]!);
  }
  const ends = new Int32Array(found.size + 1);
  for (let i = 0; i < found.size; i++) ends[i + 1] = ends[i]! + found.endOf(i) - found.startOf(i);
  const joined = new Uint8Array(ends[found.size]!);
  for (let i = 0; i < found.size; i++) {
    joined.set(found.plain.bytes.subarray(found.startOf(i), found.endOf(i)), ends[i]);
  }
  return { keys, entries: { bytes: joined, offsets: ends } };
}
