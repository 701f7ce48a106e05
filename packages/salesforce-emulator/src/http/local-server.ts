import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Heads longer than Salesforce's own bound are refused by the emulator, not by the parser below it. */
const MOST_HEADER_BYTES = 131_072;
const KEEP_ALIVE_MS = 60_000;

/** Answers one request; never rejects, and settles soon once its connection is gone. */
export type Handler = (message: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An HTTP server on 127.0.0.1. Disposing of it cuts every connection and waits for the handlers. */
export interface LocalServer extends AsyncDisposable {
  readonly url: string;
  /** Says who answers; to be called before the next turn of the event loop. */
  serve(handler: Handler): void;
}

/** Rejects when the port is taken. */
export async function listen(port: number): Promise<LocalServer> {
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on a port has an address with a port.
  const address = server.address() as AddressInfo;
  const running = new Set<Promise<void>>();
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    const isClosed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await isClosed;
    await Promise.all(running);
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve(handler) {
      server.on('request', (message, response) => {
        const handled = handler(message, response);
        running.add(handled);
        void handled.finally(() => running.delete(handled));
      });
    },
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}
