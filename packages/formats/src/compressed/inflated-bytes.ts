import { createGunzip, createInflate, createInflateRaw } from 'node:zlib';

import { SluiceError } from '@sluice/core';

import type { CompressionCodec } from './compressed-format.ts';

const CHUNK_BYTES = 262_144;

type Inflater =
  | ReturnType<typeof createGunzip>
  | ReturnType<typeof createInflate>
  | ReturnType<typeof createInflateRaw>;

/**
 * What compressed bytes stand for. Asks for the next of them once the last have been taken; ends with its input.
 *
 * @throws `FILE_CORRUPT`; what the input throws.
 */
export async function* inflated(input: AsyncIterable<Uint8Array>, codec: CompressionCodec): AsyncGenerator<Uint8Array> {
  const chunks = input[Symbol.asyncIterator]();
  let inflater: Inflater | undefined;
  try {
    const first = await readFirst(chunks);
    inflater = codec === 'gzip' ? createGunzip({ chunkSize: CHUNK_BYTES }) : inflaterFor(first);
    const fed = feed(inflater, first, chunks);
    // It is looked at below, when it has come to its end.
    fed.catch(() => {});
    for await (const chunk of inflater) yield chunk as Uint8Array;
    const fedBytes = await fed;
    // Behind gzip zeros may stand, and whatever else does is taken for a damaged member.
    if (codec !== 'gzip' && inflater.bytesWritten < fedBytes) throw corrupt('something follows the compressed data');
  } catch (error) {
    throw isOfZlib(error) ? corrupt('the compressed data is cut short or damaged', error) : error;
  } finally {
    inflater?.destroy();
    await chunks.return?.();
  }
}

/** Two bytes at least, if there are as many: they tell a header. */
async function readFirst(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  while (bytes.length < 2) {
    const next = await chunks.next();
    if (next.done === true) break;
    bytes = Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

/** Bare data never begins like a header of zlib: the bits after a block of its first kind are zeros. */
function inflaterFor([first = 0, second = 0]: Uint8Array): Inflater {
  const hasHeader = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
  return hasHeader ? createInflate({ chunkSize: CHUNK_BYTES }) : createInflateRaw({ chunkSize: CHUNK_BYTES });
}

/** How many bytes went in. A failure of the input ends the inflater with it. */
async function feed(inflater: Inflater, first: Uint8Array, chunks: AsyncIterator<Uint8Array>): Promise<number> {
  let bytes = 0;
  try {
    for (let chunk = first; ;) {
      bytes += chunk.length;
      await written(inflater, chunk);
      const next = await chunks.next();
      if (next.done === true) break;
      chunk = next.value;
    }
    inflater.end();
  } catch (error) {
    inflater.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  }
  return bytes;
}

/** Resolves when the chunk is used up, and what came of it has been taken but for a buffer. */
async function written(inflater: Inflater, chunk: Uint8Array): Promise<void> {
  if (inflater.readableEnded || inflater.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  // Once it has ended it calls nobody back.
  inflater.once('end', resolve);
  inflater.once('close', resolve);
  inflater.write(chunk, () => resolve());
  await promise;
  inflater.off('end', resolve);
  inflater.off('close', resolve);
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

function corrupt(problem: string, cause?: unknown): SluiceError {
  return new SluiceError('FILE_CORRUPT', problem, {
    ...(cause === undefined ? {} : { cause }),
    hint: 'Check whether the file is whole, and compressed as it is said to be.',
  });
}
