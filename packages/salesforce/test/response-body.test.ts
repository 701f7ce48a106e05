import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

import { Agent } from 'undici';
import { afterAll, describe, expect, it, vi } from 'vitest';

import { holdBody, readBody, readText } from '../src/http/response-body.ts';
import { rejectionOf } from './thrown.ts';
import { serve, type TinyServer } from './tiny-server.ts';

const agent = new Agent();
afterAll(async () => await agent.destroy());

const text = 'Ünï"cödé,\n'.repeat(20_000);

async function bodyOf(server: TinyServer, stallTimeoutMs = 10_000, signal = new AbortController().signal) {
  const { body, headers } = await agent.request({
    origin: server.origin,
    path: '/',
    method: 'GET',
    signal,
    bodyTimeout: 0,
  });
  const encoding = headers['content-encoding'];
  return {
    body,
    options: {
      what: 'read page',
      contentEncoding: Array.isArray(encoding) ? encoding[0] : encoding,
      stallTimeoutMs,
      signal,
    },
  };
}

function cutAfter(response: ServerResponse, headers: Record<string, string>, bytes: Uint8Array): void {
  response.writeHead(200, headers);
  response.write(bytes, () => response.socket?.resetAndDestroy());
}

describe('a response body', () => {
  it.each(['identity', 'gzip'])('arrives whole when it is encoded as %s', async (encoding) => {
    await using server = await serve((_, response) => {
      const bytes = encoding === 'gzip' ? gzipSync(text) : Buffer.from(text);
      response.writeHead(200, { 'content-encoding': encoding }).end(bytes);
    });
    const { body, options } = await bodyOf(server);

    expect(await readText(body, options, 10_000_000)).toBe(text);
  });

  it.each([
    ['chunked', {}],
    ['of a declared length', { 'content-length': String(Buffer.byteLength(text)) }],
  ])('cut by a reset is truncated when it is %s', async (_, headers) => {
    await using server = await serve((_request, response) =>
      cutAfter(response, headers, Buffer.from(text.slice(0, 5000))),
    );
    const { body, options } = await bodyOf(server);

    expect(await rejectionOf(readText(body, options, 10_000_000))).toMatchObject({
      code: 'RESPONSE_TRUNCATED',
      retryable: true,
    });
  });

  it('that ends early but cleanly in the middle of a gzip stream is truncated', async () => {
    const bytes = gzipSync(text);
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes.subarray(0, bytes.length / 2));
    });
    const { body, options } = await bodyOf(server);

    expect(await rejectionOf(readText(body, options, 10_000_000))).toMatchObject({ code: 'RESPONSE_TRUNCATED' });
  });

  it('whose gzip stream is damaged may be read again', async () => {
    const bytes = gzipSync(text);
    bytes.fill(0, bytes.length - 8); // the checksum
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes);
    });
    const { body, options } = await bodyOf(server);

    expect(await rejectionOf(readText(body, options, 10_000_000))).toMatchObject({
      code: 'RESPONSE_INVALID',
      retryable: true,
    });
  });

  it('in an encoding nobody asked for is refused', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'br' }).end('x');
    });
    const { body, options } = await bodyOf(server);

    expect(await rejectionOf(readText(body, options, 100))).toMatchObject({ code: 'RESPONSE_INVALID' });
  });

  it('is bounded where it is read as text', async () => {
    await using server = await serve((_, response) => response.end(text));
    const { body, options } = await bodyOf(server);

    expect(await rejectionOf(readText(body, options, 1000))).toMatchObject({ code: 'RESPONSE_INVALID' });
  });

  it('RW-30: that stalls is given up while it is awaited', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200);
      response.write('first');
    });
    const { body, options } = await bodyOf(server, 50);

    expect(await rejectionOf(readText(body, options, 1000))).toMatchObject({
      code: 'CONNECTION_LOST',
      retryable: true,
      message: expect.stringContaining('no byte arrived for 50 ms'),
    });
  });

  it('RW-30: is not given up while nobody asks for more', async () => {
    let finish = () => {};
    await using server = await serve((_, response) => {
      response.writeHead(200);
      response.write('first');
      finish = () => response.end('second');
    });
    const { body, options } = await bodyOf(server, 50);
    const chunks = readBody(body, options);

    const first = await chunks.next();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    vi.advanceTimersByTime(3_600_000);
    vi.useRealTimers();
    finish();
    const second = await chunks.next();

    expect([first.value, second.value].map((chunk) => Buffer.from(chunk ?? []).toString())).toEqual([
      'first',
      'second',
    ]);
  });

  it('rejects with the reason of an abort', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200);
      response.write('first');
    });
    const controller = new AbortController();
    const { body, options } = await bodyOf(server, 10_000, controller.signal);
    const reason = new Error('enough');
    const chunks = readBody(body, options);
    await chunks.next();

    const failure = rejectionOf(chunks.next());
    controller.abort(reason);

    expect(await failure).toBe(reason);
  });

  it('left early closes its connection', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_, response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200);
      response.write(text);
    });
    const { body, options } = await bodyOf(server);

    for await (const chunk of readBody(body, options)) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      break;
    }

    await expect(closed.promise).resolves.toBeUndefined();
  });

  it('held and given back unread closes its connection', async () => {
    const closed = Promise.withResolvers<void>();
    await using server = await serve((_, response) => {
      response.on('close', () => closed.resolve());
      response.writeHead(200);
      response.write(text);
    });
    const { body, options } = await bodyOf(server);

    holdBody(body, options)[Symbol.dispose]();

    await expect(closed.promise).resolves.toBeUndefined();
  });

  it('held while its request is aborted tells whoever begins to read it', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200);
      response.write(text);
    });
    const controller = new AbortController();
    const { body, options } = await bodyOf(server, 10_000, controller.signal);
    const reason = new Error('enough');
    using held = holdBody(body, options);

    const gone = new Promise((resolve) => body.on('close', resolve));
    controller.abort(reason);
    await gone;

    expect(await rejectionOf(held.chunks.next())).toBe(reason);
  });

  it('that nobody reads stops its sender', async () => {
    let sentBytes = 0;
    const block = Buffer.alloc(1024 * 1024, 0x61);
    await using server = await serve((request, response) => {
      if (request.url === '/ping') {
        response.end();
        return;
      }
      const push = () => {
        do sentBytes += block.length;
        while (sentBytes < 512 * 1024 * 1024 && response.write(block));
        if (sentBytes < 512 * 1024 * 1024) response.once('drain', push);
      };
      push();
    });
    const { body, options } = await bodyOf(server);
    const chunks = readBody(body, options);
    await chunks.next();

    // Time enough for the sender, counted in round trips to it.
    for (let trip = 0; trip < 500; trip += 1) {
      const { body: pong } = await agent.request({ origin: server.origin, path: '/ping', method: 'GET' });
      await pong.dump();
    }
    await chunks.return();

    expect(sentBytes).toBeLessThan(64 * 1024 * 1024);
  });
});
