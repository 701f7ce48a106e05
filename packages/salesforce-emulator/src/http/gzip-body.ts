import { once } from 'node:events';
import { constants, createGzip } from 'node:zlib';

import type { Body } from './reply.ts';

/** Compresses a body as it is pulled. An empty chunk, and an error in the body, flush what came before. */
export async function* gzipBody(
  body: Body,
  // The processor is shared with the client under test, hence the fastest level.
  level: number = constants.Z_BEST_SPEED,
): AsyncGenerator<Uint8Array, void, undefined> {
  const gzip = createGzip({ level });
  const ready: Uint8Array[] = [];
  gzip.on('data', (bytes: Uint8Array) => ready.push(bytes));
  const settled = (start: (done: (error?: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      start((error) => (error ? reject(error) : resolve()));
    });
  const flush = (): Promise<void> => settled((done) => gzip.flush(constants.Z_SYNC_FLUSH, done));
  try {
    try {
      for await (const chunk of body) {
        if (chunk.length === 0) await flush();
        else await settled((done) => gzip.write(chunk, done));
        yield* ready.splice(0);
        if (chunk.length === 0) yield chunk;
      }
    } catch (error) {
      await flush();
      yield* ready.splice(0);
      throw error;
    }
    const isRead = once(gzip, 'end');
    gzip.end();
    await isRead;
    yield* ready.splice(0);
  } finally {
    gzip.destroy();
  }
}
