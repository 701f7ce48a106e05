import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import { SluiceError } from '@sluice/core';

import { codeOf } from './connection-fault.ts';

export interface BodyOptions {
  /** Names the request in errors. */
  readonly what: string;
  readonly contentEncoding: string | undefined;
  /** Milliseconds without a byte, while the reader wants one, after which the connection counts as lost. */
  readonly stallTimeoutMs: number;
  readonly signal: AbortSignal;
}

const GUNZIP_CHUNK_BYTES = 256 * 1024;

/** The bytes of a response that nobody has begun to read. Disposing of it closes its connection, read or not. */
export interface ResponseBody extends Disposable {
  /** See {@link readBody}. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

/** Holds a body until it is read: an abort in between, or a reader who never begins, does no harm. */
export function holdBody(body: Readable, options: BodyOptions): ResponseBody {
  ignoreErrors(body);
  return {
    chunks: readBody(body, options),
    [Symbol.dispose]: () => {
      body.destroy();
    },
  };
}

/**
 * The bytes of a response, decompressed, as they are asked for: with no demand nothing is read, down to the TCP window.
 * Ending the iteration early closes the connection.
 *
 * @throws `RESPONSE_TRUNCATED` when the transfer was cut; `CONNECTION_LOST` when it stalled.
 */
export async function* readBody(body: Readable, options: BodyOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const { what, stallTimeoutMs, signal } = options;
  ignoreErrors(body);
  const stream = decompressed(body, options);
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await beforeStall(chunks.next(), stallTimeoutMs, what);
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw SluiceError.is(error) ? error : bodyFault(what, error);
  } finally {
    stream.destroy();
    body.destroy();
  }
}

/** A whole body as text. @throws `RESPONSE_INVALID` beyond `maxBytes`. */
export async function readText(body: Readable, options: BodyOptions, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  for await (const chunk of readBody(body, options)) {
    byteLength += chunk.byteLength;
    if (byteLength > maxBytes) {
      throw new SluiceError('RESPONSE_INVALID', `${options.what}: the response is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A body that is destroyed or aborted before its end emits an error; whoever reads it learns of it by reading. */
function ignoreErrors(body: Readable): void {
  body.on('error', () => {});
}

function decompressed(body: Readable, { what, contentEncoding }: BodyOptions): Readable {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    body.destroy();
    throw new SluiceError(
      'RESPONSE_INVALID',
      `${what}: the response is encoded as ${encoding}, which was not asked for`,
    );
  }
  // The error reaches the reader through the last stream of the pipeline.
  return pipeline(body, createGunzip({ chunkSize: GUNZIP_CHUNK_BYTES }), () => {});
}

/**
 * The deadline runs only while a chunk is awaited, so that a slow consumer is no stall: undici's own `bodyTimeout`
 * never fires while the reader is paused, and is switched off. Real time, since it bounds a real socket.
 */
async function beforeStall<T>(chunk: Promise<T>, stallTimeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const stall = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new SluiceError('CONNECTION_LOST', `${what}: no byte arrived for ${stallTimeoutMs} ms`));
    }, stallTimeoutMs);
  });
  try {
    return await Promise.race([chunk, stall]);
  } catch (error) {
    chunk.catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function bodyFault(what: string, cause: unknown): SluiceError {
  const code = codeOf(cause);
  if (code?.startsWith('Z_') === true && code !== 'Z_BUF_ERROR') {
    return new SluiceError('RESPONSE_INVALID', `${what}: the compressed response is damaged (${code})`, {
      cause,
      retryable: true,
      hint: 'If it happens again, switch `gzip` off.',
    });
  }
  return new SluiceError('RESPONSE_TRUNCATED', `${what}: the response was cut off (${code ?? 'no code'})`, { cause });
}
