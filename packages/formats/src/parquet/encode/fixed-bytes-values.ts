import type { Data } from 'apache-arrow';

import { selectValid } from '../../bits/column-batch.ts';
import { GrowingBytes } from '../../bits/growing-bytes.ts';
import { PAGE_ROWS, type MinMax, type PageValues } from './page-values.ts';
import { digitCheck, tooManyDigits, words } from './word-gather.ts';

/** Writes one value of `width` bytes. */
type PutValue = (row: number, out: Uint8Array, at: number) => void;

const selected = new Int32Array(PAGE_ROWS);

/** Decimals beyond 18 digits: big-endian two's complement of as many bytes as the precision needs. */
export function wideDecimalValues(column: string, precision: number, width: number): PageValues {
  const hasMoreDigits = digitCheck(precision);
  return fixedBytesValues(width, 0x80, (data) => {
    const source = words(data.values);
    return (row, out, at) => {
      const word = row * 4;
      if (hasMoreDigits(source, word)) throw tooManyDigits(column);
      for (let i = 0; i < width; i++) {
        out[at + width - 1 - i] = source[word + (i >> 2)]! >>> ((i & 3) * 8);
      }
    };
  });
}

export function fixedBinaryValues(width: number): PageValues {
  return fixedBytesValues(width, 0, (data) => {
    const source: Uint8Array = data.values;
    return (row, out, at) => out.set(source.subarray(row * width, (row + 1) * width), at);
  });
}

/** `signMask` is flipped in the first byte before comparing, so that signed values order as unsigned bytes do. */
function fixedBytesValues(width: number, signMask: number, open: (data: Data) => PutValue): PageValues {
  const page = new GrowingBytes();
  let min: Uint8Array | undefined;
  let max: Uint8Array | undefined;

  function compare(left: Uint8Array, leftAt: number, right: Uint8Array, rightAt = 0): number {
    const first = (left[leftAt]! ^ signMask) - (right[rightAt]! ^ signMask);
    if (first !== 0) return first;
    for (let i = 1; i < width; i++) {
      const difference = left[leftAt + i]! - right[rightAt + i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  return {
    full: false,
    take({ data, validity }, from, to) {
      const put = open(data);
      const count = validity === undefined ? to - from : selectValid(validity, from, to, selected);
      page.reserve(count * width);
      for (let i = 0; i < count; i++) {
        put(validity === undefined ? from + i : selected[i]!, page.bytes, page.length);
        page.length += width;
      }
      return to;
    },
    endPage() {
      const bytes = page.view();
      if (bytes.length > 0) {
        let minAt = 0;
        let maxAt = 0;
        for (let at = width; at < bytes.length; at += width) {
          if (compare(bytes, at, bytes, minAt) < 0) minAt = at;
          if (compare(bytes, at, bytes, maxAt) > 0) maxAt = at;
        }
        if (min === undefined || compare(bytes, minAt, min) < 0) min = bytes.slice(minAt, minAt + width);
        if (max === undefined || compare(bytes, maxAt, max) > 0) max = bytes.slice(maxAt, maxAt + width);
      }
      page.clear();
      return { encoding: 'PLAIN', bytes };
    },
    endChunk() {
      const minMax: MinMax | undefined = min === undefined || max === undefined ? undefined : { min, max };
      min = undefined;
      max = undefined;
      return { minMax, dictionary: undefined };
    },
  };
}
