import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createOrg, type Emulator, failJob, startEmulator } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { orgRows } from './org-rows.ts';
import { salesforceCli, type SalesforceCli } from './salesforce-cli.ts';
import { unknownRequests } from './unknown-requests.ts';

const HEADER = ['Key__c', 'Stock__c', 'Text__c'] as const;
const PARTS = `SELECT ${HEADER.join(', ')} FROM Part__c ORDER BY Stock__c`;

type Row = readonly [key: string, stock: number | string, text: string];

let emulator: Emulator;
let cli: SalesforceCli;

beforeEach(async () => {
  const fields = {
    Key__c: { type: 'string', length: 20, externalId: true, unique: true },
    Stock__c: { type: 'double', scale: 0 },
    Text__c: { type: 'textarea' },
  } as const;
  const org = createOrg({ objects: { Part__c: { fields } } });
  // 400 rows a poll, so that the CLI sees a job that is half done.
  emulator = await startEmulator({ org, ingest: { chunksPerPoll: 2 } });
  cli = await salesforceCli(emulator);
});

afterEach(async () => {
  await cli[Symbol.asyncDispose]();
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
});

/** Numbered from 1. Their texts have whatever a cell of a CSV file may have. */
function parts(count: number): readonly Row[] {
  return Array.from({ length: count }, (_, index) => index + 1).map((n) => [`P-${n}`, n, `Nº ${n}, "bred"\nblå`]);
}

/** Writes a CSV file, and gives the flags that say what to load. */
async function partsFile(rows: readonly Row[], delimiter: string, lineEnding: string): Promise<readonly string[]> {
  const file = join(cli.folder, 'parts.csv');
  const lines = [HEADER, ...rows].map((row) => row.map(quoted).join(delimiter) + lineEnding);
  await writeFile(file, lines.join(''));
  return ['--file', file, '--sobject', 'Part__c', '--wait', '2'];
}

function quoted(cell: number | string): string {
  return `"${String(cell).replaceAll('"', '""')}"`;
}

/** Lets `sf data bulk results` save the files of the only job. */
async function saveResults(): Promise<{ readonly told: unknown; readonly read: (kind: string) => Promise<string> }> {
  const jobId = emulator.ingestJobs.all[0]?.id ?? '';
  const told = await cli.run('data', 'bulk', 'results', '--job-id', jobId);
  return { told, read: async (kind) => await readFile(join(cli.folder, `${jobId}-${kind}-records.csv`), 'utf8') };
}

describe('the Salesforce CLI, writing', () => {
  it('imports all rows of a file, by one upload', async () => {
    const rows = parts(450);

    const answer = await cli.run('data', 'import', 'bulk', ...(await partsFile(rows, ',', '\n')));

    const counts = { processedRecords: 450, successfulRecords: 450, failedRecords: 0 };
    expect(answer).toMatchObject({ status: 0, result: counts });
    expect(orgRows(emulator, PARTS)).toEqual(rows);
    expect(emulator.requests.matching({ method: 'PUT', path: '/batches' })).toHaveLength(1);
    expect(emulator.ingestJobs.all.map(({ state }) => state)).toEqual(['JobComplete']);
    expect(unknownRequests(emulator)).toEqual([]);
  });

  it('upserts by external id, and tells which row was rejected and why', async () => {
    const old = parts(4).map(([Key__c, Stock__c]) => ({ Key__c, Stock__c, Text__c: 'old' }));
    emulator.org.insert('Part__c', old);
    const rows: readonly Row[] = [
      ['P-2', 20, 'changed'],
      ['P-3', 'many', 'rejected'],
      ['P-4', 40, 'changed'],
      ['P-5', 50, 'new; "quoted"'],
      ['P-6', 60, 'new'],
    ];
    const file = await partsFile(rows, ';', '\r\n');
    const dialect = ['--line-ending', 'CRLF', '--column-delimiter', 'SEMICOLON'];

    const answer = await cli.run('data', 'upsert', 'bulk', ...file, '--external-id', 'Key__c', ...dialect);
    const { told, read } = await saveResults();

    expect(answer).toMatchObject({ status: 1, message: expect.stringContaining('failed to process 1 records') });
    expect(told).toMatchObject({ status: 0, result: { processedRecords: 5, successfulRecords: 4, failedRecords: 1 } });
    expect(orgRows(emulator, PARTS)).toEqual([
      ['P-1', 1, 'old'],
      ['P-3', 3, 'old'],
      ['P-2', 20, 'changed'],
      ['P-4', 40, 'changed'],
      ['P-5', 50, 'new; "quoted"'],
      ['P-6', 60, 'new'],
    ]);
    const reason =
      "INVALID_FIELD:Failed to deserialize field at col 1. Due to, 'many' is not a valid value for the type";
    expect((await read('failed')).trimEnd().split('\r\n')).toEqual([
      '"sf__Id";"sf__Error";Key__c;Stock__c;Text__c',
      `"";"${reason} xsd:double:Stock__c --";"P-3";"many";"rejected"`,
    ]);
    const [, ...saved] = (await read('success')).trimEnd().split('\r\n');
    expect(saved.map((line) => line.replace(/^"\w{18}";/, '')).sort()).toEqual([
      '"false";"P-2";"20.0";"changed"',
      '"false";"P-4";"40.0";"changed"',
      '"true";"P-5";"50.0";"new; ""quoted"""',
      '"true";"P-6";"60.0";"new"',
    ]);
    expect(unknownRequests(emulator)).toEqual([]);
  });

  it('says why a job failed, and saves what was left undone', async () => {
    const match = { method: 'POST', path: '/jobs/ingest' };
    emulator.faults.add({ match, action: failJob('TooManyLockFailure : Trying again later.', { afterRows: 200 }) });
    const rows = parts(300);

    const answer = await cli.run('data', 'import', 'bulk', ...(await partsFile(rows, ',', '\n')));
    const { told, read } = await saveResults();

    expect(answer).toMatchObject({ status: 1, message: expect.stringContaining('TooManyLockFailure') });
    expect(told).toMatchObject({ status: 0, result: { status: 'Failed', processedRecords: 200, failedRecords: 0 } });
    expect(orgRows(emulator, PARTS)).toEqual(rows.slice(0, 200));
    const undone = rows.slice(200).map((row) => `${row.map(quoted).join(',')}\n`);
    expect((await read('unprocessed')).split('\n').slice(1).join('\n')).toBe(undone.join(''));
    expect(unknownRequests(emulator)).toEqual([]);
  });

  it('says which column is unknown', async () => {
    const file = join(cli.folder, 'unknown.csv');
    await writeFile(file, 'Key__c,Nothing__c\nP-1,x\n');

    const answer = await cli.run('data', 'import', 'bulk', '--file', file, '--sobject', 'Part__c', '--wait', '2');

    expect(answer).toMatchObject({ status: 1, message: expect.stringContaining('Nothing__c') });
    expect(emulator.org.countRows('Part__c')).toBe(0);
    expect(unknownRequests(emulator)).toEqual([]);
  });
});
