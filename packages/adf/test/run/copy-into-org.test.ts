import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import {
  answerWith,
  createOrg,
  type Emulator,
  hangJob,
  loseReply,
  rejectRows,
  rowsWith,
  vanishJob,
} from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { PipelineResult } from '../../src/run/run-pipeline.ts';
import { type FactoryParts, reference } from '../definitions/factory-files.ts';
import { type CopyWorkspace, copyWorkspace } from './copy-workspace.ts';

type Json = Readonly<Record<string, unknown>>;

let workspace: CopyWorkspace;

beforeEach(async () => {
  const org = createOrg({
    objects: {
      Region__c: { fields: { Code__c: { type: 'string', length: 8, externalId: true, unique: true } } },
      Item__c: {
        fields: {
          Key__c: { type: 'string', length: 20, externalId: true, unique: true },
          Note__c: { type: 'string', length: 40 },
          Price__c: { type: 'currency', precision: 18, scale: 2 },
          Day__c: { type: 'date' },
          At__c: { type: 'datetime' },
          Flag__c: { type: 'boolean' },
          Fixed__c: { type: 'string', length: 10, createable: false, updateable: false },
          Region__c: { type: 'reference', referenceTo: ['Region__c'], relationshipName: 'Region__r' },
        },
      },
    },
    rows: {
      Region__c: [{ Name: 'North', Code__c: 'N' }],
      Item__c: [{ Name: 'Old', Key__c: 'a', Note__c: 'kept', Price__c: 1 }],
    },
    keepMilliseconds: true,
  });
  workspace = await copyWorkspace({ org, clientSecret: 'a secret that nobody sees' });
});

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

interface Load {
  readonly text: string;
  readonly sink?: Json;
  readonly more?: Json;
  readonly object?: string;
  readonly strict?: boolean;
  readonly parts?: FactoryParts;
}

/** Copies the lines of a text file into an object. */
async function load({ text, sink, more, object = 'Item__c', strict, parts }: Load): Promise<PipelineResult> {
  await mkdir(join(workspace.folder, 'out'), { recursive: true });
  await writeFile(join(workspace.folder, 'out/in.csv'), text);
  const copy = {
    name: 'Load',
    type: 'Copy',
    inputs: [reference('csv', 'DatasetReference', { file: 'in.csv' })],
    outputs: [reference('object', 'DatasetReference', { object })],
    typeProperties: {
      source: { type: 'DelimitedTextSource' },
      sink: { type: 'SalesforceV2Sink', ...sink },
      ...more,
    },
  };
  return await workspace.run([copy], {
    ...(strict === undefined ? {} : { strict }),
    ...(parts === undefined ? {} : { parts }),
  });
}

const upsert = { writeBehavior: 'Upsert', externalIdFieldName: 'Key__c' };

function activityOf({ run }: PipelineResult): Json {
  return run.activityRuns[0] as unknown as Json;
}

function outputOf(result: PipelineResult): Json {
  return activityOf(result)['output'] as Json;
}

function messageOf(result: PipelineResult): string {
  return (activityOf(result)['error'] as { readonly message: string } | undefined)?.message ?? '';
}

async function items(columns: string): Promise<readonly Json[]> {
  const result = await workspace.copy({ query: `SELECT ${columns} FROM Item__c`, file: 'items.parquet' });
  expect(result.run.status).toBe('Succeeded');
  return await workspace.rows('items.parquet');
}

function rejectBadNotes(): void {
  const rejection = { statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'no such note' };
  workspace.emulator.faults.add({
    match: { method: 'POST', path: /jobs\/ingest/ },
    action: rejectRows(rowsWith('Note__c', ['bad']), rejection),
  });
}

const jobsOf = ({ ingestJobs }: Emulator): readonly { readonly operation: string; readonly object: string }[] =>
  ingestJobs.all.map(({ request: { operation, object } }) => ({ operation, object }));

