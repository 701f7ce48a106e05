import jsforce from 'jsforce';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Emulator, startEmulator } from '../src/index.ts';
import { logIn } from './emulator-client.ts';

const { Connection } = jsforce;

let emulator: Emulator;
let connection: InstanceType<typeof Connection>;

beforeAll(async () => {
  emulator = await startEmulator();
  const accessToken = await logIn(emulator);
  connection = new Connection({ instanceUrl: emulator.url, accessToken, version: '66.0' });
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

describe('jsforce, unmodified', () => {
  it('logs in by client credentials', async () => {
    const { url, clientId, clientSecret, org } = emulator;
    const own = new Connection({ oauth2: { loginUrl: url, clientId, clientSecret }, version: '66.0' });

    const user = await own.authorize({ grant_type: 'client_credentials' });

    expect(user).toMatchObject({ id: org.userId, organizationId: org.orgId });
    expect((await own.query('SELECT Id FROM User')).totalSize).toBe(2);
  });

  it('describes', async () => {
    const { sobjects } = await connection.describeGlobal();
    const { fields, keyPrefix } = await connection.describe('Account');

    expect(sobjects.map(({ name }) => name)).toContain('Account');
    expect(keyPrefix).toBe('001');
    expect(fields.find(({ name }) => name === 'AnnualRevenue')).toMatchObject({ type: 'currency', precision: 18 });
  });

  it('queries, and follows the pages', async () => {
    const first = await connection.query('SELECT Id, Name FROM Navaid__c');
    expect(first).toMatchObject({ totalSize: 11_008, done: false });
    const second = await connection.queryMore(first.nextRecordsUrl ?? '');
    const all = await connection.query('SELECT Id FROM Navaid__c').execute({ autoFetch: true, maxFetch: 20_000 });

    expect(second.records).toHaveLength(2000);
    expect(all.records).toHaveLength(11_008);
  });

  it('reads limits', async () => {
    expect(await connection.limits()).toMatchObject({ DailyApiRequests: { Max: 15_000 } });
    expect(connection.limitInfo.apiUsage).toMatchObject({ limit: 15_000 });
  });

  it('reads a bulk query of one page', async () => {
    connection.bulk2.pollInterval = 1;

    const stream = await connection.bulk2.query('SELECT Code__c, Name FROM Country__c');
    const rows = await stream.toArray();

    expect(rows).toHaveLength(249);
    expect(rows).toContainEqual({ Code__c: 'NO', Name: 'Norway' });
  });

  it('shows what the org says is wrong', async () => {
    await expect(connection.query('SELECT Nope FROM Account')).rejects.toMatchObject({ errorCode: 'INVALID_FIELD' });
    emulator.sessions.expireAll();
    await expect(connection.limits()).rejects.toMatchObject({ errorCode: 'INVALID_SESSION_ID' });
  });
});

describe('jsforce, loading in bulk', () => {
  async function loaded(
    operation: 'insert' | 'update' | 'upsert' | 'delete',
    input: Record<string, string | number | boolean | null>[],
    more: { readonly externalIdFieldName?: string } = {},
  ) {
    return await connection.bulk2.loadAndWaitForResults({
      object: 'Account',
      operation,
      input,
      pollInterval: 1,
      ...more,
    });
  }

  beforeAll(async () => {
    // The session of the tests above is dead.
    const accessToken = await logIn(emulator);
    connection = new Connection({ instanceUrl: emulator.url, accessToken, version: '66.0' });
  });

  it('inserts, upserts, updates and deletes', async () => {
    const inserted = await loaded('insert', [
      { Name: 'Nordlys, "AS"', AnnualRevenue: 912_260_031, Is_Partner__c: true, ERP_Id__c: 'J-1' },
      { Name: 'Sør\nland', AnnualRevenue: null, Is_Partner__c: false, ERP_Id__c: 'J-2' },
      { Name: 'Wrong', AnnualRevenue: 1e30, Is_Partner__c: false, ERP_Id__c: 'J-3' },
    ]);
    expect(inserted.successfulResults).toHaveLength(2);
    expect(inserted.successfulResults).toContainEqual(
      expect.objectContaining({ sf__Created: 'true', Name: 'Nordlys, "AS"', AnnualRevenue: '9.12260031E8' }),
    );
    expect(inserted.failedResults).toMatchObject([
      { sf__Id: '', sf__Error: expect.stringMatching(/^NUMBER_OUTSIDE_VALID_RANGE:/), Name: 'Wrong' },
    ]);
    expect(inserted.unprocessedRecords).toEqual([]);

    const upserted = await loaded(
      'upsert',
      [
        { ERP_Id__c: 'J-1', Name: 'Nordlys' },
        { ERP_Id__c: 'J-4', Name: 'New' },
      ],
      { externalIdFieldName: 'ERP_Id__c' },
    );
    expect(upserted.successfulResults).toHaveLength(2);
    expect(upserted.successfulResults).toContainEqual(
      expect.objectContaining({ Name: 'Nordlys', sf__Created: 'false' }),
    );
    expect(upserted.successfulResults).toContainEqual(expect.objectContaining({ Name: 'New', sf__Created: 'true' }));

    const ids = upserted.successfulResults.map(({ sf__Id }) => sf__Id);
    const updated = await loaded(
      'update',
      ids.map((Id) => ({ Id, Phone: '+47' })),
    );
    expect(updated.successfulResults).toHaveLength(2);
    const { records } = await connection.query("SELECT Name, Phone FROM Account WHERE Phone = '+47' ORDER BY Name");
    expect(records).toMatchObject([{ Name: 'New' }, { Name: 'Nordlys' }]);

    const deleted = await loaded(
      'delete',
      ids.map((Id) => ({ Id })),
    );
    expect(deleted.successfulResults).toHaveLength(2);
    expect((await connection.query("SELECT Id FROM Account WHERE Phone = '+47'")).totalSize).toBe(0);
  });

  it('loads nothing', async () => {
    const stream = await connection.bulk2.loadAndWaitForResults({
      object: 'Account',
      operation: 'insert',
      input: 'Name\n',
      pollInterval: 1,
    });

    expect(stream).toEqual({ successfulResults: [], failedResults: [], unprocessedRecords: [] });
  });

  it('shows why a job failed', async () => {
    await expect(loaded('insert', [{ Nope: 'x' }])).rejects.toThrow('InvalidBatch : Field name not found : Nope');
  });
});
