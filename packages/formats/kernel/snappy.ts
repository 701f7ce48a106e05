/** Literals of so many bytes and more are left to `memory.copy`. */
const LONG_BYTES: u32 = 64;

/**
 * Uncompresses the elements of a Snappy block, behind its length, and tells whether they are sound and give exactly the
 * bytes of `[output, outputEnd)`. Up to 64 bytes behind either end are read, and behind the output also written.
 */
export function uncompressSnappy(input: usize, inputEnd: usize, output: usize, outputEnd: usize): bool {
  let at = input;
  let to = output;
  while (at < inputEnd) {
    const tag = <u32>load<u8>(at++);
    let length = (tag >> 2) + 1;
    if ((tag & 3) == 0) {
      if (length > 60) {
        const lengthBytes = length - 60;
        length = (load<u32>(at) & (0xffff_ffff >> (32 - 8 * lengthBytes))) + 1;
        at += lengthBytes;
        // Cut off within its length, or one of 4 GiB.
        if (at > inputEnd || length == 0) return false;
      }
      if (length > <u32>(inputEnd - at) || length > <u32>(outputEnd - to)) return false;
      if (length < LONG_BYTES) {
        for (let i: u32 = 0; i < length; i += 16) v128.store(to + i, v128.load(at + i));
      } else {
        memory.copy(to, at, length);
      }
      at += length;
      to += length;
      continue;
    }
    let distance: u32;
    if ((tag & 3) == 1) {
      length = ((tag >> 2) & 7) + 4;
      distance = ((tag & 0xe0) << 3) | load<u8>(at);
      at += 1;
    } else if ((tag & 3) == 2) {
      distance = load<u16>(at);
      at += 2;
    } else {
      distance = load<u32>(at);
      at += 4;
    }
    if (at > inputEnd || distance == 0 || distance > <u32>(to - output) || length > <u32>(outputEnd - to)) return false;
    copyBack(to, distance, length);
    to += length;
  }
  return to == outputEnd;
}

/** A copy may overlap what it makes, so that no step is wider than the way back. */
function copyBack(to: usize, distance: u32, length: u32): void {
  const from = to - distance;
  if (distance >= 16) {
    for (let i: u32 = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
  } else if (distance >= 8) {
    for (let i: u32 = 0; i < length; i += 8) store<u64>(to + i, load<u64>(from + i));
  } else {
    for (let i: u32 = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i));
  }
}
