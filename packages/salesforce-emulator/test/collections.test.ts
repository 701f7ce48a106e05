import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf } from './emulator-client.ts';
import { rowsOf } from './query-rows.ts';

interface Result {
  readonly id: string;
  readonly success: boolean;
}

const TYPE = { attributes: { type: 'Thing__c' } };

let emulator: Emulator;
let client: Client;

beforeEach(async () => {
  const fields = {
    Key__c: { type: 'string', externalId: true, unique: true },
    Amount__c: { type: 'currency' },
    Needed__c: { type: 'string', nillable: false },
    Flag__c: { type: 'boolean' },
  } as const;
  const rows = { Thing__c: [{ Name: 'Old', Key__c: 'K-1', Needed__c: 'n', Amount__c: 1 }] };
  emulator = await startEmulator({ org: createOrg({ objects: { Thing__c: { fields } }, rows }) });
  client = await connect(emulator);
});

afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
});

async function send(method: string, path: string, body: object): Promise<Result[]> {
  const headers = { 'Content-Type': 'application/json' };
  return await jsonOf(await client.send(path, { method, headers, body: JSON.stringify(body) }));
}

function things(): readonly (readonly unknown[])[] {
  return rowsOf(emulator.org, 'SELECT Name, Key__c, Amount__c FROM Thing__c ORDER BY Name');
}

function oldId(): string {
  return String(rowsOf(emulator.org, "SELECT Id FROM Thing__c WHERE Key__c = 'K-1'")[0]?.[0]);
}

describe('a collection', () => {
  it('inserts what is right, and says in order what is not', async () => {
    const results = await send('POST', 'composite/sobjects', {
      records: [
        { ...TYPE, Name: 'A', Needed__c: '#N/A', Amount__c: 1e7, Flag__c: true },
        { ...TYPE, Name: 'B' },
        { ...TYPE, Nope__c: 1 },
        { attributes: { type: 'Nope__c' } },
        { ...TYPE, Needed__c: 'n', Amount__c: 'x' },
      ],
    });

    expect(results).toEqual([
      { id: expect.stringMatching(/^a00\w{15}$/), success: true, errors: [] },
      {
        success: false,
        errors: [
          {
            statusCode: 'REQUIRED_FIELD_MISSING',
            message: 'Required fields are missing: [Needed__c]',
            fields: ['Needed__c'],
          },
        ],
      },
      {
        success: false,
        errors: [
          {
            statusCode: 'INVALID_FIELD',
            message: "No such column 'Nope__c' on sobject of type Thing__c",
            fields: ['Nope__c'],
          },
        ],
      },
      { success: false, errors: [expect.objectContaining({ statusCode: 'INVALID_TYPE' })] },
      { success: false, errors: [expect.objectContaining({ statusCode: 'INVALID_FIELD', fields: ['Amount__c'] })] },
    ]);
    expect(rowsOf(emulator.org, "SELECT Needed__c, Flag__c FROM Thing__c WHERE Name = 'A'")).toEqual([['#N/A', true]]);
  });

  it('saves all or none on request', async () => {
    const records = [
      { ...TYPE, Name: 'A', Needed__c: 'n' },
      { ...TYPE, Name: 'B' },
    ];

    expect(await send('POST', 'composite/sobjects', { allOrNone: true, records })).toMatchObject([
      {
        success: false,
        errors: [
          {
            statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
            message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
          },
        ],
      },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
    ]);
    expect(things()).toEqual([['Old', 'K-1', 1]]);
  });

  it('updates: null sets null, and what is absent stays', async () => {
    const records = [{ ...TYPE, id: oldId(), Name: 'New', Amount__c: null }];

    expect(await send('PATCH', 'composite/sobjects', { records })).toMatchObject([{ id: oldId(), success: true }]);
    expect(things()).toEqual([['New', 'K-1', null]]);
  });

  it('upserts by an external id', async () => {
    const records = [
      { ...TYPE, Key__c: 'k-1', Name: 'New' },
      { ...TYPE, Key__c: 'K-2', Name: 'Other', Needed__c: 'n' },
    ];

    expect(await send('PATCH', 'composite/sobjects/Thing__c/Key__c', { records })).toMatchObject([
      { id: oldId(), success: true, created: false },
      { success: true, created: true },
    ]);
    expect(things()).toEqual([
      ['New', 'K-1', 1],
      ['Other', 'K-2', null],
    ]);
    const refused = await send('PATCH', 'composite/sobjects/Thing__c/Amount__c', { records });
    expect(refused).toMatchObject([
      {
        errorCode: 'NOT_FOUND',
        message: 'Provided external ID field does not exist or is not accessible: Amount__c',
      },
    ]);
  });

  it('deletes, and retrieves in the order asked for', async () => {
    const id = oldId();
    const missing = id.slice(0, 15).replace(/.$/, 'z');
    const path = `composite/sobjects/Thing__c?ids=${missing},${id}&fields=Name,Id`;

    expect(await client.get(path)).toMatchObject([null, { Id: id, Name: 'Old', attributes: { type: 'Thing__c' } }]);
    expect(await send('POST', 'composite/sobjects/Thing__c', { ids: [id], fields: ['Key__c'] })).toMatchObject([
      { Key__c: 'K-1' },
    ]);
    const removed = await client.send(`composite/sobjects?ids=${id},${missing}`, { method: 'DELETE' });
    expect(await removed.json()).toEqual([
      { id, success: true, errors: [] },
      {
        success: false,
        errors: [{ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id', fields: [] }],
      },
    ]);
    expect(await client.get(path)).toEqual([null, null]);
  });

  it('needs a record', async () => {
    expect(await send('POST', 'composite/sobjects', { records: [] })).toMatchObject([
      { errorCode: 'REQUIRED_FIELD_MISSING', message: 'At least 1 record is required' },
    ]);
  });

  it('counts as one call', async () => {
    const before = emulator.quotas.used('DailyApiRequests');
    await send('POST', 'composite/sobjects', { records: [TYPE, TYPE, TYPE] });

    expect(emulator.quotas.used('DailyApiRequests')).toBe(before + 1);
  });
});
