import type { ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';

import type { EmulatorClock } from '../emulator-clock.ts';
import { ConnectionCut } from './connection-cut.ts';
import { gzipBody } from './gzip-body.ts';
import type { Body, Reply } from './reply.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';

export interface SendOptions {
  readonly acceptsGzip: boolean;
  readonly clock: EmulatorClock;
  readonly log: RequestLog;
  readonly logged: LoggedRequest;
}

/**
 * Sends a reply. One chunk of its body at a time is on its way: the next is pulled when the socket has taken the one
 * before, so that a client that does not read stops whoever makes the body.
 *
 * @throws {ConnectionCut} as the body does; whatever came before it is in the operating system's hands by then.
 */
export async function sendReply(response: ServerResponse, reply: Reply, options: SendOptions): Promise<void> {
  const { clock, log, logged } = options;
  const acceptsGzip = options.acceptsGzip && reply.isPlain !== true;
  const { transfer = (bytes: Body) => bytes } = reply;
  const encoded = reply.body !== undefined && acceptsGzip ? (reply.gzipBody ?? gzipBody(reply.body)) : reply.body;
  const body = encoded === undefined ? undefined : transfer(encoded);
  response.writeHead(reply.status, {
    Date: new Date(clock.now()).toUTCString(),
    ...reply.headers,
    ...(body !== undefined && acceptsGzip ? { 'Content-Encoding': 'gzip' } : {}),
    ...(body === undefined && reply.status !== 204 && reply.status !== 304 ? { 'Content-Length': '0' } : {}),
  });
  log.change(logged, { status: reply.status });
  const { timeoutMs } = reply;
  const limit = timeoutMs === undefined ? undefined : clock.after(timeoutMs, () => cutConnection(response, options));
  try {
    if (body !== undefined) await sendBody(response, body, options);
    if (response.destroyed) return;
    response.end();
    await closed(response);
  } finally {
    limit?.[Symbol.dispose]();
  }
}

/** Ends the exchange from the emulator's side, whatever has been sent. */
export function cutConnection(
  { socket }: ServerResponse,
  { log, logged }: Pick<SendOptions, 'log' | 'logged'>,
  { reset = false }: { readonly reset?: boolean } = {},
): void {
  log.end(logged, 'cut');
  if (reset) socket?.resetAndDestroy();
  else socket?.destroy();
}

async function sendBody(response: ServerResponse, body: Body, { log, logged }: SendOptions): Promise<void> {
  let taken: Promise<void> | undefined;
  try {
    for await (const chunk of body) {
      if (response.destroyed) return;
      if (chunk.length === 0) {
        response.flushHeaders();
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      taken = promise;
      const hasRoom = response.write(chunk, (error) => {
        if (!error) log.sent(logged, chunk.length);
        resolve();
      });
      if (hasRoom) {
        // Other requests get their turn even when this socket takes everything at once.
        await setImmediate();
        continue;
      }
      log.change(logged, { isBlocked: true });
      await drained(response);
      log.change(logged, { isBlocked: false });
    }
  } catch (error) {
    if (error instanceof ConnectionCut && !response.destroyed) {
      response.flushHeaders();
      await Promise.race([taken, closed(response)]);
    }
    throw error;
  }
}

function closed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) resolve();
    else response.once('close', resolve);
  });
}

/** Resolves when there is room again, or nobody to write to. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    if (response.destroyed) settle();
    else response.on('drain', settle).on('close', settle);
  });
}
