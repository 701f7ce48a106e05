import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, type LoggedRequest, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf, logIn, runJob } from './emulator-client.ts';

const ROWS = 2000;
const TEXT = 'x'.repeat(16_000);
/** Twice what the kernel's socket buffers take on either side. */
const LEAST_BODY_BYTES = ROWS * TEXT.length;

let emulator: Emulator;
let client: Client;

beforeEach(async () => {
  const rows = Array.from({ length: ROWS }, () => ({ Text__c: TEXT }));
  const objects = { Big__c: { fields: { Text__c: { type: 'textarea' } } } } as const;
  emulator = await startEmulator({ org: createOrg({ objects, rows: { Big__c: rows } }), clock: { frozen: true } });
  client = await connect(emulator);
});

afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
});

/** A response of which nothing has been read. */
async function unread(): Promise<{ readonly response: IncomingMessage; readonly logged: LoggedRequest }> {
  const id = await runJob(client, 'SELECT Text__c FROM Big__c');
  const headers = { Authorization: `Bearer ${await logIn(emulator)}` };
  const sent = request(`${emulator.url}/services/data/v66.0/jobs/query/${id}/results`, { headers, agent: false });
  sent.on('error', () => {});
  const arrived = once(sent, 'response');
  sent.end();
  // The event's one argument.
  const [response] = (await arrived) as [IncomingMessage];
  return { response, logged: await emulator.requests.waitFor(({ path }) => path.endsWith('/results')) };
}

/** Resolves once the count stays the same over a number of other requests. */
async function settledBytes(logged: LoggedRequest): Promise<number> {
  let quietRounds = 0;
  let bytes = -1;
  while (quietRounds < 20) {
    await jsonOf(await client.send('limits'));
    quietRounds = logged.bodyBytes === bytes ? quietRounds + 1 : 0;
    bytes = logged.bodyBytes;
  }
  return bytes;
}

describe('a client that does not read', () => {
  it('stops the body, which goes on when it reads', async () => {
    const { response, logged } = await unread();
    const bytes = await settledBytes(logged);

    expect(bytes).toBeLessThan(LEAST_BODY_BYTES / 2);
    expect(logged).toMatchObject({ isBlocked: true, end: undefined, status: 200 });

    let received = 0;
    // Without an encoding set, chunks are buffers.
    for await (const chunk of response as AsyncIterable<Buffer>) received += chunk.length;
    await emulator.requests.waitFor((each) => each === logged && each.end === 'answered');
    expect(received).toBeGreaterThan(LEAST_BODY_BYTES);
    expect(logged).toMatchObject({ bodyBytes: received, isBlocked: false });
  });

  it('is cut off after twenty minutes', async () => {
    const { response, logged } = await unread();
    await settledBytes(logged);
    emulator.clock.advance(20 * 60_000 - 1);
    await jsonOf(await client.send('limits'));
    expect(logged.end).toBeUndefined();
    emulator.clock.advance(1);

    expect(logged.end).toBe('cut');
    await expect(response.toArray()).rejects.toThrow('aborted');
  });

  it('that goes away ends the body', async () => {
    const { response, logged } = await unread();
    await settledBytes(logged);
    response.destroy();

    await emulator.requests.waitFor((each) => each === logged && each.end === 'abandoned');
    expect(logged.bodyBytes).toBeLessThan(LEAST_BODY_BYTES / 2);
  });

  it('of a job that is deleted is cut off', async () => {
    const { response, logged } = await unread();
    await settledBytes(logged);
    expect((await client.send(logged.path.replace('/results', ''), { method: 'DELETE' })).status).toBe(204);

    await expect(response.toArray()).rejects.toThrow('aborted');
    expect(logged).toMatchObject({ end: 'cut', failure: undefined });
  });

  it('does not keep the emulator from stopping', async () => {
    const { logged } = await unread();
    await settledBytes(logged);
    await emulator[Symbol.asyncDispose]();

    expect(logged.end).toBe('abandoned');
    emulator = await startEmulator({ org: emulator.org });
  });
});
