import { once } from 'node:events';
import { createServer } from 'node:net';

/** Answers as a server of another version does, and to nothing but a question for settings. */
export async function serverOfVersion(version: number): Promise<{ readonly port: number } & AsyncDisposable> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      // Logged in without a password, and ready.
      socket.write(Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]));
      // Parse, bind and what follows come as one.
      socket.on('data', () => {
        const columns = ['version', 'known'];
        const described = columns.map((name) =>
          Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
        );
        const cells = [String(version * 10_000), '0'].map((cell) =>
          Buffer.concat([int32(cell.length), Buffer.from(cell)]),
        );
        socket.write(
          Buffer.concat([
            message('1'),
            message('2'),
            message('T', Buffer.concat([int16(columns.length), ...described])),
            message('D', Buffer.concat([int16(cells.length), ...cells])),
            message('C', Buffer.from('SELECT 1\0')),
            message('Z', Buffer.from('I')),
          ]),
        );
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port was free');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

/** Of the protocol: type, length that counts itself, body. */
function message(type: string, body: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
