import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Emulator, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf, runJob } from './emulator-client.ts';
import { settled } from './ingest-client.ts';

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
  emulator = await startEmulator();
  client = await connect(emulator, 'v64.0');
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

/** The requests that `sf` was seen to send, with its double slashes. */
describe('the Salesforce CLI', () => {
  it.each([
    ['/services/oauth2/userinfo', 200],
    ['/services/data/v51.0/query?q=SELECT%20Id%20FROM%20ScratchOrgInfo%20limit%201', 400],
    ['//services/data', 200],
    ['//services/data/v64.0', 200],
  ])('logs in: %s', async (path, status) => {
    expect((await client.send(path)).status).toBe(status);
  });

  it('reads the user and the organization', async () => {
    const fields = 'Name, InstanceName, IsSandbox, TrialExpirationDate, NamespacePrefix, OrganizationType';
    const soql = encodeURIComponent(`SELECT ${fields} FROM Organization`);

    expect(await client.get(`/services/data/v51.0/sobjects/User/${emulator.org.userId}`)).toHaveProperty('Username');
    expect(await client.get(`//services/data/v64.0/query?q=${soql}`)).toMatchObject({
      records: [{ Name: 'Sluice Sample Org', IsSandbox: false, NamespacePrefix: null }],
    });
  });

  it('exports in bulk', async () => {
    const id = await runJob(client, 'SELECT Id FROM Country__c', { lineEnding: 'LF' });
    const page = await client.send(`//services/data/v64.0/jobs/query/${id}/results`, {
      headers: { 'Accept-Encoding': 'gzip, deflate' },
    });

    expect(page.headers.get('sforce-locator')).toBe('null');
    expect((await page.text()).split('\n')).toHaveLength(251);
  });

  it('loads in bulk, by an upload of unknown length', async () => {
    const root = '/services/data/v64.0/jobs/ingest';
    const json = { 'Content-Type': 'application/json; charset=utf-8' };
    const dialect = { lineEnding: 'CRLF', columnDelimiter: 'SEMICOLON' };
    const job = { object: 'Account', operation: 'upsert', externalIdFieldName: 'ERP_Id__c', ...dialect };
    const csv = new Blob(['ERP_Id__c;Name;AnnualRevenue\r\nC-1;One;1\r\nC-2;Two;many\r\n']).stream();

    const created = await client.send(root, { method: 'POST', body: JSON.stringify(job), headers: json });
    const { id } = await jsonOf<{ readonly id: string }>(created);
    const upload = { method: 'PUT', body: csv, duplex: 'half', headers: { 'Content-Type': 'text/csv' } } as const;
    const uploaded = await client.send(`${root}/${id}/batches`, upload);
    const state = JSON.stringify({ state: 'UploadComplete' });
    const closed = await client.send(`${root}/${id}`, { method: 'PATCH', body: state, headers: json });

    expect([created, uploaded, closed].map(({ status }) => status)).toEqual([200, 201, 200]);
    expect(await settled(client, id)).toMatchObject({ numberRecordsProcessed: 2, numberRecordsFailed: 1 });
    const lines = async (file: string): Promise<number> =>
      (await (await client.send(`${root}/${id}/${file}`)).text()).trimEnd().split('\r\n').length;
    expect(await lines('successfulResults')).toBe(2);
    expect(await lines('failedResults')).toBe(2);
    expect(await lines('unprocessedrecords')).toBe(1);
  });

  it('queries with and without the columns', async () => {
    const path = 'query?q=SELECT%20Id%20FROM%20Country__c';

    expect(await client.get(path)).toMatchObject({ totalSize: 249 });
    expect(await client.get(`${path}&columns=true`)).toMatchObject({ columnMetadata: [{ columnName: 'Id' }] });
  });
});
