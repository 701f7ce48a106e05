import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { BENCH_SOQL, benchRows } from '../src/bench/bench-object.ts';
import { type BenchEmulator, type RecordInput, startBenchEmulator } from '../src/index.ts';
import { type Client, connect, csvOf, runJob } from './emulator-client.ts';

const ROWS = 2500;
const PAGE_ROWS = 1000;

let emulator: BenchEmulator;
let client: Client;

beforeAll(async () => {
  emulator = await startBenchEmulator({ rows: ROWS, results: { pageRows: PAGE_ROWS } });
  client = await connect(emulator);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

async function bodies(id: string, maxRecords: number, encoding: string): Promise<readonly string[]> {
  const texts: string[] = [];
  let locator = '';
  while (locator !== 'null') {
    const query = new URLSearchParams({ maxRecords: String(maxRecords), ...(locator === '' ? {} : { locator }) });
    const path = `jobs/query/${id}/results?${query.toString()}`;
    const response = await client.send(path, { headers: { 'Accept-Encoding': encoding } });
    locator = response.headers.get('sforce-locator') ?? '';
    texts.push(await response.text());
  }
  return texts;
}

describe('a benchmark org', () => {
  it('has the same rows for the same seed', () => {
    expect([...benchRows(20, 5)]).toEqual([...benchRows(20, 5)]);
    expect([...benchRows(20, 5)]).not.toEqual([...benchRows(20, 6)]);
  });

  it('has texts and gaps as real data has', () => {
    const rows = [...benchRows(2000, 1)];
    const texts = rows.map((row: RecordInput) => row['Description__c']).filter((text) => typeof text === 'string');

    for (const part of ['"', ',', '\n', 'ü']) expect(texts.some((text) => text.includes(part))).toBe(true);
    expect(texts.length).toBeLessThan(rows.length);
  });

  it('serves pages that are ready exactly as if it made them', async () => {
    const ready = await bodies(await runJob(client, emulator.soql), PAGE_ROWS, 'identity');
    const made = await bodies(
      await runJob(client, `${emulator.soql} `.replace('Id, ', 'Id , ')),
      PAGE_ROWS,
      'identity',
    );
    const zipped = await bodies(await runJob(client, emulator.soql), PAGE_ROWS, 'gzip');

    expect(ready.map((text) => text.split('\n', 1)[0])).toEqual(Array(3).fill(made[0]?.split('\n', 1)[0]));
    expect(zipped).toEqual(ready);
    expect(ready.join('').length).toBe(made.join('').length);
    expect(Buffer.byteLength(ready.join(''))).toBe(emulator.csvBytes);
    expect(emulator.gzipBytes).toBeLessThan(emulator.csvBytes);
  });

  it('makes pages of other sizes when they are asked for', async () => {
    const id = await runJob(client, emulator.soql);

    expect(await bodies(id, 700, 'identity')).toHaveLength(4);
    const path = `jobs/query/${await runJob(client, emulator.soql, { columnDelimiter: 'TAB' })}/results?maxRecords=1`;
    expect(await (await client.send(path)).text()).toContain('"Id"\t"Name"');
  });

  it('keeps its pages when a job is deleted', async () => {
    const first = await runJob(client, emulator.soql);
    const rows = async (id: string) => await csvOf(await client.send(`jobs/query/${id}/results?maxRecords=2`));
    const before = await rows(first);
    await client.send(`jobs/query/${first}`, { method: 'DELETE' });

    expect(await rows(await runJob(client, emulator.soql))).toEqual(before);
  });

  it('can be described and queried', async () => {
    expect(await client.get('sobjects/Bench__c/describe')).toMatchObject({ name: 'Bench__c' });
    expect(await client.get('query?q=SELECT+COUNT()+FROM+Bench__c')).toMatchObject({ totalSize: ROWS });
    expect(BENCH_SOQL.split(',')).toHaveLength(20);
  });
});
