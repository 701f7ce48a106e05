import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

import type { RecordBatch, Schema } from 'apache-arrow';

import type { JsonObject } from '../contract/json.ts';
import { decodeBatch, encodeBatch } from './batch-codec.ts';

/** `slr1` in ASCII, little-endian: begins every frame, and tells its version. */
const MAGIC = 0x3172_6c73;
/** The magic, a checksum of all that follows it, the length of the head, and that of the batch. */
const PREFIX_BYTES = 16;

/** A batch, and what there is to say of it. */
export interface RowFrame<H extends JsonObject> {
  readonly head: H;
  readonly batch: RecordBatch;
}

/** Appends frames to a new file that only its owner may read. What was there under its name is gone. */
export class RowFileWriter<H extends JsonObject> implements AsyncDisposable {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create<H extends JsonObject>(path: string): Promise<RowFileWriter<H>> {
    return new RowFileWriter<H>(await open(path, 'w', 0o600));
  }

  async append({ head, batch }: RowFrame<H>): Promise<void> {
    const text = Buffer.from(JSON.stringify(head));
    const body = encodeBatch(batch);
    const bodyBytes = body.reduce((bytes, piece) => bytes + piece.byteLength, 0);
    const frame = Buffer.concat([Buffer.alloc(PREFIX_BYTES), ...body, text]);
    frame.writeUInt32LE(MAGIC, 0);
    frame.writeUInt32LE(text.length, 8);
    frame.writeUInt32LE(bodyBytes, 12);
    frame.writeUInt32LE(crc32(frame.subarray(8)), 4);
    await this.#file.writeFile(frame);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

/**
 * The frames of a file, up to its end or to where it is damaged. Whoever needs all of them counts: a file that is cut
 * between two frames, or is not there, looks like a shorter one.
 */
export async function* readRowFile<H extends JsonObject>(
  path: string,
  schema: Schema,
): AsyncGenerator<RowFrame<H>, void, undefined> {
  await using file = await openIfThere(path);
  if (file === undefined) return;
  for (let at = 0; ;) {
    const prefix = await bytesAt(file, at, PREFIX_BYTES);
    if (prefix?.readUInt32LE(0) !== MAGIC) return;
    const [textBytes, bodyBytes] = [prefix.readUInt32LE(8), prefix.readUInt32LE(12)];
    const rest = await bytesAt(file, at + PREFIX_BYTES, bodyBytes + textBytes);
    if (rest === undefined || crc32(rest, crc32(prefix.subarray(8))) !== prefix.readUInt32LE(4)) return;
    yield {
      // Written as one, and unharmed.
      head: JSON.parse(rest.toString('utf8', bodyBytes)) as H,
      batch: decodeBatch(schema, rest.subarray(0, bodyBytes)),
    };
    at += PREFIX_BYTES + rest.length;
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** In memory of its own, from which arrays may be had of any element; undefined where there are not as many. */
async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const { size } = await file.stat();
  if (position + length > size) return undefined;
  const bytes = Buffer.from(new ArrayBuffer(length));
  for (let filled = 0; filled < length;) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return bytes;
}
