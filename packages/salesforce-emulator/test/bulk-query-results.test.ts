import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOrg, type Emulator, type EmulatorOptions, type Org, startEmulator } from '../src/index.ts';
import { type Client, connect, csvOf, jsonOf, runJob } from './emulator-client.ts';

type ResultOptions = EmulatorOptions['results'];

interface Links {
  readonly resultPages?: readonly { readonly resultUrl: string }[];
  readonly resultChunks?: readonly { readonly resultLink: string }[];
  readonly nextRecordsUrl?: string | null;
  readonly nextRecordUrl?: string | null;
  readonly done: boolean;
}

const ROWS = 13;
const SOQL = 'SELECT Name FROM Thing__c';

let org: Org;
let emulator: Emulator;
let client: Client;

beforeEach(() => {
  org = createOrg({
    objects: {
      Thing__c: { fields: { Kind__c: { type: 'reference', referenceTo: ['Thing__c'] }, Size__c: { type: 'int' } } },
    },
    rows: { Thing__c: Array.from({ length: ROWS }, (_, index) => ({ Name: `n${index}`, Size__c: index * 1_000_000 })) },
  });
});

afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  org[Symbol.dispose]();
});

async function start(results: ResultOptions = {}, options: EmulatorOptions = {}): Promise<void> {
  emulator = await startEmulator({ org, results: { pageRows: 2, ...results }, ...options });
  client = await connect(emulator);
}

/** The pages of a job, one after another. */
async function pagesOf(id: string, maxRecords?: number): Promise<{ rows: string[][]; locator: string }[]> {
  const pages: { rows: string[][]; locator: string }[] = [];
  let locator = '';
  while (locator !== 'null') {
    const query = new URLSearchParams({
      ...(locator === '' ? {} : { locator }),
      ...(maxRecords === undefined ? {} : { maxRecords: String(maxRecords) }),
    });
    const response = await client.send(`jobs/query/${id}/results?${query.toString()}`);
    locator = response.headers.get('sforce-locator') ?? 'absent';
    pages.push({ rows: await csvOf(response), locator });
  }
  return pages;
}

