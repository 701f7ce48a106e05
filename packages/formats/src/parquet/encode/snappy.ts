/**
 * Snappy's raw format (https://github.com/google/snappy/blob/main/format_description.txt), compression only.
 *
 * The input is compressed in fragments of 64 KiB with a hash table of positions, as the format's reference does, so that
 * every distance fits two bytes.
 */
const FRAGMENT_BYTES = 65_536;
const TABLE_BITS = 14;
/** Matches are looked for while at least so many bytes follow, which spares bounds checks near the end. */
const INPUT_MARGIN = 15;

const table = new Uint16Array(1 << TABLE_BITS);

export function snappyBound(inputBytes: number): number {
  return 32 + inputBytes + Math.ceil(inputBytes / 6);
}

/** Writes to `output`, which has room for `snappyBound(input.length)` bytes, and returns how many it wrote. */
export function snappyCompressInto(input: Uint8Array, output: Uint8Array): number {
  let op = 0;
  let rest = input.length;
  while (rest > 0x7f) {
    output[op++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  output[op++] = rest;
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  for (let start = 0; start < input.length; start += FRAGMENT_BYTES) {
    op = compressFragment(input, view, start, Math.min(input.length, start + FRAGMENT_BYTES), output, op);
  }
  return op;
}

function compressFragment(
  input: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  output: Uint8Array,
  at: number,
): number {
  let op = at;
  let literalStart = start;
  const limit = end - INPUT_MARGIN;
  if (start < limit) {
    table.fill(0);
    let ip = start + 1;
    scan: while (true) {
      // Steps grow while nothing matches, so that incompressible bytes are passed quickly.
      let skip = 32;
      let candidate: number;
      let word: number;
      while (true) {
        if (ip > limit) break scan;
        word = view.getInt32(ip, true);
        const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - TABLE_BITS);
        candidate = start + table[slot]!;
        table[slot] = ip - start;
        if (candidate < ip && view.getInt32(candidate, true) === word) break;
        ip += skip++ >>> 5;
      }
      op = writeLiteral(input, literalStart, ip, output, op);
      while (true) {
        let length = 4;
        const most = end - ip;
        while (length + 4 <= most && view.getInt32(ip + length, true) === view.getInt32(candidate + length, true)) {
          length += 4;
        }
        while (length < most && input[ip + length] === input[candidate + length]) length++;
        op = writeCopy(ip - candidate, length, output, op);
        ip += length;
        literalStart = ip;
        if (ip > limit) break scan;
        table[Math.imul(view.getInt32(ip - 1, true), 0x1e35a7bd) >>> (32 - TABLE_BITS)] = ip - 1 - start;
        word = view.getInt32(ip, true);
        const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - TABLE_BITS);
        candidate = start + table[slot]!;
        table[slot] = ip - start;
        if (candidate >= ip || view.getInt32(candidate, true) !== word) break;
      }
      ip++;
    }
  }
  return literalStart < end ? writeLiteral(input, literalStart, end, output, op) : op;
}

function writeLiteral(input: Uint8Array, start: number, end: number, output: Uint8Array, at: number): number {
  let op = at;
  const count = end - start;
  const tag = count - 1;
  if (tag < 60) {
    output[op++] = tag << 2;
  } else if (tag < 0x1_00) {
    output[op++] = 60 << 2;
    output[op++] = tag;
  } else {
    // A fragment has 64 KiB, so that two bytes always do.
    output[op++] = 61 << 2;
    output[op++] = tag;
    output[op++] = tag >>> 8;
  }
  if (count > 48) {
    output.set(input.subarray(start, end), op);
    return op + count;
  }
  for (let ip = start; ip < end; ip++) output[op++] = input[ip]!;
  return op;
}

function writeCopy(distance: number, count: number, output: Uint8Array, at: number): number {
  let op = at;
  let rest = count;
  // A copy holds 64 bytes at most, and the last one at least 4.
  while (rest >= 68) {
    op = writeLongCopy(distance, 64, output, op);
    rest -= 64;
  }
  if (rest > 64) {
    op = writeLongCopy(distance, 60, output, op);
    rest -= 60;
  }
  if (rest >= 12 || distance >= 2048) return writeLongCopy(distance, rest, output, op);
  output[op++] = 1 | ((rest - 4) << 2) | ((distance >>> 8) << 5);
  output[op++] = distance;
  return op;
}

function writeLongCopy(distance: number, count: number, output: Uint8Array, at: number): number {
  output[at] = 2 | ((count - 1) << 2);
  output[at + 1] = distance;
  output[at + 2] = distance >>> 8;
  return at + 3;
}
