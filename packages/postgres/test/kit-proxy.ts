import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Of the server's messages, by their first byte (PostgreSQL documentation, message formats). */
const ERROR = 'E'.charCodeAt(0);
const COPY_DATA = 'd'.charCodeAt(0);
const COMMAND_COMPLETE = 'C'.charCodeAt(0);
/** The row among whose bytes a fault strikes. */
const STRUCK_ROW = 7;

type RowFault = 'cut' | 'truncate' | 'miscount';

/** Stands between a fixture of the kit and the server, and sees the messages of the server. */
export interface KitProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections so far. */
  readonly connections: number;
  /** Errors that the server has answered with, by SQLSTATE. */
  errors(sqlState: string): number;
  /** Called, and waited for, before the client hears of an error. */
  beforeError(listener: (sqlState: string) => Promise<void>): void;
  /** Nothing answers any more. */
  refuse(): void;
  /** Once, or with `miscount` always: rows are cut off amidst, end early, or are counted wrong. Tells how often. */
  strikeRows(fault: RowFault): { readonly hits: number };
  /** Takes nothing from clients until it is released. */
  stall(): { release(): void };
}

export async function kitProxy(serverPort: number): Promise<KitProxy> {
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  const errors: string[] = [];
  let [connections, isRefusing, isStalled] = [0, false, false];
  let armed: { readonly fault: RowFault; hits: number } | undefined;
  let listener: ((sqlState: string) => Promise<void>) | undefined;

  const proxy = createServer({ noDelay: true }, (client) => {
    connections++;
    if (isRefusing) return void client.destroy();
    const server = connect({ port: serverPort, host: '127.0.0.1', noDelay: true });
    const cut = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', cut);
      socket.on('close', () => sockets.delete(socket));
    }
    clients.add(client);
    client.on('close', () => clients.delete(client));
    if (isStalled) client.pause();
    client.on('data', (chunk) => {
      if (!server.write(chunk)) client.pause();
    });
    server.on('drain', () => {
      if (!isStalled) client.resume();
    });
    client.on('end', () => server.end());
    void relay(server, client, cut);
    return undefined;
  }).listen(0, '127.0.0.1');

  async function relay(server: Socket, client: Socket, cut: () => void): Promise<void> {
    let [rows, isTruncated] = [0, false];
    try {
      for await (const message of messages(server)) {
        const [type] = message;
        if (type === ERROR) {
          const sqlState = stateOf(message);
          errors.push(sqlState);
          await listener?.(sqlState);
        }
        if (type === COPY_DATA) rows++;
        if (type === COPY_DATA && rows === STRUCK_ROW && armed?.hits === 0 && armed.fault !== 'miscount') {
          armed.hits++;
          isTruncated = armed.fault === 'truncate';
          if (!isTruncated) {
            client.write(message.subarray(0, message.length / 2), cut);
            return;
          }
        }
        if (type === COPY_DATA && isTruncated) continue;
        const isCount = type === COMMAND_COMPLETE && message.includes('COPY ');
        if (isCount && armed?.fault === 'miscount') armed.hits++;
        client.write(isCount && armed?.fault === 'miscount' ? miscounted(message) : message);
      }
      client.end();
    } catch {
      cut();
    }
  }

  await once(proxy, 'listening');
  const address = proxy.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port was free');
  return {
    port: address.port,
    get connections() {
      return connections;
    },
    errors: (sqlState) => errors.filter((seen) => seen === sqlState).length,
    beforeError(given) {
      listener = given;
    },
    refuse() {
      isRefusing = true;
      for (const socket of sockets) socket.destroy();
    },
    strikeRows(fault) {
      armed = { fault, hits: 0 };
      return armed;
    },
    stall() {
      isStalled = true;
      for (const client of clients) client.pause();
      return {
        release() {
          isStalled = false;
          for (const client of clients) client.resume();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** Whole messages: type, length that counts itself, body. */
async function* messages(server: Socket): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of server) {
    // A socket without an encoding gives buffers.
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 5 && rest.length > rest.readInt32BE(1)) {
      const length = 1 + rest.readInt32BE(1);
      yield rest.subarray(0, length);
      rest = rest.subarray(length);
    }
  }
}

/** The field `C` of an error. */
function stateOf(message: Buffer): string {
  const fields = message.toString('latin1', 5).split('\0');
  return fields.find((field) => field.startsWith('C'))?.slice(1) ?? '';
}

/** `COPY n` with one row more, the number of digits kept. */
function miscounted(message: Buffer): Buffer {
  const text = message.toString('latin1', 5, message.length - 1);
  const count = Number(text.slice('COPY '.length));
  const other = `COPY ${String(count % 10 === 9 ? count - 1 : count + 1)}`;
  return Buffer.concat([message.subarray(0, 5), Buffer.from(`${other}\0`, 'latin1')]);
}
