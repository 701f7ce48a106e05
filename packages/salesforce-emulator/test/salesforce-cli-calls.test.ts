import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Emulator, startEmulator } from '../src/index.ts';
import { type Client, connect, runJob } from './emulator-client.ts';

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

  it('queries with and without the columns', async () => {
    const path = 'query?q=SELECT%20Id%20FROM%20Country__c';

    expect(await client.get(path)).toMatchObject({ totalSize: 249 });
    expect(await client.get(`${path}&columns=true`)).toMatchObject({ columnMetadata: [{ columnName: 'Id' }] });
  });
});
