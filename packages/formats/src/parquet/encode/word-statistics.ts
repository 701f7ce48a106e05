import type { MinMax } from './page-values.ts';

/** How values of four or eight bytes are compared. */
export type WordOrder = 'int32' | 'uint32' | 'float' | 'int64' | 'uint64' | 'double';

/** The range of the values of one column chunk, page by page. */
interface WordRange {
  /** `words` holds the values as little-endian pairs of 32-bit words, or single ones. */
  add(words: Int32Array<ArrayBuffer>, values: number): void;
  /** The range since the last call. */
  end(): MinMax | undefined;
}

export function wordRange(order: WordOrder): WordRange {
  return RANGES[order]();
}

const RANGES: Readonly<Record<WordOrder, () => WordRange>> = {
  int32: () => numberRange((words) => words, Int32Array),
  uint32: () => numberRange((words) => new Uint32Array(words.buffer), Uint32Array),
  float: () => numberRange((words) => new Float32Array(words.buffer), Float32Array),
  double: () => numberRange((words) => new Float64Array(words.buffer), Float64Array),
  int64: () => longRange(0),
  uint64: () => longRange(0x8000_0000 | 0),
};

type NumberArray =
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

function numberRange(
  viewOf: (words: Int32Array<ArrayBuffer>) => NumberArray,
  ArrayType: new (values: number[]) => NumberArray,
): WordRange {
  let min = Infinity;
  let max = -Infinity;
  let any = false;
  let ordered = true;
  return {
    add(words, values) {
      const view = viewOf(words);
      for (let i = 0; i < values; i++) {
        const value = view[i]!;
        if (value < min) min = value;
        if (value > max) max = value;
        if (value !== value) ordered = false;
      }
      any ||= values > 0;
    },
    end() {
      // Readers disagree on where NaN stands, so a chunk with one has no range. A zero is widened to both its signs.
      const range =
        any && ordered
          ? { min: bytesOf(new ArrayType([min === 0 ? -0 : min])), max: bytesOf(new ArrayType([max === 0 ? 0 : max])) }
          : undefined;
      min = Infinity;
      max = -Infinity;
      any = false;
      ordered = true;
      return range;
    },
  };
}

/** Compares without bigints: high words as signed numbers, flipped where values are unsigned, then low words as unsigned ones. */
function longRange(flip: number): WordRange {
  let any = false;
  let minHigh = 0;
  let minLow = 0;
  let maxHigh = 0;
  let maxLow = 0;
  return {
    add(words, values) {
      if (values === 0) return;
      if (!any) {
        any = true;
        minHigh = maxHigh = words[1]! ^ flip;
        minLow = maxLow = words[0]! >>> 0;
      }
      for (let i = 0; i < values; i++) {
        const high = words[2 * i + 1]! ^ flip;
        const low = words[2 * i]! >>> 0;
        if (high < minHigh || (high === minHigh && low < minLow)) {
          minHigh = high;
          minLow = low;
        }
        if (high > maxHigh || (high === maxHigh && low > maxLow)) {
          maxHigh = high;
          maxLow = low;
        }
      }
    },
    end() {
      if (!any) return undefined;
      any = false;
      return {
        min: bytesOf(new Int32Array([minLow | 0, minHigh ^ flip])),
        max: bytesOf(new Int32Array([maxLow | 0, maxHigh ^ flip])),
      };
    },
  };
}

function bytesOf(values: NumberArray): Uint8Array {
  return new Uint8Array(values.buffer);
}
