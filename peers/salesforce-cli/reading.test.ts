import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Emulator, startEmulator } from '@sluice/salesforce-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { orgRows } from './org-rows.ts';
import { salesforceCli, type SalesforceCli } from './salesforce-cli.ts';
import { unknownRequests } from './unknown-requests.ts';

const COUNTRIES = 249;

let emulator: Emulator;
let cli: SalesforceCli;

beforeAll(async () => {
  emulator = await startEmulator({ results: { pageRows: 100 } });
  cli = await salesforceCli(emulator);
});

afterAll(async () => {
  await cli[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
});

describe('the Salesforce CLI, reading', () => {
  it('exports all rows of several result pages, with one header row', async () => {
    const file = join(cli.folder, 'countries.csv');
    const query = ['--query', 'SELECT Id, Name FROM Country__c', '--output-file', file];

    const answer = await cli.run('data', 'export', 'bulk', ...query, '--result-format', 'csv', '--wait', '2');

    const [header, ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(answer).toMatchObject({ status: 0 });
    expect(header?.replaceAll('"', '')).toBe('Id,Name');
    expect(new Set(lines).size).toBe(COUNTRIES);
    expect(emulator.requests.matching({ method: 'GET', path: /\/results(\?|$)/ })).toHaveLength(3);
  });

  it('queries rows as JSON', async () => {
    const query = 'SELECT Id, Name FROM Country__c ORDER BY Name LIMIT 3';

    const answer = await cli.run('data', 'query', '--query', query);

    const expected = orgRows(emulator, query).map(([Id, Name]) => ({ Id, Name }));
    expect(answer).toMatchObject({ status: 0, result: { totalSize: 3, records: expected } });
  });

  it('says why a query is refused', async () => {
    const answer = await cli.run('data', 'query', '--query', 'SELECT Nothing__c FROM Country__c');

    expect(answer).toMatchObject({ status: 1, message: expect.stringContaining('Nothing__c') });
  });

  it('asks for nothing that the emulator does not know', () => {
    expect(emulator.requests.all.length).toBeGreaterThan(10);
    expect(unknownRequests(emulator)).toEqual([]);
  });
});
