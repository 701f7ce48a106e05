import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, type Org, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf } from './emulator-client.ts';

interface Page {
  readonly totalSize: number;
  readonly done: boolean;
  readonly nextRecordsUrl?: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

const ROWS = 450;

let org: Org;
let emulator: Emulator;
let client: Client;

beforeAll(async () => {
  org = createOrg({
    objects: {
      Kind__c: { fields: { Code__c: { type: 'string' } } },
      Thing__c: {
        fields: {
          Kind__c: { type: 'reference', referenceTo: ['Kind__c'] },
          Amount__c: { type: 'currency' },
          Count__c: { type: 'int' },
          Serial__c: { type: 'long' },
          Place__c: { type: 'location' },
          Day__c: { type: 'date' },
        },
      },
    },
    rows: { Kind__c: [{ Name: 'One', Code__c: 'K1' }] },
  });
  using kinds = org.query('SELECT Id FROM Kind__c', { includeDeleted: false, api: 'rest', nowMs: 0, orderSeed: 1 });
  const [kind] = [...kinds.rows(0, 1)].flat();
  org.insert(
    'Thing__c',
    Array.from({ length: ROWS }, (_, index) => ({
      Name: `T${String(index).padStart(3, '0')}`,
      Kind__c: index === 0 ? (kind ?? null) : null,
      Amount__c: index === 0 ? 1e7 : index === 1 ? 1.5 : null,
      Count__c: index,
      Serial__c: index === 0 ? '9007199254740993' : null,
      Place__Latitude__s: index === 0 ? 59 : null,
      Place__Longitude__s: index === 0 ? 10.75 : null,
      Day__c: '2026-01-05',
      CreatedDate: '2026-01-05T08:00:00Z',
    })),
  );
  emulator = await startEmulator({ org, clock: { frozen: true } });
  client = await connect(emulator);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  org[Symbol.dispose]();
});

async function query(soql: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
  return await jsonOf<Page>(await client.send(`query?q=${encodeURIComponent(soql)}`, { headers }));
}

describe('a page of a query', () => {
  it('holds records with their address, parents nested, missing ones null', async () => {
    const { records, ...page } = await query(
      'SELECT Name, Kind__r.Name, Kind__r.Owner.Name, Day__c, CreatedDate FROM Thing__c ORDER BY Name LIMIT 2',
    );

    expect(page).toEqual({ totalSize: 2, done: true });
    const url = expect.stringMatching(/^\/services\/data\/v66\.0\/sobjects\/Thing__c\/\w{18}$/);
    expect(records).toEqual([
      {
        attributes: { type: 'Thing__c', url },
        Name: 'T000',
        Kind__r: {
          attributes: expect.objectContaining({ type: 'Kind__c' }),
          Name: 'One',
          Owner: { attributes: expect.objectContaining({ type: 'User' }), Name: org.userName },
        },
        Day__c: '2026-01-05',
        CreatedDate: '2026-01-05T08:00:00.000+0000',
      },
      expect.objectContaining({ Name: 'T001', Kind__r: null }),
    ]);
  });

  it('writes numbers with their fraction and to the last digit', async () => {
    const soql = 'SELECT Amount__c, Count__c, Serial__c, Place__c FROM Thing__c ORDER BY Name LIMIT 2';
    const text = await (await client.send(`query?q=${encodeURIComponent(soql)}`)).text();

    expect(text).toContain('"Amount__c":10000000.0,"Count__c":0,"Serial__c":9007199254740993');
    expect(text).toContain('"Place__c":{"latitude":59,"longitude":10.75}');
    expect(text).toContain('"Amount__c":1.5,"Count__c":1,"Serial__c":null,"Place__c":null');
  });

  it('is followed by others, by locator', async () => {
    const soql = 'SELECT Name FROM Thing__c ORDER BY Name';
    const first = await query(soql, { 'Sforce-Query-Options': 'batchSize=200' });
    expect(first).toMatchObject({ totalSize: ROWS, done: false });
    expect(first.nextRecordsUrl).toMatch(/^\/services\/data\/v66\.0\/query\/0r8\w{15}-200$/);
    const second = await jsonOf<Page>(
      await client.send(first.nextRecordsUrl ?? '', { headers: { 'Sforce-Query-Options': 'batchSize=200' } }),
    );
    const third = await jsonOf<Page>(await client.send(second.nextRecordsUrl ?? ''));

    expect([first, second, third].map(({ records }) => records.length)).toEqual([200, 200, 50]);
    expect(third).toMatchObject({ done: true, totalSize: ROWS });
    expect(third.records.at(-1)).toMatchObject({ Name: 'T449' });
    const again = await client.send(second.nextRecordsUrl ?? '');
    expect(await again.json()).toEqual(third);
  });

  it.each([
    ['batchSize=1', 200],
    ['batchSize=300', 300],
    ['batchSize=5000', ROWS],
    ['nonsense', ROWS],
  ])('has as many rows as allowed: %s', async (option, rows) => {
    const { records } = await query('SELECT Id FROM Thing__c', { 'Sforce-Query-Options': option });

    expect(records).toHaveLength(rows);
  });

  it.each(['age', 'a test'])('is lost when its locator expires of %s', async (cause) => {
    const { nextRecordsUrl = '' } = await query('SELECT Id FROM Thing__c', { 'Sforce-Query-Options': 'batchSize=200' });
    if (cause === 'age') emulator.clock.advance(2 * 86_400_000);
    else emulator.cursors.expireAll();
    client = await connect(emulator);

    const response = await client.send(nextRecordsUrl);

    const error = { message: 'invalid query locator', errorCode: 'INVALID_QUERY_LOCATOR' };
    expect([response.status, await response.json()]).toEqual([400, [error]]);
  });
});

describe('a query', () => {
  it('counts and groups', async () => {
    expect(await query('SELECT COUNT() FROM Thing__c')).toEqual({ totalSize: ROWS, done: true, records: [] });
    expect(await query('SELECT COUNT(Id), MAX(Count__c) most FROM Thing__c')).toMatchObject({
      records: [{ attributes: { type: 'AggregateResult' }, expr0: ROWS, most: ROWS - 1 }],
    });
  });

  it('reads deleted rows with queryAll alone', async () => {
    using own = createOrg({ objects: { Thing__c: {} }, rows: { Thing__c: [{ Name: 'gone', IsDeleted: true }] } });
    await using other = await startEmulator({ org: own });
    const session = await connect(other);

    expect(await session.get('query?q=SELECT+Id+FROM+Thing__c')).toMatchObject({ totalSize: 0 });
    expect(await session.get('queryAll?q=SELECT+Id+FROM+Thing__c')).toMatchObject({ totalSize: 1 });
  });

  it.each([
    ['SELECT Nope FROM Thing__c', 'INVALID_FIELD', /No such column 'Nope'/],
    ['SELECT Id FROM Nope', 'INVALID_TYPE', /sObject type 'Nope' is not supported/],
    ['SELECT FROM', 'MALFORMED_QUERY', /./],
    ['SELECT Id FROM Name', 'INVALID_TYPE_FOR_OPERATION', /does not support query/],
    ['', 'MALFORMED_QUERY', /query string/],
  ])('that is wrong is refused: %s', async (soql, errorCode, message) => {
    const response = await client.send(`query?q=${encodeURIComponent(soql)}`);

    expect([response.status, await response.json()]).toEqual([
      400,
      [{ errorCode, message: expect.stringMatching(message) }],
    ]);
  });

  it('tells its columns', async () => {
    const soql = 'SELECT Id, Amount__c, Kind__r.Name FROM Thing__c';

    expect(await client.get(`query?q=${encodeURIComponent(soql)}&columns=true`)).toMatchObject({
      entityName: 'Thing__c',
      idSelected: true,
      groupBy: false,
      columnMetadata: [
        { columnName: 'Id', apexType: 'Id', numberType: false, joinColumns: [] },
        { columnName: 'Amount__c', apexType: 'Decimal', numberType: true, textType: false, custom: true },
        { columnName: 'Kind__r', apexType: null, joinColumns: [{ columnName: 'Name', textType: true }] },
      ],
    });
  });
});

describe('a record', () => {
  it('is read by its id', async () => {
    const user = await jsonOf<object>(await client.send(`sobjects/User/${org.userId}`));

    expect(user).toMatchObject({ attributes: { type: 'User' }, Id: org.userId, Name: org.userName });
    expect(Object.keys(user)).toContain('Username');
  });

  it.each(['User/005000000000000AAA', 'Nothing/005000000000000AAA', 'User/x', "User/005'OR'x'='x'"])(
    'that is not there gives 404: %s',
    async (path) => {
      expect((await client.send(`sobjects/${path}`)).status).toBe(404);
    },
  );
});