describe('a copy into an org', () => {
  it('SNK-01 SNK-10 CP-02 inserts rows by default, and tells what it did', async () => {
    const result = await load({ text: 'Key__c,Note__c\nb,new\nc,newer\n' });

    expect(messageOf(result)).toBe('');
    expect(outputOf(result)).toMatchObject({ rowsRead: 2, rowsCopied: 2, rowsSkipped: 0 });
    expect(outputOf(result)).not.toHaveProperty('filesWritten');
    expect(outputOf(result)['dataWritten']).toBeGreaterThan(0);
    expect(jobsOf(workspace.emulator)).toEqual([{ operation: 'insert', object: 'Item__c' }]);
    expect((await items('Key__c, Note__c')).map(({ Key__c }) => Key__c)).toEqual(['a', 'b', 'c']);
  });

  it.each(['upsert', 'Upsert', { value: "@toLower('UPSERT')", type: 'Expression' }])(
    'SNK-01 SNK-02 upserts for %o, rows found by the external id',
    async (writeBehavior) => {
      const result = await load({ text: 'Key__c,Note__c\na,changed\nb,new\n', sink: { ...upsert, writeBehavior } });

      expect(messageOf(result)).toBe('');
      expect(await items('Key__c, Note__c')).toEqual([
        { Key__c: 'a', Note__c: 'changed' },
        { Key__c: 'b', Note__c: 'new' },
      ]);
    },
  );

  it('fails for rows that nobody can say of whether they were written, even where incompatible ones are skipped', async () => {
    workspace.emulator.faults.add({ match: { method: 'PATCH', path: /jobs\/ingest/ }, action: vanishJob() });

    const result = await load({ text: 'Key__c,Note__c\nb,new\nc,newer\n', more: { enableSkipIncompatibleRow: true } });

    expect(activityOf(result)['status']).toBe('Failed');
    expect(messageOf(result)).toMatch(
      /^Failure happened on 'Sink' side\. ErrorCode=ROWS_IN_DOUBT,.*2 rows are in doubt.*Look in the target which/,
    );
    expect(messageOf(result)).not.toContain('maxInDoubt');
  });

  it('SNK-01 refuses another behaviour before anything runs', async () => {
    await expect(load({ text: 'Key__c\nb\n', sink: { writeBehavior: 'Replace' } })).rejects.toThrow('writeBehavior');
    expect(workspace.emulator.requests.all).toEqual([]);
  });

  it('SNK-02 upserts by Id where no external id is named, unless it is strict', async () => {
    const sink = { writeBehavior: 'Upsert' };
    const lenient = await load({ text: 'Id,Note__c\n,new\n', sink });
    const strict = await load({ text: 'Id,Note__c\n,new\n', sink, strict: true });

    // A row without a key is no row that could be found or made.
    expect(messageOf(lenient)).toMatch(/Id/);
    expect(messageOf(strict)).toContain('an upsert needs externalIdFieldName');
  });

  it.each([
    ['is not there', 'Nothing__c'],
    ['is no external id', 'Note__c'],
  ])('SNK-02 SNK-10 refuses an external id that %s, before a job', async (_what, externalIdFieldName) => {
    const result = await load({ text: 'Key__c,Note__c\nb,new\n', sink: { ...upsert, externalIdFieldName } });

    expect(messageOf(result)).toContain(externalIdFieldName);
    expect(workspace.emulator.ingestJobs.all).toEqual([]);
  });

  it('SNK-03 rejects a row whose key is null', async () => {
    const result = await load({
      text: 'Key__c,Note__c\n,lost\nb,new\n',
      sink: upsert,
      more: { enableSkipIncompatibleRow: true },
    });

    expect(outputOf(result)).toMatchObject({ rowsRead: 2, rowsCopied: 1, rowsSkipped: 1 });
  });

  it('SNK-04 refuses input without the key column', async () => {
    const result = await load({ text: 'Note__c\nnew\n', sink: upsert });

    expect(messageOf(result)).toContain('Key__c');
    expect(workspace.emulator.ingestJobs.all).toEqual([]);
  });

  it('SNK-05 has as many rows in a job as writeBatchSize says', async () => {
    const text = `Key__c\n${Array.from({ length: 7 }, (_, i) => `k${i}`).join('\n')}\n`;
    const result = await load({ text, sink: { writeBatchSize: 3 } });

    expect(outputOf(result)).toMatchObject({ rowsCopied: 7 });
    expect(workspace.emulator.ingestJobs.all).toHaveLength(3);
    expect(JSON.stringify(outputOf(result)['notes'])).toContain('advised are 10000 to 200000 rows');
    await expect(load({ text, sink: { writeBatchSize: 0 } })).rejects.toThrow('writeBatchSize');
  });

  it.each([
    [false, [null, null]],
    [true, ['kept', '1.00']],
  ])('SNK-06 SNK-07 with ignoreNullValues %s, empty cells leave %j', async (ignoreNullValues, [note, price]) => {
    const result = await load({ text: 'Key__c,Note__c,Price__c\na,,\n', sink: { ...upsert, ignoreNullValues } });

    expect(messageOf(result)).toBe('');
    const [row] = await items('Key__c, Note__c, Price__c');
    expect([row!['Note__c'], row!['Price__c'] === null ? null : Number(row!['Price__c']).toFixed(2)]).toEqual([
      note,
      price,
    ]);
  });

  it('SNK-08 has no more jobs under way than maxConcurrentConnections says', async () => {
    const text = `Key__c\n${Array.from({ length: 8 }, (_, i) => `k${i}`).join('\n')}\n`;
    const result = await load({ text, sink: { writeBatchSize: 2, maxConcurrentConnections: 1 } });

    expect(outputOf(result)).toMatchObject({ rowsCopied: 8, sinkPeakConnections: 1 });
  });

  it.each([
    ['is not there', 'Notes__c', 'nearest: Note__c'],
    ['nobody may write', 'Fixed__c', 'Fixed__c'],
  ])('SNK-10 refuses a column for a field that %s, before a job', async (_what, column, told) => {
    const result = await load({ text: `Key__c,${column}\nb,x\n` });

    expect(messageOf(result).toLowerCase()).toContain(told.toLowerCase());
    expect(workspace.emulator.ingestJobs.all).toEqual([]);
  });

  it('SNK-11 finds parents by an external id of theirs, and refuses a relationship that is not there', async () => {
    const found = await load({ text: 'Key__c,Region__r.Code__c\nb,N\n' });
    const unknown = await load({ text: 'Key__c,Regio__r.Code__c\nc,N\n' });

    expect(messageOf(found)).toBe('');
    expect(messageOf(unknown)).toContain('Regio__r');
    const rows = await items('Key__c, Region__r.Name');
    expect(rows.map((row) => row['Region__r.Name'])).toEqual([null, 'North']);
  });

  it('SNK-12 fails with the org’s reason for a row that it rejects, once the verdicts on all rows are in', async () => {
    rejectBadNotes();
    const result = await load({ text: 'Key__c,Note__c\nb,bad\nc,good\n' });

    expect(result.run.status).toBe('Failed');
    expect(messageOf(result)).toContain('no such note');
    expect(messageOf(result)).toContain("Failure happened on 'Sink' side");
    expect((await items('Key__c')).map(({ Key__c }) => Key__c)).toEqual(['a', 'c']);
  });

  it('SNK-12 LOG-02 skips such rows where it is told to, and logs each with its values and the org’s reason', async () => {
    rejectBadNotes();
    const result = await load({
      text: 'Key__c,Note__c\nb,bad\nc,good\n',
      more: {
        enableSkipIncompatibleRow: true,
        validateDataConsistency: true,
        logSettings: {
          enableCopyActivityLog: true,
          logLocationSettings: { linkedServiceName: reference('disk'), path: 'logs' },
        },
      },
    });

    expect(outputOf(result)).toMatchObject({
      rowsRead: 2,
      rowsCopied: 1,
      rowsSkipped: 1,
      dataConsistencyVerification: { VerificationResult: 'Verified', InconsistentData: 'Skipped' },
    });
    const folder = join(workspace.folder, String(outputOf(result)['logFilePath']));
    const [file = ''] = await readdir(folder);
    const [, line = ''] = (await readFile(join(folder, file), 'utf8')).split('\r\n');
    expect(line).toContain('"""b"",""bad"""');
    expect(line).toContain('no such note');
  });

  it('TYP-08 writes values in forms of no culture', async () => {
    const result = await load({
      text: 'Key__c,Price__c,Day__c,At__c,Flag__c\nb,1234567.5,2026-01-31,2026-01-31T08:05:00.123Z,true\n',
    });

    expect(messageOf(result)).toBe('');
    const upload = workspace.emulator.ingestJobs.all[0]!;
    expect(upload.state).toBe('JobComplete');
    const rows = await items('Key__c, Price__c, Day__c, At__c, Flag__c');
    expect(rows[1]).toMatchObject({ Flag__c: true, At__c: new Date('2026-01-31T08:05:00.123Z') });
    expect(Number(rows[1]!['Price__c'])).toBe(1_234_567.5);
  });

  it('SNK-09 repeats calls as often as sinkRetryCount says, and waits no longer than writeBatchTimeout', async () => {
    const { faults } = workspace.emulator;
    const match = { method: 'POST', path: /jobs\/ingest$/ };
    const down = faults.add({ match, action: answerWith(503) });
    const given = await load({ text: 'Key__c\nb\n', sink: { sinkRetryCount: 1, sinkRetryWait: '00:00:01' } });
    expect(given.run.status).toBe('Failed');
    expect(down.hits).toBe(2);
    down[Symbol.dispose]();

    faults.add({ match, action: hangJob() });
    const hung = await load({ text: 'Key__c\nb\n', sink: { writeBatchTimeout: '00:01:00' } });
    expect(messageOf(hung)).toContain('DEADLINE_EXCEEDED');
    expect(workspace.emulator.ingestJobs.all.map(({ state }) => state)).not.toContain('InProgress');
  });

  it('SNK-13 tells when the batches of the day are used up, before anything is processed', async () => {
    await using poor = await copyWorkspace({ quotas: { DailyBulkApiBatches: 0 } });
    const copy = {
      name: 'Load',
      type: 'Copy',
      inputs: [reference('csv', 'DatasetReference', { file: 'in.csv' })],
      outputs: [reference('object', 'DatasetReference', { object: 'Country__c' })],
      typeProperties: { source: { type: 'DelimitedTextSource' }, sink: { type: 'SalesforceV2Sink' } },
    };
    await mkdir(join(poor.folder, 'out'));
    await writeFile(join(poor.folder, 'out/in.csv'), 'Code__c,Name\nZZ,Nowhere\n');
    const { run } = await poor.run([copy]);

    expect(run.status).toBe('Failed');
    expect(run.message).toContain('ErrorCode=QUOTA_EXCEEDED');
    expect(run.message).toContain('0 bulk batches left for 24 hours (DailyBulkApiBatches)');
    expect(poor.emulator.ingestJobs.all).toEqual([]);
  });

  it('SNK-14 inserts no row twice when the answer to a request is lost', async () => {
    const methods = ['POST', 'PUT', 'PATCH'];
    for (const method of methods) {
      workspace.emulator.faults.add({ match: { method, path: /jobs\/ingest/, nth: 1 }, action: loseReply() });
    }
    const result = await load({ text: 'Key__c\nb\nc\n' });

    expect(messageOf(result)).toBe('');
    expect((await items('Key__c')).map(({ Key__c }) => Key__c)).toEqual(['a', 'b', 'c']);
  });

  it('runs the sink of Service Cloud, too', async () => {
    const { url: environmentUrl, clientId, clientSecret: value } = workspace.emulator;
    const parts = {
      linkedServices: {
        crm: {
          type: 'SalesforceServiceCloudV2',
          typeProperties: {
            environmentUrl,
            clientId,
            clientSecret: { type: 'SecureString', value },
            apiVersion: '60.0',
          },
        },
      },
      datasets: {
        object: {
          type: 'SalesforceServiceCloudV2Object',
          parameters: { object: { type: 'String' } },
          linkedServiceName: reference('crm'),
          typeProperties: { objectApiName: '@dataset().object' },
        },
      },
    };
    const sink = { type: 'SalesforceServiceCloudV2Sink' };
    const result = await load({ text: 'Key__c\nb\n', sink, parts });

    expect(outputOf(result)).toMatchObject({ rowsCopied: 1 });
  });

  it('refuses a dataset that names a report, or nothing', async () => {
    expect(messageOf(await load({ text: 'Key__c\nb\n', object: '' }))).toContain('nothing to write to');
  });
});
