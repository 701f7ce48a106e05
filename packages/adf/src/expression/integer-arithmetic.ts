const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** The integer a value is, exactly; `undefined` for a float. */
export function integerOf(value: number | bigint): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

/** A `number` where that is exact. `undefined` outside of 64 bits. */
export function fromInteger(value: bigint): number | bigint | undefined {
  if (value < MIN_INT64 || value > MAX_INT64) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
