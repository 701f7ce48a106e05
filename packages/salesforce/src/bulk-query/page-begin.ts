import { crc32 } from 'node:zlib';

/** Kept of a page, so that what it begins with is known whichever chunks it came in. */
const MAX_HEAD_BYTES = 16 * 1024;

/** What a page begins with: tells whether a page read again is the one it was. */
export class PageBegin {
  readonly #head = Buffer.alloc(MAX_HEAD_BYTES);
  #bytes = 0;

  take(chunk: Uint8Array): void {
    if (this.#bytes >= MAX_HEAD_BYTES) return;
    this.#head.set(chunk.subarray(0, MAX_HEAD_BYTES - this.#bytes), this.#bytes);
    this.#bytes += chunk.length;
  }

  /** Of the bytes before an offset that has been reached, or of as many as are kept. */
  before(byteOffset: number): string {
    const bytes = Math.min(byteOffset, MAX_HEAD_BYTES);
    return `${bytes}:${crc32(this.#head.subarray(0, bytes))}`;
  }

  /** Whether the page begins as the one that `before` gave this of. */
  isLike(before: string): boolean {
    return this.before(Number.parseInt(before, 10)) === before;
  }
}
