import type { RandomAccess } from '@sluice/core';

import { readExactly } from './file-footer.ts';
import { settleAll } from './settle-all.ts';

/** A row group of at most so many bytes is fetched at once, and a larger one in pieces that are no more together. */
const ROW_GROUP_BYTES = 16 * 1_048_576;
/** The least worth a request. */
const MIN_FETCH_BYTES = 65_536;
/** Bytes between two columns that are fetched in vain rather than asking twice. */
const MAX_GAP_BYTES = 65_536;

export interface ByteExtent {
  readonly start: number;
  readonly bytes: number;
}

/** The bytes of one column chunk from front to back, fetched as they are needed. */
export class ChunkInput {
  /** Where the next byte is in the file. */
  at: number;
  readonly #file: RandomAccess;
  readonly #end: number;
  readonly #fetchBytes: number;
  /** What is there already begins at `at`. */
  #bytes: Uint8Array;

  constructor(file: RandomAccess, { start, bytes }: ByteExtent, fetchBytes: number, fetched?: Uint8Array) {
    this.at = start;
    this.#file = file;
    this.#end = start + bytes;
    this.#fetchBytes = fetchBytes;
    this.#bytes = fetched ?? new Uint8Array(0);
  }

  get left(): number {
    return this.#end - this.at;
  }

  /** At least so many of the next bytes, or all that are left; they are not passed over. Valid for good. */
  async peek(count: number): Promise<Uint8Array> {
    const wanted = Math.min(count, this.left);
    const there = this.#bytes.length;
    if (there >= wanted) return this.#bytes;
    const from = this.at + there;
    const to = Math.min(this.#end, Math.max(this.at + wanted, from + this.#fetchBytes));
    const more = await readExactly(this.#file, from, to);
    this.#bytes = there === 0 ? more : Buffer.concat([this.#bytes, more]);
    return this.#bytes;
  }

  /** Passes over bytes that were peeked at. */
  skip(count: number): void {
    this.at += count;
    this.#bytes = this.#bytes.subarray(count);
  }
}

/** The inputs of the chunks read together. Small ones, if they lie close to each other, share a request. */
export async function openChunks(file: RandomAccess, chunks: readonly ByteExtent[]): Promise<readonly ChunkInput[]> {
  const total = chunks.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > ROW_GROUP_BYTES) {
    const fetchBytes = Math.max(MIN_FETCH_BYTES, Math.floor(ROW_GROUP_BYTES / chunks.length));
    return chunks.map((chunk) => new ChunkInput(file, chunk, fetchBytes));
  }
  const spans = spansOf(chunks);
  const fetched = await settleAll(spans.map(({ start, bytes }) => readExactly(file, start, start + bytes)));
  return chunks.map((chunk) => {
    const i = spans.findIndex(({ start, bytes }) => chunk.start >= start && chunk.start + chunk.bytes <= start + bytes);
    const from = chunk.start - spans[i]!.start;
    return new ChunkInput(file, chunk, MIN_FETCH_BYTES, fetched[i]!.subarray(from, from + chunk.bytes));
  });
}

function spansOf(chunks: readonly ByteExtent[]): readonly ByteExtent[] {
  const spans: ByteExtent[] = [];
  for (const { start, bytes } of chunks.toSorted((left, right) => left.start - right.start)) {
    const last = spans.at(-1);
    if (last !== undefined && start <= last.start + last.bytes + MAX_GAP_BYTES) {
      const end = Math.max(last.start + last.bytes, start + bytes);
      spans[spans.length - 1] = { start: last.start, bytes: end - last.start };
    } else {
      spans.push({ start, bytes });
    }
  }
  return spans;
}
