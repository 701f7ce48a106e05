import { damaged } from './damage.ts';

/**
 * The bytes of one LZ4 block (https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md, read 2025-11), which must be
 * exactly as many as `out` holds.
 *
 * @throws `FILE_CORRUPT`.
 */
export function lz4UncompressInto(input: Uint8Array, out: Uint8Array): void {
  const inputEnd = input.length;
  let at = 0;
  let to = 0;

  function readLength(nibble: number): number {
    let length = nibble;
    if (nibble < 15) return length;
    while (true) {
      if (at >= inputEnd) throw cutShort();
      const byte = input[at++]!;
      length += byte;
      if (byte < 255) return length;
    }
  }

  while (at < inputEnd) {
    const token = input[at++]!;
    const literals = readLength(token >>> 4);
    if (at + literals > inputEnd || to + literals > out.length) throw cutShort();
    out.set(input.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has literals alone.
    if (at === inputEnd) break;
    if (at + 2 > inputEnd) throw cutShort();
    const distance = input[at]! | (input[at + 1]! << 8);
    at += 2;
    const length = readLength(token & 15) + 4;
    if (distance === 0 || distance > to || to + length > out.length) throw cutShort();
    for (const end = to + length; to < end; to++) out[to] = out[to - distance]!;
  }
  if (to !== out.length) throw cutShort();
}

/**
 * As Hadoop writes LZ4: blocks with both their lengths in front, the highest byte first, one after the other.
 *
 * @throws `FILE_CORRUPT`.
 */
export function hadoopLz4UncompressInto(input: Uint8Array, out: Uint8Array): void {
  const lengths = new DataView(input.buffer, input.byteOffset, input.byteLength);
  let at = 0;
  let to = 0;
  while (at < input.length) {
    if (at + 8 > input.length) throw cutShort();
    const bytes = lengths.getUint32(at);
    const compressedBytes = lengths.getUint32(at + 4);
    at += 8;
    if (at + compressedBytes > input.length || to + bytes > out.length) throw cutShort();
    lz4UncompressInto(input.subarray(at, at + compressedBytes), out.subarray(to, to + bytes));
    at += compressedBytes;
    to += bytes;
  }
  if (to !== out.length) throw cutShort();
}

function cutShort(): Error {
  return damaged('an LZ4 block that makes no sense');
}
