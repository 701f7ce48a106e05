import { describe, expect, it } from 'vitest';

import { createOrg, startEmulator, UNVERIFIED_ERRORS, type UnverifiedError } from '../src/index.ts';
import { type Client, connect, runJob } from './emulator-client.ts';

/** What provokes each of them. */
const REQUESTS: Readonly<Record<UnverifiedError, (client: Client) => Promise<Response>>> = {
  earlyResults: async (client) => {
    await client.post('jobs/query', { operation: 'query', query: 'SELECT Id FROM User' });
    // The first id of a fresh emulator.
    const { records } = (await client.get('jobs/query')) as { readonly records: readonly { readonly id: string }[] };
    return await client.send(`jobs/query/${records[0]?.id}/results`);
  },
  badLocator: async (client) => {
    return await client.send(`jobs/query/${await runJob(client, 'SELECT Id FROM User')}/results?locator=x`);
  },
  badMaxRecords: async (client) => {
    return await client.send(`jobs/query/${await runJob(client, 'SELECT Id FROM User')}/results?maxRecords=x`);
  },
  versionConflict: async (client) => {
    const id = await runJob(client, 'SELECT Id FROM User');
    return await client.send(`/services/data/v60.0/jobs/query/${id}/results`);
  },
  badBody: async (client) => {
    return await client.send('jobs/query', {
      method: 'POST',
      body: '{',
      headers: { 'Content-Type': 'application/json' },
    });
  },
  methodNotAllowed: (client) => client.send('limits', { method: 'PUT' }),
  retiredVersion: (client) => client.send('/services/data/v20.0/limits'),
  noSetupPermission: (client) => client.send('limits'),
};

describe('a refusal that nobody has recorded', () => {
  it.each(Object.entries(REQUESTS))('has the recommended shape unless told otherwise: %s', async (kind, ask) => {
    // The keys of the table are its names.
    const name = kind as UnverifiedError;
    using org = createOrg({});
    await using plain = await startEmulator({ org, viewSetup: false });
    const shape = { status: 418, errorCode: 'OTHER', message: 'said otherwise' };
    await using other = await startEmulator({ org, viewSetup: false, errors: { [name]: shape } });

    const usual = await ask(await connect(plain));
    const changed = await ask(await connect(other));

    const { status, errorCode } = UNVERIFIED_ERRORS[name];
    expect([usual.status, await usual.json()]).toEqual([status, [{ errorCode, message: expect.any(String) }]]);
    const { errorCode: otherCode, message } = shape;
    expect([changed.status, await changed.json()]).toEqual([418, [{ errorCode: otherCode, message }]]);
  });
});
