import { SluiceError } from '@sluice/core';

import type { BytePage } from './byte-run.ts';
import { damaged } from './damage.ts';
import { type SlotSource, wordsOf } from './slot-source.ts';

/** Makes Arrow's slots of `count` values as they are stored; `source` begins at a whole word. */
export interface SlotConversion {
  readonly storedBytes: number;
  convert(source: Uint8Array, count: number, out: Uint8Array, at: number): void;
}

/** The source of converted slots. */
export function converted(source: SlotSource, { storedBytes, convert }: SlotConversion): SlotSource {
  return (count, out, at) => {
    const stored = new Uint8Array(count * storedBytes);
    source(count, stored, 0);
    convert(stored, count, out, at);
  };
}

type SmallArray = Int8Array | Uint8Array | Int16Array | Uint16Array;

/** Words to integers of one or two bytes. */
export function narrow(
  viewOf: new (buffer: ArrayBufferLike, byteOffset: number, length: number) => SmallArray,
  slotBytes: 1 | 2,
): SlotConversion {
  return {
    storedBytes: 4,
    convert(source, count, out, at) {
      const words = wordsOf(source);
      const target = new viewOf(out.buffer, out.byteOffset + at, count);
      let isWhole = true;
      for (let i = 0; i < count; i++) {
        target[i] = words[i]!;
        isWhole &&= target[i] === words[i];
      }
      if (!isWhole) throw damaged(`an integer that ${slotBytes * 8} bits do not hold`);
    },
  };
}

/** Integers of four or eight bytes to decimals of so many words. */
export function widen(storedBytes: 4 | 8, words: number): SlotConversion {
  const storedWords = storedBytes / 4;
  return {
    storedBytes,
    convert(source, count, out, at) {
      const from = wordsOf(source);
      const target = wordsOf(out);
      let to = at / 4;
      for (let i = 0; i < count * storedWords; i += storedWords, to += words) {
        const high = from[i + storedWords - 1]!;
        target[to] = from[i]!;
        target[to + 1] = storedWords === 2 ? high : high >> 31;
        for (let word = 2; word < words; word++) target[to + word] = high >> 31;
      }
    },
  };
}

/** Two's complement of so many bytes, the highest first, to decimals of so many words. */
export function decimalBytes(storedBytes: number, words: number): SlotConversion {
  return {
    storedBytes,
    convert(source, count, out, at) {
      const target = wordsOf(out);
      for (let i = 0; i < count; i++) {
        putDecimal(source, i * storedBytes, (i + 1) * storedBytes, target, at / 4 + i * words, words);
      }
    },
  };
}

/** The same where each value has a length of its own. */
export function decimalSlots(page: BytePage, words: number): SlotSource {
  return (count, out, at) => {
    const { lengths, take } = page(count);
    const stored = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
    take(0, count, stored, 0);
    const target = wordsOf(out);
    let from = 0;
    for (let i = 0; i < count; i++) {
      putDecimal(stored, from, from + lengths[i]!, target, at / 4 + i * words, words);
      from += lengths[i]!;
    }
  };
}

function putDecimal(
  source: Uint8Array,
  start: number,
  end: number,
  target: Int32Array,
  at: number,
  words: number,
): void {
  if (start === end) throw damaged('a decimal of no bytes');
  const sign = (source[start]! << 24) >> 31;
  let first = start;
  // Bytes in front that only repeat the sign.
  for (; end - first > words * 4; first++) {
    if (source[first] !== (sign & 0xff) || (source[first + 1]! << 24) >> 31 !== sign) {
      throw damaged('a decimal of more digits than its type declares');
    }
  }
  target.fill(sign, at, at + words);
  for (let from = end - 1, shift = 0, word = at; from >= first; from--) {
    target[word] = (target[word]! & ~(0xff << shift)) | (source[from]! << shift);
    shift += 8;
    if (shift === 32) {
      shift = 0;
      word++;
    }
  }
}

/** How an instant of INT96, days and nanoseconds of the day, becomes 64 bits. */
export type Int96Unit = 'micros' | 'nanos';

const JULIAN_DAY_OF_EPOCH = 2_440_588;
const DAY_NANOS = 86_400_000_000_000n;

export function int96Instants(unit: Int96Unit): SlotConversion {
  return {
    storedBytes: 12,
    convert(source, count, out, at) {
      const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
      const target = new BigInt64Array(out.buffer, out.byteOffset + at, count);
      for (let i = 0; i < count; i++) {
        const nanosOfDay = view.getBigInt64(i * 12, true);
        const day = view.getInt32(i * 12 + 8, true) - JULIAN_DAY_OF_EPOCH;
        const nanos = BigInt(day) * DAY_NANOS + nanosOfDay;
        target[i] = unit === 'nanos' ? inRange(nanos) : wholeMicros(nanos);
      }
    },
  };
}

function inRange(nanos: bigint): bigint {
  if (BigInt.asIntN(64, nanos) === nanos) return nanos;
  throw new SluiceError('VALUE_INVALID', 'an instant lies beyond what 64 bits of nanoseconds hold', {
    hint: `Read instants of INT96 with int96: 'micros'.`,
  });
}

function wholeMicros(nanos: bigint): bigint {
  if (nanos % 1000n === 0n) return nanos / 1000n;
  throw new SluiceError('VALUE_INVALID', 'an instant is finer than a microsecond', {
    hint: `Read instants of INT96 with int96: 'nanos'.`,
  });
}

/** Months, days and milliseconds, unsigned, to months, days and nanoseconds. */
export const intervals: SlotConversion = {
  storedBytes: 12,
  convert(source, count, out, at) {
    const stored = wordsOf(source);
    const target = new DataView(out.buffer, out.byteOffset + at, count * 16);
    for (let i = 0; i < count; i++) {
      const months = stored[i * 3]!;
      const days = stored[i * 3 + 1]!;
      if (months < 0 || days < 0) throw damaged('an interval of more months or days than 31 bits hold');
      target.setInt32(i * 16, months, true);
      target.setInt32(i * 16 + 4, days, true);
      target.setBigInt64(i * 16 + 8, BigInt(stored[i * 3 + 2]! >>> 0) * 1_000_000n, true);
    }
  },
};
