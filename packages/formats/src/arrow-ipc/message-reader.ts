import { SluiceError } from '@sluice/core';
import { Message } from 'apache-arrow';

import { isSoundMessage } from './sound-message.ts';

const CONTINUATION = 0xffff_ffff;
/** `ARRO`, which begins the other format, whose messages are found by a footer. */
const FILE_MAGIC = 0x4f52_5241;
/** No schema comes near; what does is no Arrow. */
const MAX_METADATA_BYTES = 256 * 1_048_576;

export interface IpcMessage {
  readonly message: Message;
  /** In a buffer of its own. */
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * The messages of a stream up to its end marker.
 *
 * @throws `FILE_CORRUPT`; `CONFIG_INVALID` for the file format.
 */
export async function* readMessages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<IpcMessage, void, undefined> {
  const input = new ByteInput(chunks);
  try {
    let word = await input.readUint32();
    if (word === FILE_MAGIC) {
      throw new SluiceError('CONFIG_INVALID', 'this is an Arrow IPC file, and no stream', {
        hint: 'Read it as the format arrowFile.',
      });
    }
    while (true) {
      // Streams of the first versions have the length alone.
      const metadataBytes = word === CONTINUATION ? await input.readUint32() : word;
      if (metadataBytes === 0) return;
      if (metadataBytes > MAX_METADATA_BYTES) throw corrupt('it is no Arrow stream, or was damaged');
      const message = decodeMetadata(await input.read(metadataBytes));
      yield { message, body: await input.read(message.bodyLength) };
      word = await input.readUint32();
    }
  } finally {
    await input.close();
  }
}

export function corrupt(problem: string, cause?: unknown): SluiceError {
  return new SluiceError('FILE_CORRUPT', `Arrow IPC data cannot be read: ${problem}`, {
    ...(cause === undefined ? {} : { cause }),
    hint: 'Check that the file is whole, and a stream or a file of Arrow IPC as it is said to be.',
  });
}

export function decodeMetadata(bytes: Uint8Array): Message {
  if (!isSoundMessage(bytes)) throw corrupt('a message makes no sense');
  try {
    return Message.decode(bytes);
  } catch (cause) {
    throw corrupt('a message makes no sense', cause);
  }
}

/** Exact reads over chunks of any size. */
class ByteInput {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Copied into a buffer of their own. Nothing is reserved for bytes that do not come. */
  async read(count: number): Promise<Uint8Array<ArrayBuffer>> {
    const pieces: Uint8Array[] = [];
    for (let missing = count; missing > 0;) {
      if (this.#chunk.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) throw corrupt('it ends before its end marker');
        this.#chunk = next.value;
      }
      // A source may use its chunk again after the next is asked for.
      const piece = this.#chunk.slice(0, missing);
      this.#chunk = this.#chunk.subarray(piece.length);
      missing -= piece.length;
      pieces.push(piece);
    }
    const bytes = new Uint8Array(count);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  async readUint32(): Promise<number> {
    return new DataView((await this.read(4)).buffer).getUint32(0, true);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}
