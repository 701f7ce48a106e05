import { crc32 } from 'node:zlib';

const BUFFERED_BYTES = 1024;

/** CRC-32 of all the bytes written, whatever pieces they came in. */
export class CrcBytes {
  #crc = 0;
  #buffer: Uint8Array | undefined;
  #buffered = 0;

  /** Bytes `from` to `to`, `to` not included; they are not kept. */
  write(bytes: Uint8Array, from = 0, to = bytes.length): void {
    const length = to - from;
    // A call of crc32 costs as much as some hundred bytes do.
    if (length >= BUFFERED_BYTES / 2) {
      this.#flush();
      this.#crc = crc32(bytes.subarray(from, to), this.#crc);
      return;
    }
    if (this.#buffered + length > BUFFERED_BYTES) this.#flush();
    this.#buffer ??= new Uint8Array(BUFFERED_BYTES);
    if (length <= 64) {
      const shift = this.#buffered - from;
      for (let i = from; i < to; i++) this.#buffer[shift + i] = bytes[i]!;
    } else {
      this.#buffer.set(bytes.subarray(from, to), this.#buffered);
    }
    this.#buffered += length;
  }

  value(): number {
    this.#flush();
    return this.#crc;
  }

  #flush(): void {
    if (this.#buffer === undefined || this.#buffered === 0) return;
    this.#crc = crc32(this.#buffer.subarray(0, this.#buffered), this.#crc);
    this.#buffered = 0;
  }
}

/** CRC-32 of 32-bit words given one by one. */
export class CrcWords {
  #crc = 0;
  #buffer: Uint32Array | undefined;
  #buffered = 0;

  /** What is above 32 bits is dropped. */
  push(word: number): void {
    this.#buffer ??= new Uint32Array(BUFFERED_BYTES / 4);
    this.#buffer[this.#buffered++] = word;
    if (this.#buffered === BUFFERED_BYTES / 4) this.#flush();
  }

  value(): number {
    this.#flush();
    return this.#crc;
  }

  #flush(): void {
    if (this.#buffer === undefined || this.#buffered === 0) return;
    this.#crc = crc32(this.#buffer.subarray(0, this.#buffered), this.#crc);
    this.#buffered = 0;
  }
}
