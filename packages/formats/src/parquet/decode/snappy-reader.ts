import { damaged } from './damage.ts';

/**
 * The bytes of one raw Snappy block (https://github.com/google/snappy/blob/main/format_description.txt, read 2025-11),
 * which must be exactly as many as `out` holds.
 *
 * @throws `FILE_CORRUPT`.
 */
export function snappyUncompressInto(input: Uint8Array, out: Uint8Array): void {
  const inputEnd = input.length;
  const outputEnd = out.length;
  let at = 0;
  let declared = 0;
  for (let scale = 1; ; scale *= 128) {
    if (at >= inputEnd || scale > 2 ** 28) throw damaged('a Snappy block without a length');
    const byte = input[at++]!;
    declared += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  if (declared !== outputEnd) throw damaged('a Snappy block of another length than the page');

  let to = 0;
  while (at < inputEnd) {
    const tag = input[at++]!;
    let length = 0;
    let distance = 0;
    switch (tag & 3) {
      case 0: {
        length = (tag >>> 2) + 1;
        if (length > 60) {
          const lengthBytes = length - 60;
          if (at + lengthBytes > inputEnd) throw damaged('a Snappy block that is cut short');
          length = 1;
          for (let i = 0; i < lengthBytes; i++) length += input[at + i]! * 2 ** (8 * i);
          at += lengthBytes;
        }
        if (at + length > inputEnd || to + length > outputEnd) throw damaged('a Snappy block that is cut short');
        if (length > 32) {
          out.set(input.subarray(at, at + length), to);
          at += length;
          to += length;
        } else {
          for (const end = to + length; to < end;) out[to++] = input[at++]!;
        }
        continue;
      }
      case 1:
        length = ((tag >>> 2) & 7) + 4;
        distance = ((tag & 0xe0) << 3) | input[at]!;
        at += 1;
        break;
      case 2:
        length = (tag >>> 2) + 1;
        distance = input[at]! | (input[at + 1]! << 8);
        at += 2;
        break;
      default:
        length = (tag >>> 2) + 1;
        distance = input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24);
        at += 4;
    }
    if (at > inputEnd || distance <= 0 || distance > to || to + length > outputEnd) {
      throw damaged('a Snappy block with a copy that makes no sense');
    }
    if (length > 32 && distance >= length) {
      out.copyWithin(to, to - distance, to - distance + length);
      to += length;
    } else {
      // Byte by byte, since a copy may overlap what it makes.
      for (const end = to + length; to < end; to++) out[to] = out[to - distance]!;
    }
  }
  if (to !== outputEnd) throw damaged('a Snappy block that is cut short');
}
