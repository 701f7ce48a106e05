import { describe, expect, it } from 'vitest';

import {
  createOrg,
  type EmulatorOptions,
  startEmulator,
  UNVERIFIED_ERRORS,
  type UnverifiedError,
} from '../src/index.ts';
import { type Client, connect, runJob } from './emulator-client.ts';
import { load, openJob, putRows, setState } from './ingest-client.ts';

const INSERT = { object: 'Thing__c', operation: 'insert' };

async function postJson(client: Client, path: string, value: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json' };
  return await client.send(path, { method: 'POST', body: JSON.stringify(value), headers });
}

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
  unknownObject: (client) => postJson(client, 'jobs/ingest', { object: 'Nope__c', operation: 'insert' }),
  ingestQuota: async (client) => {
    await load(client, INSERT, 'Name\na\n');
    return await postJson(client, 'jobs/ingest', INSERT);
  },
  noViewAllData: (client) => {
    return postJson(client, 'jobs/ingest', { ...INSERT, operation: 'upsert', externalIdFieldName: 'Loose__c' });
  },
  closedUpload: async (client) => {
    const id = await openJob(client, INSERT);
    await setState(client, id, 'Aborted');
    return await putRows(client, id, 'Name\n');
  },
  closedJob: async (client) => {
    const id = await openJob(client, INSERT);
    await setState(client, id, 'Aborted');
    return await setState(client, id, 'UploadComplete');
  },
  oversizeUpload: async (client) => await putRows(client, await openJob(client, INSERT), 'x'.repeat(100)),
  oversizeMultipart: (client) => {
    const content = 'x'.repeat(100_001);
    const part = (name: string): string => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`;
    const body = `${part('job')}${JSON.stringify(INSERT)}\r\n${part('content')}${content}\r\n--B--`;
    const headers = { 'Content-Type': 'multipart/form-data; boundary=B' };
    return client.send('jobs/ingest', { method: 'POST', body, headers });
  },
  tooManyRecords: (client) => {
    const records = Array.from({ length: 201 }, () => ({ attributes: { type: 'Thing__c' } }));
    return postJson(client, 'composite/sobjects', { records });
  },
  encodedUpload: async (client) => {
    const headers = { 'Content-Type': 'text/csv', 'Content-Encoding': 'gzip' };
    const path = `jobs/ingest/${await openJob(client, INSERT)}/batches`;
    return await client.send(path, { method: 'PUT', body: 'x', headers });
  },
  methodNotAllowed: (client) => client.send('limits', { method: 'PUT' }),
  retiredVersion: (client) => client.send('/services/data/v20.0/limits'),
  noSetupPermission: (client) => client.send('limits'),
};

describe('a refusal that nobody has recorded', () => {
  it.each(Object.entries(REQUESTS))('has the recommended shape unless told otherwise: %s', async (kind, ask) => {
    // The keys of the table are its names.
    const name = kind as UnverifiedError;
    const fields = { Loose__c: { type: 'string', externalId: true } } as const;
    using org = createOrg({ objects: { Thing__c: { fields } } });
    const limited: EmulatorOptions = {
      viewSetup: false,
      quotas: { DailyBulkApiBatches: 1 },
      ingest: { viewAllData: false, uploadBase64Bytes: 100 },
    };
    await using plain = await startEmulator({ org, ...limited });
    const shape = { status: 418, errorCode: 'OTHER', message: 'said otherwise' };
    await using other = await startEmulator({ org, ...limited, errors: { [name]: shape } });

    const usual = await ask(await connect(plain));
    const changed = await ask(await connect(other));

    const { status, errorCode } = UNVERIFIED_ERRORS[name];
    expect([usual.status, await usual.json()]).toEqual([status, [{ errorCode, message: expect.any(String) }]]);
    const { errorCode: otherCode, message } = shape;
    expect([changed.status, await changed.json()]).toEqual([418, [{ errorCode: otherCode, message }]]);
  });
});
