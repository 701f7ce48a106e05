import { randomUUID } from 'node:crypto';
import { open, rm, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { SluiceError } from '@sluice/core';

import type { UploadRange } from '../ingest-rows/encode/ingest-encoder.ts';

const CHUNK_BYTES = 262_144;
/** What is read at once for the sake of a short range: the next one is often close to it. */
const WINDOW_BYTES = 16_384;

/** Encoded rows that cannot be uploaded yet, in a temporary file that nobody else can read and that dies with the process. */
export class RowSpool implements AsyncDisposable {
  #file: FileHandle | undefined;
  /** Still to be removed, where an open file cannot be. */
  #path: string | undefined;
  #byteLength = 0;

  get byteLength(): number {
    return this.#byteLength;
  }

  async append(bytes: Uint8Array): Promise<void> {
    await onDisk(async () => {
      this.#file ??= await this.#create();
      let written = 0;
      while (written < bytes.length) {
        const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, this.#byteLength);
        written += bytesWritten;
        this.#byteLength += bytesWritten;
      }
    });
  }

  /** The ranges one after another, in chunks. Ranges may be as short as a row, and lie anywhere. */
  async *read(ranges: Iterable<UploadRange>): AsyncGenerator<Uint8Array, void, undefined> {
    let window: Uint8Array = new Uint8Array(0);
    let windowAt = 0;
    let chunk: Uint8Array[] = [];
    let chunkBytes = 0;
    for (const { fromByte, toByte } of ranges) {
      for (let at = fromByte; at < toByte;) {
        if (at < windowAt || at >= windowAt + window.length) {
          window = await this.#bytesAt(at, Math.min(CHUNK_BYTES, Math.max(WINDOW_BYTES, toByte - at)));
          windowAt = at;
        }
        const bytes = window.subarray(at - windowAt, toByte - windowAt);
        chunk.push(bytes);
        chunkBytes += bytes.length;
        at += bytes.length;
        if (chunkBytes < CHUNK_BYTES) continue;
        yield Buffer.concat(chunk);
        chunk = [];
        chunkBytes = 0;
      }
    }
    if (chunkBytes > 0) yield Buffer.concat(chunk);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    if (this.#path !== undefined) await rm(this.#path, { force: true });
    this.#path = undefined;
  }

  async #bytesAt(at: number, most: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafeSlow(most);
    const read = await onDisk(async () => await this.#file?.read(bytes, 0, most, at));
    if (read === undefined || read.bytesRead === 0) {
      throw new SluiceError('STAGED_DATA_LOST', 'the temporary file of encoded rows is cut short');
    }
    return bytes.subarray(0, read.bytesRead);
  }

  async #create(): Promise<FileHandle> {
    const path = join(tmpdir(), `sluice-rows-${randomUUID()}`);
    const file = await open(path, 'wx+', 0o600);
    this.#path = path;
    try {
      await unlink(path);
      this.#path = undefined;
    } catch {
      // Removed when it is closed.
    }
    return file;
  }
}

async function onDisk<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const isFull = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
    throw new SluiceError(isFull ? 'STORAGE_FULL' : 'IO_FAILED', `encoded rows cannot be kept in ${tmpdir()}`, {
      cause,
      hint: 'Free space there, or set TMPDIR to a folder that has some.',
    });
  }
}
