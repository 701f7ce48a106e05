import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Emulator, startEmulator } from '../src/index.ts';
import { type Client, connect, csvOf, jsonOf, runJob } from './emulator-client.ts';

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
  emulator = await startEmulator({ results: { pageRows: 100 } });
  client = await connect(emulator);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

describe('a query job', () => {
  it('gives every row once, page by page', async () => {
    const id = await runJob(client, 'SELECT Id, Name FROM Country__c');
    const rows: string[][] = [];
    let locator: string | null = null;
    do {
      const query = locator === null ? '' : `?locator=${encodeURIComponent(locator)}`;
      const page = await client.send(`jobs/query/${id}/results${query}`);
      const [header, ...pageRows] = await csvOf(page);
      expect(header).toEqual(['Id', 'Name']);
      expect(page.headers.get('sforce-numberofrecords')).toBe(String(pageRows.length));
      rows.push(...pageRows);
      locator = page.headers.get('sforce-locator');
    } while (locator !== 'null');

    expect(new Set(rows.map(([rowId]) => rowId)).size).toBe(249);
    expect(rows).toHaveLength(249);
  });

  it('gives the same rows by links to its pages', async () => {
    const id = await runJob(client, 'SELECT Id FROM Country__c');
    const list = await jsonOf<{ resultPages: { resultUrl: string }[]; done: boolean }>(
      await client.send(`jobs/query/${id}/resultPages`),
    );

    expect(list.done).toBe(true);
    const pages = await Promise.all(
      list.resultPages.map(async ({ resultUrl }) => (await csvOf(await client.send(resultUrl))).slice(1)),
    );
    expect(pages.map((page) => page.length)).toEqual([100, 100, 49]);
    expect(new Set(pages.flat().map(([rowId]) => rowId)).size).toBe(249);
  });
});