describe('result pages in sequence', () => {
  it('repeat the header row, announce their rows, and end with the text null', async () => {
    await start({ pageRows: 5 });
    const id = await runJob(client, SOQL);
    const first = await client.send(`jobs/query/${id}/results`);
    const pages = await pagesOf(id);

    expect(first.headers.get('content-type')).toBe('text/csv; charset=UTF-8');
    expect(first.headers.get('sforce-numberofrecords')).toBe('5');
    expect(first.headers.get('sforce-limit-info')).toBeNull();
    expect(pages.map(({ rows }) => rows.length)).toEqual([6, 6, 4]);
    expect(pages.map(({ rows }) => rows[0])).toEqual([['Name'], ['Name'], ['Name']]);
    expect(pages.at(-1)?.locator).toBe('null');
    const names = pages.flatMap(({ rows }) => rows.slice(1).flat());
    expect(names.sort()).toEqual(Array.from({ length: ROWS }, (_, index) => `n${index}`).sort());
  });

  it.each([
    [3, [3, 3, 3, 3, 1]],
    [50, [4, 4, 4, 1]],
    [undefined, [4, 4, 4, 1]],
  ])('hold at most maxRecords, and what the server allows: %s', async (maxRecords, sizes) => {
    await start({ pageRows: 4 });
    const pages = await pagesOf(await runJob(client, SOQL), maxRecords);

    expect(pages.map(({ rows }) => rows.length - 1)).toEqual(sizes);
  });

  it('are in no order of the org without ORDER BY, and the same when read again', async () => {
    await start();
    const id = await runJob(client, SOQL);
    const names = async () => (await pagesOf(id)).flatMap(({ rows }) => rows.slice(1).flat());
    const read = await names();

    expect(read).not.toEqual(Array.from({ length: ROWS }, (_, index) => `n${index}`));
    expect(await names()).toEqual(read);
  });

  it('are what the rows were when the job was created', async () => {
    await start({ pageRows: 50 });
    const id = await runJob(client, SOQL);
    org.insert('Thing__c', [{ Name: 'later' }]);

    expect((await pagesOf(id))[0]?.rows).toHaveLength(ROWS + 1);
  });

  it.each([
    ['resultSet', /^0:0Ga\w{15}:2$/],
    ['offset', /^2$/],
  ] as const)('have locators as recorded: %s', async (locatorForm, decoded) => {
    await start({ locatorForm });
    const [first] = await pagesOf(await runJob(client, SOQL));

    expect(Buffer.from(first?.locator ?? '', 'base64').toString()).toMatch(decoded);
  });

  it.each(['null', 'MjA=', 'x'])('refuse a locator they did not give: %s', async (locator) => {
    await start({ locatorForm: 'offset' });
    const response = await client.send(`jobs/query/${await runJob(client, SOQL)}/results?locator=${locator}`);

    expect([response.status, await response.json()]).toEqual([
      400,
      [{ errorCode: 'INVALID_LOCATOR', message: 'Invalid locator' }],
    ]);
  });

  it('refuse the locator of another job', async () => {
    await start();
    const [own] = await pagesOf(await runJob(client, SOQL));
    const other = await runJob(client, SOQL);

    const locator = encodeURIComponent(own?.locator ?? '');
    expect((await client.send(`jobs/query/${other}/results?locator=${locator}`)).status).toBe(400);
  });

  it.each(['0', '-1', 'many'])('refuse maxRecords=%s', async (maxRecords) => {
    await start();
    const id = await runJob(client, SOQL);

    expect((await client.send(`jobs/query/${id}/results?maxRecords=${maxRecords}`)).status).toBe(400);
  });

  it('refuse another API version than that of the job', async () => {
    await start();
    const id = await runJob(client, SOQL);
    const conflict = [{ errorCode: 'API_ERROR', message: 'API version mismatch' }];

    for (const path of ['results', 'resultPages']) {
      const response = await client.send(`/services/data/v65.0/jobs/query/${id}/${path}`);
      expect([response.status, await response.json()]).toEqual([409, conflict]);
    }
    expect((await client.send(`/services/data/v65.0/jobs/query/${id}`)).status).toBe(200);
  });

  it('are not there before the job is complete', async () => {
    await start({}, { jobs: { hold: true } });
    const job = await client.post('jobs/query', { operation: 'query', query: SOQL });
    const { id } = job as { readonly id: string }; // of a creation that succeeds

    for (const path of ['results', 'resultPages']) {
      const response = await client.send(`jobs/query/${id}/${path}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject([{ errorCode: 'INVALIDJOBSTATE' }]);
    }
  });

  it('hold a header row when there are no rows, or nothing', async () => {
    await start();
    const empty = await client.send(`jobs/query/${await runJob(client, `${SOQL} WHERE Name = 'no'`)}/results`);
    expect([await empty.text(), empty.headers.get('sforce-numberofrecords')]).toEqual(['"Name"\n', '0']);
    expect(empty.headers.get('sforce-locator')).toBe('null');
    await emulator[Symbol.asyncDispose]();

    await start({ emptyBody: true });
    const bare = await client.send(`jobs/query/${await runJob(client, `${SOQL} WHERE Name = 'no'`)}/results`);
    expect([await bare.text(), bare.headers.get('sforce-numberofrecords')]).toEqual(['', '0']);
  });

  it('count against the stored volume', async () => {
    await start({}, { quotas: { DailyBulkV2QueryFileStorageMB: 1 } });
    await pagesOf(await runJob(client, SOQL));

    expect(await client.post('jobs/query', { operation: 'query', query: SOQL })).toMatchObject([
      { errorCode: 'LIMIT_EXCEEDED' },
    ]);
  });
});

describe('links to result pages', () => {
  async function linksOf(path: string): Promise<Links> {
    return await jsonOf<Links>(await client.send(path));
  }

  it('come five at a time, and lead to every row once', async () => {
    await start();
    const id = await runJob(client, SOQL);
    const first = await linksOf(`jobs/query/${id}/resultPages`);
    expect(first).toMatchObject({
      done: false,
      nextRecordsUrl: expect.stringContaining(`/${id}/resultpages?locator=`),
    });
    const second = await linksOf(first.nextRecordsUrl ?? '');
    const urls = [first, second].flatMap(({ resultPages = [] }) => resultPages.map(({ resultUrl }) => resultUrl));
    const pages = await Promise.all(urls.map((url) => client.send(url)));

    expect(second).toMatchObject({ done: true, nextRecordsUrl: null });
    expect(first.resultPages).toHaveLength(5);
    expect(pages.map((page) => page.headers.get('sforce-numberofrecords'))).toEqual([
      '2',
      '2',
      '2',
      '2',
      '2',
      '2',
      '1',
    ]);
    const rows = (await Promise.all(pages.map(csvOf))).flatMap((page) => page.slice(1).flat());
    expect(rows.sort()).toEqual(Array.from({ length: ROWS }, (_, index) => `n${index}`).sort());
  });

  it('lead to pages that name a page after them, whose size is the server’s', async () => {
    await start();
    const id = await runJob(client, SOQL);
    const { resultPages = [] } = await linksOf(`jobs/query/${id}/resultPages`);
    const page = await client.send(`${resultPages[0]?.resultUrl}&maxRecords=1`);

    expect(page.headers.get('sforce-numberofrecords')).toBe('2');
    expect(page.headers.get('sforce-locator')).not.toBe('null');
  });

  it('come in the other shape, relative to the version', async () => {
    await start({ parallelPages: 'resultChunks', pageRows: 50 });
    const id = await runJob(client, SOQL);
    const { resultChunks = [], ...rest } = await linksOf(`jobs/query/${id}/resultPages`);

    expect(rest).toEqual({ nextRecordsUrl: null, done: true });
    expect(resultChunks[0]?.resultLink).toMatch(new RegExp(`^/jobs/query/${id}/results\\?locator=`));
    expect(await csvOf(await client.send(`/services/data/v66.0${resultChunks[0]?.resultLink}`))).toHaveLength(ROWS + 1);
  });

  it.each([
    ['nextRecordsUrl', ['nextRecordsUrl']],
    ['nextRecordUrl', ['nextRecordUrl']],
    ['both', ['nextRecordUrl', 'nextRecordsUrl']],
  ] as const)('spell their continuation: %s', async (continuationKey, keys) => {
    await start({ continuationKey });
    const links = await linksOf(`jobs/query/${await runJob(client, SOQL)}/resultPages`);

    expect(
      Object.keys(links)
        .filter((key) => key.startsWith('next'))
        .sort(),
    ).toEqual(keys);
  });

  it('may be absent, and came with v58', async () => {
    await start({ parallelPages: 'absent' });
    expect((await client.send(`jobs/query/${await runJob(client, SOQL)}/resultPages`)).status).toBe(404);
    await emulator[Symbol.asyncDispose]();

    await start();
    expect((await client.send('/services/data/v57.0/jobs/query/750/resultPages')).status).toBe(404);
  });

  it('do not take the locators of pages, nor pages theirs', async () => {
    await start();
    const id = await runJob(client, SOQL);
    const [page] = await pagesOf(id);
    const { nextRecordsUrl } = await linksOf(`jobs/query/${id}/resultPages`);
    const pageLocator = encodeURIComponent(page?.locator ?? '');

    expect((await client.send(`jobs/query/${id}/resultPages?locator=${pageLocator}`)).status).toBe(400);
    expect((await client.send((nextRecordsUrl ?? '').replace('resultpages', 'results'))).status).toBe(400);
  });
});

describe('the header row', () => {
  const soql = 'select NAME, kind__r.name, kind__r.owner.Name, Size__c from thing__c limit 1';

  async function headerOf(results: ResultOptions, version?: string): Promise<readonly string[] | undefined> {
    await start(results);
    client = await connect(emulator, version);
    const response = await client.send(`jobs/query/${await runJob(client, soql)}/results`);
    return (await csvOf(response))[0];
  }

  it('has the names of describe', async () => {
    expect(await headerOf({})).toEqual(['Name', 'Kind__r.Name', 'Kind__r.Owner.Name', 'Size__c']);
  });

  it('may have the names as written', async () => {
    expect(await headerOf({ headerNames: 'select' })).toEqual([
      'NAME',
      'kind__r.name',
      'kind__r.owner.Name',
      'Size__c',
    ]);
  });

  it('may carry a namespace', async () => {
    expect(await headerOf({ namespace: 'acme' })).toEqual([
      'Name',
      'acme__Kind__r.Name',
      'acme__Kind__r.Owner.Name',
      'acme__Size__c',
    ]);
  });

  it('is sorted by name before v50', async () => {
    expect(await headerOf({}, 'v49.0')).toEqual(['Kind__r.Name', 'Kind__r.Owner.Name', 'Name', 'Size__c']);
  });
});

describe('integers', () => {
  it.each([
    ['digits', '12000000'],
    ['double', '1.2E7'],
  ] as const)('are written as %s', async (integers, text) => {
    await start({ integers });
    const id = await runJob(client, `SELECT Size__c FROM Thing__c WHERE Name = 'n12'`);

    expect(await (await client.send(`jobs/query/${id}/results`)).text()).toBe(`"Size__c"\n"${text}"\n`);
  });
});
