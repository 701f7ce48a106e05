import { damaged } from './damage.ts';
import { kernelUncompressSnappy } from './page-kernel.ts';

/** Short literals are copied in steps, without looking where they end. */
const STEP_BYTES = 60;

/**
 * The bytes of one raw Snappy block (https://github.com/google/snappy/blob/main/format_description.txt, read 2025-11),
 * which must be exactly so many.
 *
 * @throws `FILE_CORRUPT`.
 */
export function snappyUncompress(input: Uint8Array, bytes: number): Uint8Array {
  const inputEnd = input.length;
  let at = 0;
  let declared = 0;
  for (let scale = 1; ; scale *= 128) {
    if (at >= inputEnd || scale > 2 ** 28) throw damaged('a Snappy block without a length');
    const byte = input[at++]!;
    declared += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  if (declared !== bytes) throw damaged('a Snappy block of another length than the page');

  const uncompressed = kernelUncompressSnappy(input, at, bytes) ?? uncompressElements(input, at, bytes);
  if (uncompressed === false) throw damaged('a Snappy block that makes no sense');
  return uncompressed;
}

/** The same without the kernel, behind the length of the block. */
export function uncompressElements(input: Uint8Array, start: number, bytes: number): Uint8Array {
  const out = new Uint8Array(bytes);
  const inputEnd = input.length;
  let at = start;
  const source = new DataView(input.buffer, input.byteOffset, inputEnd);
  const target = new DataView(out.buffer, out.byteOffset, bytes);
  let to = 0;
  while (at < inputEnd) {
    const tag = input[at++]!;
    let length = (tag >>> 2) + 1;
    let distance = 0;
    switch (tag & 3) {
      case 0: {
        if (length <= STEP_BYTES && at + STEP_BYTES <= inputEnd && to + STEP_BYTES <= bytes) {
          // What is copied beyond the end is overwritten by what comes next.
          for (let i = 0; i < length; i += 4) target.setInt32(to + i, source.getInt32(at + i, true), true);
          at += length;
          to += length;
          continue;
        }
        if (length > 60) {
          const lengthBytes = length - 60;
          if (at + lengthBytes > inputEnd) throw cutShort();
          length = 1;
          for (let i = 0; i < lengthBytes; i++) length += input[at + i]! * 2 ** (8 * i);
          at += lengthBytes;
        }
        if (at + length > inputEnd || to + length > bytes) throw cutShort();
        out.set(input.subarray(at, at + length), to);
        at += length;
        to += length;
        continue;
      }
      case 1:
        length = ((tag >>> 2) & 7) + 4;
        distance = ((tag & 0xe0) << 3) | input[at]!;
        at += 1;
        break;
      case 2:
        distance = input[at]! | (input[at + 1]! << 8);
        at += 2;
        break;
      default:
        distance = input[at]! | (input[at + 1]! << 8) | (input[at + 2]! << 16) | (input[at + 3]! << 24);
        at += 4;
    }
    if (at > inputEnd || distance <= 0 || distance > to || to + length > bytes) {
      throw damaged('a Snappy block with a copy that makes no sense');
    }
    const end = to + length;
    if (distance >= 4 && end + 3 <= bytes) {
      // Four bytes back there is nothing that this copy has yet to make.
      for (let i = to; i < end; i += 4) target.setInt32(i, target.getInt32(i - distance, true), true);
    } else {
      for (let i = to; i < end; i++) out[i] = out[i - distance]!;
    }
    to = end;
  }
  if (to !== bytes) throw cutShort();
  return out;
}

function cutShort(): Error {
  return damaged('a Snappy block that is cut short');
}
