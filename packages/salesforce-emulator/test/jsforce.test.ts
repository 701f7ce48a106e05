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
