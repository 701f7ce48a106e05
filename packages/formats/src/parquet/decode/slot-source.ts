import { type BytePage, dictionaryIndices } from './byte-run.ts';
import { damaged } from './damage.ts';
import { DeltaReader } from './delta-reader.ts';
import type { PageBytes } from './page-reader.ts';

/** Writes the next `count` values of one page, each in a slot of the same width. @throws `FILE_CORRUPT`. */
export type SlotSource = (count: number, out: Uint8Array, at: number) => void;

/** PLAIN: as they are. */
export function plainSlots({ bytes, start, end }: PageBytes, width: number): SlotSource {
  let from = start;
  return (count, out, at) => {
    const to = from + count * width;
    if (to > end) throw fewer();
    out.set(bytes.subarray(from, to), at);
    from = to;
  };
}

/** BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones, and so on. */
export function splitSlots({ bytes, start, end }: PageBytes, width: number): SlotSource {
  const values = Math.floor((end - start) / width);
  if (values * width !== end - start) throw damaged('streams of unlike lengths');
  let taken = 0;
  return (count, out, at) => {
    if (taken + count > values) throw fewer();
    for (let byte = 0; byte < width; byte++) {
      let from = start + byte * values + taken;
      for (let i = 0, to = at + byte; i < count; i++, to += width) out[to] = bytes[from++]!;
    }
    taken += count;
  };
}

/** DELTA_BINARY_PACKED: integers of four or eight bytes. */
export function deltaSlots({ bytes, start, end }: PageBytes, width: 4 | 8): SlotSource {
  const reader = new DeltaReader(bytes, start, end);
  return (count, out, at) => {
    const words = wordsOf(out);
    if (width === 4) reader.readWords(words, at / 4, count);
    else reader.readLongs(words, at / 4, count);
  };
}

/** Values of fixed length in an encoding for those of any. */
export function evenSlots(page: BytePage, width: number): SlotSource {
  return (count, out, at) => {
    const { lengths, take } = page(count);
    if (lengths.some((length) => length !== width)) throw damaged(`a value that is not ${width} bytes long`);
    take(0, count, out, at);
  };
}

/** RLE_DICTIONARY, under its older name too; `slots` are the entries. */
export function dictionarySlots(page: PageBytes, slots: Uint8Array, width: number): SlotSource {
  const readIndices = dictionaryIndices(page, slots.length / width);
  if (width === 4) {
    const source = wordsOf(slots);
    return (count, out, at) => {
      const target = wordsOf(out);
      const indices = readIndices(count);
      for (let i = 0, to = at / 4; i < count; i++) target[to++] = source[indices[i]!]!;
    };
  }
  if (width % 4 === 0) {
    const source = wordsOf(slots);
    const words = width / 4;
    return (count, out, at) => {
      const target = wordsOf(out);
      const indices = readIndices(count);
      let to = at / 4;
      for (let i = 0; i < count; i++) {
        let from = indices[i]! * words;
        for (let word = 0; word < words; word++) target[to++] = source[from++]!;
      }
    };
  }
  return (count, out, at) => {
    const indices = readIndices(count);
    let to = at;
    for (let i = 0; i < count; i++) {
      let from = indices[i]! * width;
      for (let byte = 0; byte < width; byte++) out[to++] = slots[from++]!;
    }
  };
}

/** Of bytes that begin at a whole word. */
export function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}

function fewer(): Error {
  return damaged('fewer values than there should be');
}
