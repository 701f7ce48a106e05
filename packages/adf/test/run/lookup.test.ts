import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createOrg } from '@sluice/salesforce-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { PipelineRun } from '../../src/run/run-record.ts';
import { reference } from '../definitions/factory-files.ts';
import { activityOf, after, setVariable, statusesOf } from './control-run.ts';
import { type CopyWorkspace, copyWorkspace } from './copy-workspace.ts';

const ROWS = 5_001;

let workspace: CopyWorkspace;

beforeAll(async () => {
  workspace = await copyWorkspace({
    org: createOrg({
      objects: {
        Item__c: {
          fields: {
            Number__c: { type: 'int' },
            Price__c: { type: 'currency', precision: 18, scale: 2 },
            Long__c: { type: 'double', precision: 18, scale: 17 },
            At__c: { type: 'datetime' },
            Text__c: { type: 'textarea', length: 131_072 },
          },
        },
      },
      rows: {
        Item__c: Array.from({ length: ROWS }, (_, n) => ({
          Number__c: n,
          Price__c: n / 4,
          Long__c: n === 7 ? 0.12345678901234568 : null,
          At__c: '2026-01-31T08:05:00.000Z',
          Text__c: n < 60 ? 'x'.repeat(100_000) : null,
        })),
      },
    }),
  });
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

function lookup(query: string, properties: object = {}): Readonly<Record<string, unknown>> {
  return {
    name: 'Look',
    type: 'Lookup',
    typeProperties: {
      source: { type: 'SalesforceV2Source', query },
      dataset: reference('object', 'DatasetReference'),
      ...properties,
    },
  };
}

function outputOf(run: PipelineRun): Readonly<Record<string, unknown>> {
  return activityOf(run, 'Look').output as Readonly<Record<string, unknown>>;
}

describe('Lookup', () => {
  it('LK-01 LK-05 gives the first row by default, its values as JSON has them', async () => {
    const { run } = await workspace.run([
      lookup('SELECT Number__c, Price__c, At__c, Text__c FROM Item__c WHERE Number__c = 101'),
    ]);

    expect(outputOf(run)).toMatchObject({
      firstRow: { Number__c: 101, Price__c: 25.25, At__c: '2026-01-31T08:05:00.000Z', Text__c: null },
      effectiveIntegrationRuntime: expect.any(String) as string,
    });
  });

  it('LK-05 gives all rows with their count where it is told to, for expressions to use', async () => {
    const { run } = await workspace.run(
      [
        lookup('SELECT Number__c FROM Item__c WHERE Number__c < 3', { firstRowOnly: false }),
        setVariable(
          'Use',
          'seen',
          "@{activity('Look').output.count} @{length(activity('Look').output.value)} @{activity('Look').output.value[0].Number__c}",
          after('Look'),
        ),
      ],
      { pipeline: { variables: { seen: { type: 'String' } } } },
    );

    const { count, value } = outputOf(run);
    expect([count, (value as { Number__c: number }[]).map((row) => row.Number__c).toSorted((a, b) => a - b)]).toEqual([
      3,
      [0, 1, 2],
    ]);
    expect(run.variables['seen']).toMatch(/^3 3 [012]$/);
  });

  it('LK-02 gives no more than 5,000 rows, and says so', async () => {
    const notes: string[] = [];
    const { run } = await workspace.run([lookup('SELECT Number__c FROM Item__c', { firstRowOnly: false })], {
      onEvent: (event) => event.kind === 'note' && notes.push(event.code),
    });

    expect(run.status).toBe('Succeeded');
    expect(outputOf(run)).toMatchObject({ count: 5_000 });
    expect(notes).toContain('LOOKUP_TRUNCATED');
  });

  it('LK-03 fails for an output of more than 4 MB, by the code of the service', async () => {
    const query = 'SELECT Text__c FROM Item__c WHERE Number__c < 60';
    const { run } = await workspace.run([lookup(query, { firstRowOnly: false })]);

    expect(activityOf(run, 'Look').error).toMatchObject({ errorCode: '2100', failureType: 'UserError' });
    expect(run.message).toContain('ErrorCode=UserErrorComputePluginFailure');
    expect(run.message).toContain('4194304 bytes');
  });

  it('LK-08 gives no first row where there is none, and a count of 0', async () => {
    const none = 'SELECT Number__c FROM Item__c WHERE Number__c < 0';
    const first = await workspace.run(
      [lookup(none), setVariable('Use', 'seen', "@activity('Look').output.firstRow.Number__c", after('Look'))],
      { pipeline: { variables: { seen: { type: 'String' } } } },
    );
    const all = await workspace.run([lookup(none, { firstRowOnly: false })]);

    expect(statusesOf(first.run)).toEqual(['Look Succeeded', 'Use Failed']);
    expect(first.run.message).toContain('there is no property "firstRow"');
    expect(outputOf(all.run)).toMatchObject({ count: 0, value: [] });
  });

  it('gives decimals as numbers where those say the same, else as text with a note', async () => {
    const notes: string[] = [];
    const { run } = await workspace.run([lookup('SELECT Long__c FROM Item__c WHERE Number__c = 7')], {
      onEvent: (event) => event.kind === 'note' && notes.push(event.message),
    });
    const text = await workspace.run([
      lookup('SELECT Price__c FROM Item__c WHERE Number__c = 101', { treatDecimalAsString: true }),
    ]);

    const { Long__c: long } = (outputOf(run) as { firstRow: { Long__c: unknown } }).firstRow;
    expect(['0.12345678901234568', 0.12345678901234568]).toContain(long);
    expect(typeof long === 'string').toBe(notes.some((note) => note.includes('Long__c')));
    expect(outputOf(text.run)).toMatchObject({ firstRow: { Price__c: '25.25' } });
  });

  it('LK-01 reads text files, whose columns are called Prop_0 and so on without a header', async () => {
    await mkdir(join(workspace.folder, 'marks'), { recursive: true });
    await writeFile(join(workspace.folder, 'marks/a.csv'), 'Account,2026-01-31\r\n');
    const marks = {
      type: 'DelimitedText',
      linkedServiceName: reference('disk'),
      typeProperties: { location: { type: 'FileServerLocation', folderPath: 'marks', fileName: 'a.csv' } },
    };
    const { run } = await workspace.run(
      [
        {
          name: 'Look',
          type: 'Lookup',
          typeProperties: { source: { type: 'DelimitedTextSource' }, dataset: reference('marks', 'DatasetReference') },
        },
      ],
      { parts: { datasets: { marks } } },
    );

    expect(outputOf(run)).toMatchObject({ firstRow: { Prop_0: 'Account', Prop_1: '2026-01-31' } });
  });

  it('LK-04 ends after 24 hours, whatever its policy allows', async () => {
    const dayMs = 86_400_000;
    const { run } = await workspace.run(
      [{ ...lookup('SELECT Number__c FROM Item__c'), policy: { timeout: '2.00:00:00' } }],
      {
        clock: {
          now: () => Date.now(),
          async sleep(delayMs, signal) {
            signal.throwIfAborted();
            if (delayMs === dayMs) return;
            await new Promise<never>((_, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
            });
          },
        },
      },
    );

    expect(run.message).toContain('took longer than its time-out of 86400 seconds');
  });

  it('SRC-17 leaves no job in the org', async () => {
    await workspace.run([lookup('SELECT Number__c FROM Item__c')]);

    expect(workspace.emulator.jobs.all).toEqual([]);
  });
});

describe('what is not there yet', () => {
  it('is refused before anything runs, naming the activity and what it needs', async () => {
    const before = workspace.emulator.requests.all.length;
    const copy = {
      name: 'Copy',
      type: 'Copy',
      inputs: [reference('object', 'DatasetReference')],
      outputs: [reference('packed', 'DatasetReference')],
      typeProperties: { source: { type: 'SalesforceV2Source' }, sink: { type: 'DelimitedTextSink' } },
    };
    const packed = {
      type: 'DelimitedText',
      linkedServiceName: reference('disk'),
      typeProperties: { location: { type: 'FileServerLocation', fileName: 'x.csv' }, compressionCodec: 'bzip2' },
    };
    const running = workspace.run([lookup('SELECT Id FROM Item__c'), copy], { parts: { datasets: { packed } } });

    await expect(running).rejects.toThrow(/activities\[1\].*files compressed with bzip2/);
    expect(workspace.emulator.requests.all).toHaveLength(before);
  });
});
