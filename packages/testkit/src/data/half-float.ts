const F32 = new Float32Array(1);
const BITS = new Uint32Array(F32.buffer);

/** The 16 bits of a number that is exact as a half-precision float and not subnormal. */
export function halfBits(value: number): number {
  F32[0] = value;
  const bits = BITS[0]!;
  const sign = (bits >>> 16) & 0x8000;
  if (Number.isNaN(value)) return 0x7e00;
  if (value === 0) return sign;
  if (!Number.isFinite(value)) return sign | 0x7c00;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  if (exponent < 1 || exponent > 30 || (bits & 0x1fff) !== 0) throw new TypeError(`${value} is no exact half float`);
  return sign | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}

export function numberOfHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
