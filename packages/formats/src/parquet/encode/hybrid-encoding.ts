import type { GrowingBytes } from '../../bits/growing-bytes.ts';

/**
 * Parquet's hybrid of run lengths and bit packing, used for levels and dictionary indices
 * (https://parquet.apache.org/docs/file-format/data-pages/encodings/, read 2025-11).
 */

export function bitWidthOf(maxValue: number): number {
  return Math.max(1, 32 - Math.clz32(maxValue));
}

export function appendRun(out: GrowingBytes, value: number, count: number, bitWidth: number): void {
  out.appendVarint(count * 2);
  for (let shift = 0; shift < bitWidth; shift += 8) out.appendByte((value >>> shift) & 0xff);
}

/** Levels of width 1 given as a bitmap, lowest bit first, which is exactly one bit-packed run. */
export function appendBitmapRun(out: GrowingBytes, bitmap: Uint8Array, count: number): void {
  const groups = (count + 7) >>> 3;
  out.appendVarint(groups * 2 + 1);
  out.appendBytes(bitmap, 0, groups);
}

/** A run must pay for the literal run it interrupts. */
const SHORTEST_RUN = 16;

export function appendIndices(out: GrowingBytes, indices: Int32Array, count: number, bitWidth: number): void {
  let packedFrom = 0;
  let at = 0;
  while (at < count) {
    const value = indices[at]!;
    let end = at + 1;
    while (end < count && indices[end] === value) end++;
    if (end - at >= SHORTEST_RUN) {
      // Literals come in groups of eight, so the run first fills the last group.
      const fill = -(at - packedFrom) & 7;
      const runFrom = at + fill;
      if (end - runFrom >= 8) {
        appendPacked(out, indices, packedFrom, runFrom, bitWidth);
        appendRun(out, value, end - runFrom, bitWidth);
        packedFrom = end;
      }
    }
    at = end;
  }
  appendPacked(out, indices, packedFrom, count, bitWidth);
}

function appendPacked(out: GrowingBytes, indices: Int32Array, from: number, to: number, bitWidth: number): void {
  if (from === to) return;
  const groups = (to - from + 7) >>> 3;
  out.appendVarint(groups * 2 + 1);
  const byteLength = groups * bitWidth;
  out.reserve(byteLength);
  const { bytes } = out;
  const end = out.length + byteLength;
  let op = out.length;
  let pending = 0;
  let pendingBits = 0;
  for (let i = from; i < to; i++) {
    pending |= indices[i]! << pendingBits;
    pendingBits += bitWidth;
    while (pendingBits >= 8) {
      bytes[op++] = pending;
      pending >>>= 8;
      pendingBits -= 8;
    }
  }
  if (pendingBits > 0) bytes[op++] = pending;
  bytes.fill(0, op, end);
  out.length = end;
}
