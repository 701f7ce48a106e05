const WORD = 2 ** 32;

/** 64-bit integers as numbers, and where those are not exact, as what they are. */
export class WideIntegers {
  readonly #wide: BigInt64Array;
  readonly #low: Uint32Array;
  readonly #high: Int32Array;

  constructor(values: BigInt64Array) {
    this.#wide = values;
    this.#low = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
    this.#high = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  }

  /** Undefined beyond what a double holds exactly. */
  small(row: number): number | undefined {
    // Little-endian, as Arrow is on every machine this runs on.
    const value = this.#high[2 * row + 1]! * WORD + this.#low[2 * row]!;
    return Number.isSafeInteger(value) ? value : undefined;
  }

  big(row: number): bigint {
    return this.#wide[row]!;
  }
}

/** A whole number that a double holds, as 64 bits in network order. */
export function putInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / WORD);
  view.setInt32(at, high);
  view.setUint32(at + 4, value - high * WORD);
}
