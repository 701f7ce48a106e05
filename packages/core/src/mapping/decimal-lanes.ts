import type { Data } from 'apache-arrow';

/** The 64-bit lanes of a column of decimals, the lowest of a value first. */
export function decimalLanes(data: Data): BigInt64Array {
  // Decimals lie in 32-bit words.
  const { buffer, byteOffset, byteLength } = data.values as Uint32Array;
  if (byteOffset % 8 === 0) return new BigInt64Array(buffer, byteOffset, byteLength / 8);
  return new BigInt64Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

/** The whole number in `count` lanes from `at` on. */
export function readLanes(lanes: BigInt64Array, at: number, count: number): bigint {
  const low = lanes[at]!;
  if (count === 2 && lanes[at + 1] === low >> 63n) return low;
  const sign = low >> 63n;
  let isSmall = true;
  for (let i = 1; i < count; i++) if (lanes[at + i] !== sign) isSmall = false;
  if (isSmall) return low;
  let value = lanes[at + count - 1]!;
  for (let i = count - 2; i >= 0; i--) value = (value << 64n) | BigInt.asUintN(64, lanes[at + i]!);
  return value;
}

export function writeLanes(lanes: BigInt64Array, at: number, count: number, value: bigint): void {
  lanes[at] = value;
  for (let i = 1; i < count; i++) lanes[at + i] = value >> BigInt(64 * i);
}
