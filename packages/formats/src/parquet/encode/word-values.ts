import type { Data } from 'apache-arrow';

import { selectValid } from '../../bits/column-batch.ts';
import { PAGE_ROWS, type PageValues } from './page-values.ts';
import { type WordOrder, wordRange } from './word-statistics.ts';

/**
 * Copies `count` values to `out`, from value `at` on: rows `from` and following, or, where `rows` is given, those.
 *
 * @throws `VALUE_INVALID` when a value does not fit.
 */
export type Gather = (
  data: Data,
  rows: Int32Array | undefined,
  from: number,
  count: number,
  out: Int32Array,
  at: number,
) => void;

const selected = new Int32Array(PAGE_ROWS);

/** Values of four or eight bytes each, little-endian, in Parquet's plain encoding. */
export function wordValues(wordsPerValue: 1 | 2, order: WordOrder, gather: Gather): PageValues {
  const range = wordRange(order);
  let words = new Int32Array(256 * wordsPerValue);
  let values = 0;

  function reserve(extra: number): void {
    const needed = (values + extra) * wordsPerValue;
    if (needed <= words.length) return;
    const grown = new Int32Array(Math.max(needed, words.length * 2));
    grown.set(words.subarray(0, values * wordsPerValue));
    words = grown;
  }

  return {
    full: false,
    take({ data, validity }, from, to) {
      const rows = validity === undefined ? undefined : selected;
      const count = validity === undefined ? to - from : selectValid(validity, from, to, selected);
      reserve(count);
      gather(data, rows, from, count, words, values);
      values += count;
      return to;
    },
    endPage() {
      range.add(words, values);
      const bytes = new Uint8Array(words.buffer, 0, values * wordsPerValue * 4);
      values = 0;
      return { encoding: 'PLAIN', bytes };
    },
    endChunk() {
      return { minMax: range.end(), dictionary: undefined };
    },
  };
}

/** Booleans, one bit each, lowest first. */
export function bitValues(): PageValues {
  const bits = new Uint8Array(PAGE_ROWS / 8);
  let values = 0;
  let anyTrue = false;
  let anyFalse = false;
  return {
    full: false,
    take({ data, validity }, from, to) {
      const source: Uint8Array = data.values;
      const count = validity === undefined ? to - from : selectValid(validity, from, to, selected);
      for (let i = 0; i < count; i++) {
        const bit = data.offset + (validity === undefined ? from + i : selected[i]!);
        if ((source[bit >> 3]! >> (bit & 7)) & 1) {
          bits[values >> 3]! |= 1 << (values & 7);
          anyTrue = true;
        } else {
          bits[values >> 3]! &= ~(1 << (values & 7));
          anyFalse = true;
        }
        values++;
      }
      return to;
    },
    endPage() {
      const byteLength = (values + 7) >> 3;
      if (values % 8 !== 0) bits[byteLength - 1]! &= (1 << (values % 8)) - 1;
      values = 0;
      return { encoding: 'PLAIN', bytes: bits.subarray(0, byteLength) };
    },
    endChunk() {
      const minMax =
        anyTrue || anyFalse ? { min: Uint8Array.of(anyFalse ? 0 : 1), max: Uint8Array.of(anyTrue ? 1 : 0) } : undefined;
      anyTrue = false;
      anyFalse = false;
      return { minMax, dictionary: undefined };
    },
  };
}
