import { once } from 'node:events';
import { createServer, connect, type Socket } from 'node:net';

/** A chunk of bytes on its way, from either side. */
export interface PassingChunk {
  /** Where `false`, it does not reach its other end, nor does anything behind it on that connection. */
  readonly passes: boolean;
  /** What happens then. */
  act(cut: () => void): void;
}

export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** A connection is cut as soon as so many bytes from the client, over all of them, have passed. */
  cutAfter(bytes: number): void;
  /** The same for bytes from the server. */
  cutAfterReplies(bytes: number): void;
  /** The next statement of this text reaches the server, and its reply nobody: the connection is cut. */
  loseReplyTo(statement: string): void;
  /** Something happens at the n-th chunk from now on; undefined: nothing does. */
  atChunk(n: number, chunk: PassingChunk | undefined): void;
  cutAll(): void;
}

/** Stands between a client and a server on 127.0.0.1. */
export async function cuttingProxy(serverPort: number): Promise<CuttingProxy> {
  let [bytesLeft, repliesLeft, lostReply]: [number, number, string | undefined] = [Infinity, Infinity, undefined];
  let [chunks, awaited]: [number, { readonly at: number; readonly chunk: PassingChunk } | undefined] = [0, undefined];
  const sockets = new Set<Socket>();
  const proxy = createServer({ noDelay: true }, (client) => {
    const server = connect({ port: serverPort, host: '127.0.0.1', noDelay: true });
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    let isLost = false;
    /** Whether the chunk goes on. */
    const passes = (): boolean => {
      if (isLost) return false;
      chunks++;
      if (awaited === undefined || chunks < awaited.at) return true;
      const { chunk } = awaited;
      awaited = undefined;
      isLost = !chunk.passes;
      chunk.act(cut);
      return chunk.passes;
    };
    let isDeaf = false;
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => sockets.delete(socket));
    }
    client.on('data', (chunk) => {
      bytesLeft -= chunk.length;
      if (bytesLeft <= 0) {
        bytesLeft = Infinity;
        return cut();
      }
      if (lostReply !== undefined && chunk.includes(lostReply)) {
        lostReply = undefined;
        isDeaf = true;
      }
      if (passes() && !server.destroyed && !server.write(chunk)) client.pause();
      return undefined;
    });
    server.on('drain', () => client.resume());
    server.on('data', (chunk) => {
      // The server has answered, so that what was asked for is done.
      if (isDeaf) return cut();
      repliesLeft -= chunk.length;
      if (repliesLeft <= 0) {
        repliesLeft = Infinity;
        return cut();
      }
      if (passes() && !client.destroyed) client.write(chunk);
      return undefined;
    });
    client.on('end', () => server.end());
    server.on('end', () => client.end());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const address = proxy.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port was free');
  return {
    port: address.port,
    cutAfter(bytes) {
      bytesLeft = bytes;
    },
    cutAfterReplies(bytes) {
      repliesLeft = bytes;
    },
    loseReplyTo(statement) {
      lostReply = statement;
    },
    atChunk(n, chunk) {
      awaited = chunk === undefined ? undefined : { at: chunks + n, chunk };
    },
    cutAll() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}
