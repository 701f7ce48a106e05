import { damaged } from './damage.ts';
import { DeltaReader } from './delta-reader.ts';
import { HybridReader } from './hybrid-reader.ts';
import type { DictionaryPage, PageBytes } from './page-reader.ts';

/** Values of varying length whose lengths are known and whose bytes are still in their page. */
export interface ByteRun {
  readonly lengths: Int32Array;
  /** Copies values `[from, to)`, one behind the other. Each is copied once and in order, run after run. */
  take(from: number, to: number, out: Uint8Array, at: number): void;
  /** Where the run refers to a dictionary: which of its entries. */
  readonly entries?: Int32Array;
}

/** The values of one page; each call tells of the next ones. @throws `FILE_CORRUPT`. */
export type BytePage = (count: number) => ByteRun;

/** PLAIN: a length of four bytes before each value. */
export function plainBytes({ bytes, start, end }: PageBytes): BytePage {
  let scanned = start;
  let copied = start;
  return (count) => {
    const lengths = new Int32Array(count);
    let at = scanned;
    for (let i = 0; i < count; i++) {
      const length = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
      at += 4;
      if (length < 0 || length > end - at) throw fewer();
      lengths[i] = length;
      at += length;
    }
    scanned = at;
    return {
      lengths,
      take(from, to, out, at) {
        let end = at;
        for (let i = from; i < to; i++) {
          const start = copied + 4;
          copied = start + lengths[i]!;
          end = copyBytes(bytes, start, copied, out, end);
        }
      },
    };
  };
}

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. */
export function deltaLengthBytes({ bytes, start, end }: PageBytes): BytePage {
  let scanned = new DeltaReader(bytes, start, end).skipAll();
  let copied = scanned;
  const reader = new DeltaReader(bytes, start, end);
  return (count) => {
    const lengths = new Int32Array(count);
    reader.readWords(lengths, 0, count);
    for (let i = 0; i < count; i++) {
      if (lengths[i]! < 0 || lengths[i]! > end - scanned) throw fewer();
      scanned += lengths[i]!;
    }
    return {
      lengths,
      take(from, to, out, at) {
        const start = copied;
        for (let i = from; i < to; i++) copied += lengths[i]!;
        out.set(bytes.subarray(start, copied), at);
      },
    };
  };
}

/** DELTA_BYTE_ARRAY: how much of the value before each one begins with, then what follows, by DELTA_LENGTH_BYTE_ARRAY. */
export function deltaBytes({ bytes, start, end }: PageBytes): BytePage {
  const prefixReader = new DeltaReader(bytes, start, end);
  const suffixes = deltaLengthBytes({ bytes, start: new DeltaReader(bytes, start, end).skipAll(), end });
  let scannedLength = 0;
  let previous: Uint8Array = new Uint8Array(0);
  return (count) => {
    const prefixes = new Int32Array(count);
    prefixReader.readWords(prefixes, 0, count);
    const suffix = suffixes(count);
    const lengths = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const prefix = prefixes[i]!;
      if (prefix < 0 || prefix > scannedLength) throw damaged('a value begins with more than the one before it has');
      scannedLength = prefix + suffix.lengths[i]!;
      if (scannedLength > 0x7fff_ffff) throw damaged('a value of more than 2 GiB');
      lengths[i] = scannedLength;
    }
    return {
      lengths,
      take(from, to, out, at) {
        let before = previous;
        let beforeAt = 0;
        let end = at;
        for (let i = from; i < to; i++) {
          const start = end;
          copyBytes(before, beforeAt, beforeAt + prefixes[i]!, out, start);
          suffix.take(i, i + 1, out, start + prefixes[i]!);
          before = out;
          beforeAt = start;
          end = start + lengths[i]!;
        }
        if (from < to) previous = before.slice(beforeAt, end);
      },
    };
  };
}

/** The entries of a dictionary, one behind the other. */
export interface ByteEntries {
  readonly bytes: Uint8Array;
  /** Of each entry, and of the end. */
  readonly offsets: Int32Array;
}

/** @throws `FILE_CORRUPT`. */
export function byteEntries({ bytes, values }: DictionaryPage): ByteEntries {
  // Each takes four bytes at least.
  if (values * 4 > bytes.length) throw fewer();
  const { lengths, take } = plainBytes({ bytes, start: 0, end: bytes.length })(values);
  const offsets = new Int32Array(values + 1);
  for (let i = 0; i < values; i++) offsets[i + 1] = offsets[i]! + lengths[i]!;
  const entries = new Uint8Array(offsets[values]!);
  take(0, values, entries, 0);
  return { bytes: entries, offsets };
}

/** RLE_DICTIONARY, under its older name too. */
export function dictionaryBytes(page: PageBytes, { bytes, offsets }: ByteEntries): BytePage {
  const readEntries = dictionaryIndices(page, offsets.length - 1);
  return (count) => {
    const entries = readEntries(count);
    const lengths = new Int32Array(count);
    for (let i = 0; i < count; i++) lengths[i] = offsets[entries[i]! + 1]! - offsets[entries[i]!]!;
    return {
      lengths,
      entries,
      take(from, to, out, at) {
        let end = at;
        for (let i = from; i < to; i++) {
          const entry = entries[i]!;
          end = copyBytes(bytes, offsets[entry]!, offsets[entry + 1]!, out, end);
        }
      },
    };
  };
}

/** Numbers of entries, each of which exists. */
export function dictionaryIndices({ bytes, start, end }: PageBytes, size: number): (count: number) => Int32Array {
  // A page of nulls has not even a width.
  const reader = start < end ? new HybridReader(bytes, start + 1, end, bytes[start]!) : undefined;
  return (count) => {
    const indices = new Int32Array(count);
    if (count === 0) return indices;
    if (reader === undefined) throw fewer();
    reader.read(indices, 0, count);
    for (let i = 0; i < count; i++) {
      if (indices[i]! >>> 0 >= size) throw damaged('a value refers to an entry that its dictionary does not have');
    }
    return indices;
  };
}

/** Short copies by hand: making a subarray costs more than copying a few bytes. Returns where the copy ends. */
function copyBytes(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  if (end - start > 48) {
    target.set(source.subarray(start, end), at);
    return at + end - start;
  }
  let to = at;
  for (let from = start; from < end; from++) target[to++] = source[from]!;
  return to;
}

function fewer(): Error {
  return damaged('fewer values than there should be');
}
