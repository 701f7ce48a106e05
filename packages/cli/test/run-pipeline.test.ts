import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterRows, refuseLogin, stallAt } from '@sluice/salesforce-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type FactoryWorkspace, factoryWorkspace, recordOf } from './factory-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

const VAULT = ['--vault', 'env'];
const LOAD = ['run', 'factory', '--pipeline', 'Load', ...VAULT];

let workspace: FactoryWorkspace;

beforeAll(async () => {
  workspace = await factoryWorkspace();
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

describe('sluice run', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('KV-05 MON-05 PL-01 prints the record of the run as one JSON document, and nothing else when quiet', async () => {
    const process = workspace.start(
      ...LOAD,
      '--output',
      'json',
      '--quiet',
      '--parameter',
      'objects=["Country__c","Company__c"]',
      '--parameter',
      'limit=42',
      '--parameter',
      'note=a=b, "c"',
      '--parameter',
      'token=tok-4711-hush',
    );
    const ended = await process.ended;

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    const run = recordOf(ended);
    expect(run).toMatchObject({
      pipelineName: 'Load',
      status: 'Succeeded',
      message: '',
      parameters: { objects: ['Country__c', 'Company__c'], limit: 42, note: 'a=b, "c"', token: '***' },
      variables: { copied: [249, 503], note: 'a=b, "c"' },
    });
    expect(run.activityRuns.map(({ activityName, status }) => `${activityName} ${status}`)).toEqual([
      'Note Succeeded',
      'EachObject Succeeded',
      'Copy Succeeded',
      'Count Succeeded',
      'Copy Succeeded',
      'Count Succeeded',
    ]);
    expect(await workspace.filesIn('out')).toEqual(['company__c.parquet', 'country__c.parquet']);
    expect(ended.stdout).not.toMatch(new RegExp(`tok-4711-hush|${workspace.emulator.clientSecret}`));
  });

  it('shows what it does while it does it, and a summary', async () => {
    const ended = await workspace.run(...LOAD);

    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^pipeline Load: Succeeded in [\d.]+ s, run [0-9a-f-]{36}$/m);
    expect(ended.stdout).toMatch(/^ {2}Copy +Copy +Succeeded +[\d.]+ s +249 rows read, 249 rows copied$/m);
    expect(ended.stderr).toMatch(/^ {2}Copy \(Copy\) {2}started$/m);
    expect(ended.stderr).toMatch(/^EachObject \(ForEach\) {2}Succeeded after/m);
  });

  it('takes parameters from a file, and those of the command line before them', async () => {
    await writeFile(join(workspace.folder, 'parameters.json'), JSON.stringify({ objects: [], note: 'of the file' }));

    const ended = await workspace.run(
      ...LOAD,
      '--output',
      'json',
      '--parameters-file',
      'parameters.json',
      '--parameter',
      'note=of the line',
    );

    expect(recordOf(ended)).toMatchObject({
      status: 'Succeeded',
      parameters: { objects: [] },
      variables: { note: 'of the line' },
    });
  });

  it('ends with 1 for a run that failed, what needs an org to be known included', async () => {
    const ended = await workspace.run(...LOAD, '--output', 'json', '--quiet', '--parameter', 'objects=["Missing__c"]');

    expect(ended.code).toBe(1);
    const run = recordOf(ended);
    expect(run).toMatchObject({ status: 'Failed' });
    expect(run.message).toContain('ErrorCode=OBJECT_UNKNOWN');
    expect(run.activityRuns.map(({ activityName, status }) => `${activityName} ${status}`)).toEqual([
      'Note Succeeded',
      'EachObject Failed',
      'Copy Failed',
      'Count Skipped',
    ]);
  });

  it('ends with 2 and all problems for definitions that are wrong in themselves, and asks nobody', async () => {
    await workspace.define('pipeline/Broken', {
      activities: [
        { name: 'A', type: 'Wait', typeProperties: { waitTimeInSeconds: -1 } },
        { name: 'B', type: 'SetVariable', typeProperties: { variableName: 'none', value: '@pipeline().parameters.x' } },
      ],
    });
    const before = workspace.emulator.requests.all.length;

    const ended = await workspace.run(
      'run',
      'factory',
      '--pipeline',
      'Broken',
      ...VAULT,
      '--output',
      'json',
      '--quiet',
    );

    expect(ended.code).toBe(2);
    const run = recordOf(ended);
    expect(run).toMatchObject({ pipelineName: 'Broken', status: 'Failed', activityRuns: [], variables: {} });
    expect(run.message).toContain('waitTimeInSeconds');
    expect(run.message).toContain('the pipeline has no variable "none"');
    expect(run.message).toContain('there is no parameter "x"');
    expect(workspace.emulator.requests.all).toHaveLength(before);
  });

  it('ends with 2 for what is asked for and is not there or no value, with a record that says so', async () => {
    const load = ['run', 'factory', '--pipeline', 'Load'];
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['run', 'factory', '--pipeline', 'Laod'], 'the factory has no pipeline "Laod"'],
      [['run', 'nowhere', '--pipeline', 'Load'], 'the factory nowhere cannot be read'],
      [[...load, '--parameter', 'limt=1'], 'there is no parameter "limt"'],
      [[...load, '--parameter', 'limit=many'], 'the parameter "limit" must be a whole number'],
      [[...load, '--parameter', 'limit'], '--parameter must be name=value'],
      [[...load, '--vault', 'here'], '--vault here is no place'],
    ];

    const ended = await Promise.all(cases.map(async ([args]) => await workspace.run(...args, '--output', 'json')));

    for (const [index, [, message]] of cases.entries()) {
      expect(ended[index]?.code).toBe(2);
      expect(ended[index]?.stderr).toContain(message);
      const run = recordOf(ended[index]!);
      expect(run).toMatchObject({ status: 'Failed', activityRuns: [] });
      expect(run.message).toContain(message);
    }
  });

  it('says of a pipeline that is not there what is wrong with the files that are', async () => {
    await using factory = await factoryWorkspace();
    await writeFile(join(factory.folder, 'factory', 'pipeline', 'Load.json'), '{"name"');
    await writeFile(join(factory.folder, 'no-factory'), '');

    const broken = await factory.run(...LOAD);
    const none = await factory.run('run', 'no-factory', '--pipeline', 'Load');

    expect([broken.code, none.code]).toEqual([2, 2]);
    expect(broken.stderr).toMatch(
      /^error NOT_FOUND: the factory has no pipeline "Load"\n[^]* error CONFIG_INVALID: pipeline\/Load\.json:1:8: /,
    );
    expect(none.stderr).toContain('there is no factory here');
  });

  it('ends with 1 for a connector that is not there, before anything runs', async () => {
    await using factory = await factoryWorkspace();
    await factory.define('dataset/packed', {
      type: 'DelimitedText',
      linkedServiceName: { referenceName: 'lake', type: 'LinkedServiceReference' },
      typeProperties: {
        location: { type: 'FileServerLocation', folderPath: 'raw', fileName: 'a.csv' },
        compressionCodec: 'bzip2',
      },
    });
    await factory.define('pipeline/Write', {
      activities: [
        { name: 'First', type: 'Wait', typeProperties: { waitTimeInSeconds: 1 } },
        {
          name: 'Write',
          type: 'Copy',
          inputs: [{ referenceName: 'salesforceObject', type: 'DatasetReference', parameters: { object: 'Account' } }],
          outputs: [{ referenceName: 'packed', type: 'DatasetReference' }],
          typeProperties: { source: { type: 'SalesforceV2Source' }, sink: { type: 'DelimitedTextSink' } },
        },
      ],
    });

    const [checked, ended] = await Promise.all([
      factory.run('validate', 'factory', '--pipeline', 'Write'),
      factory.run('run', 'factory', '--pipeline', 'Write', ...VAULT, '--output', 'json', '--quiet'),
    ]);

    expect(checked.code).toBe(2);
    expect(checked.stdout).toContain('error CONNECTOR_MISSING: ');
    expect(ended.code).toBe(1);
    expect(recordOf(ended)).toMatchObject({ status: 'Failed', activityRuns: [] });
    expect(recordOf(ended).message).toContain('CONNECTOR_MISSING');
    expect(recordOf(ended).message).toContain('there is no connector for files compressed with bzip2 here');
    expect(factory.emulator.requests.all).toEqual([]);
  });

  it('PL-08 runs a run again from what failed, by its id', async () => {
    await workspace.define('pipeline/Steps', {
      parameters: { token: { type: 'SecureString' } },
      variables: { name: { type: 'String' } },
      activities: [
        { name: 'First', type: 'SetVariable', typeProperties: { variableName: 'name', value: '@utcNow()' } },
        {
          name: 'Look',
          type: 'Lookup',
          dependsOn: [{ activity: 'First', dependencyConditions: ['Succeeded'] }],
          typeProperties: {
            source: { type: 'SalesforceV2Source', query: 'SELECT Name FROM Country__c' },
            dataset: {
              referenceName: 'salesforceObject',
              type: 'DatasetReference',
              parameters: { object: 'Country__c' },
            },
          },
        },
      ],
    });
    const args = ['run', 'factory', '--pipeline', 'Steps', ...VAULT, '--output', 'json', '--quiet'];
    const fault = workspace.emulator.faults.add({ match: { path: '/token' }, action: refuseLogin('wrongSecret') });
    const failed = await workspace.start(...args, '--parameter', 'token=hush-hush-hush').ended;
    fault[Symbol.dispose]();
    const { runId, variables } = recordOf(failed);
    const forgotten = await workspace.run(...args, '--rerun', runId);
    const again = await workspace.run(...args, '--rerun', runId, '--parameter', 'token=hush-hush-hush');

    expect(failed.code).toBe(1);
    expect(forgotten.code).toBe(2);
    expect(recordOf(forgotten).message).toContain('the parameter "token" has no value');
    expect(recordOf(again)).toMatchObject({ status: 'Succeeded', variables });
    expect(await workspace.filesIn('state')).toContain(`${runId}.jsonl`);
  });

  it('CFG-03 SRC-02 refuses what Data Factory refuses with --strict, and warns of it without', async () => {
    await workspace.define('pipeline/Ordered', {
      activities: [
        {
          name: 'Look',
          type: 'Lookup',
          typeProperties: {
            source: { type: 'SalesforceV2Source', query: 'SELECT Name FROM Country__c ORDER BY Name LIMIT 1' },
            dataset: {
              referenceName: 'salesforceObject',
              type: 'DatasetReference',
              parameters: { object: 'Country__c' },
            },
          },
        },
      ],
    });
    const args = ['run', 'factory', '--pipeline', 'Ordered', ...VAULT, '--output', 'json'];

    const [lenient, strict] = await Promise.all([workspace.run(...args), workspace.run(...args, '--strict')]);

    expect(lenient.code).toBe(0);
    expect(lenient.stderr).toContain('ORDER BY');
    expect(strict.code).toBe(2);
    expect(recordOf(strict).message).toContain('Azure Data Factory refuses ORDER BY');
  });

  it('PL-09 SRC-17 ends with 130 when it is stopped, with its job deleted and no file left', async () => {
    const fault = workspace.emulator.faults.add({ match: { path: /\/results/ }, action: stallAt(afterRows(50)) });
    const before = await workspace.filesIn('out');
    const requestsBefore = workspace.emulator.requests.all.length;
    const process = workspace.start(...LOAD, '--output', 'json', '--parameter', 'objects=["Navaid__c"]');
    await workspace.emulator.requests.waitFor(
      ({ number, path, bodyBytes }) => number > requestsBefore && path.includes('/results') && bodyBytes > 0,
    );

    process.kill('SIGINT');
    const ended = await process.ended;
    fault[Symbol.dispose]();

    expect(ended.code).toBe(130);
    expect(recordOf(ended)).toMatchObject({ status: 'Cancelled' });
    expect(workspace.emulator.jobs.all).toEqual([]);
    expect(await workspace.filesIn('out')).toEqual(before);
  });

  it('MON-05 SRC-17 is listed when it was killed, and leaves nothing that abandoning it does not remove', async () => {
    const fault = workspace.emulator.faults.add({ match: { path: /\/results/ }, action: stallAt(afterRows(50)) });
    const before = await workspace.filesIn('out');
    const requestsBefore = workspace.emulator.requests.all.length;
    const process = workspace.start(...LOAD, '--parameter', 'objects=["Navaid__c"]');
    await workspace.emulator.requests.waitFor(
      ({ number, path, bodyBytes }) => number > requestsBefore && path.includes('/results') && bodyBytes > 0,
    );
    process.kill('SIGKILL');
    await process.ended;
    fault[Symbol.dispose]();
    const kept = await readdir(join(workspace.state, 'pipelines'));
    const runId = kept.find((name) => name.endsWith('.copies'))!.replace('.copies', '');

    const list = await workspace.run('runs');
    const nameless = await workspace.run('abandon', runId);
    const left = workspace.emulator.jobs.all.length;
    const abandoned = await workspace.run('abandon', runId, 'factory', ...VAULT);

    expect(list.stdout).toMatch(new RegExp(`^${runId} +\\d{4}-\\d\\d-\\d\\d [\\d:]{8} UTC +Unfinished +Load$`, 'm'));
    expect(nameless.code).toBe(2);
    expect(nameless.stderr).toContain(`sluice abandon ${runId} <factory>`);
    expect(left).toBe(1);
    expect(abandoned).toMatchObject({ code: 0, stdout: `run ${runId} is abandoned\n` });
    expect(workspace.emulator.jobs.all).toEqual([]);
    expect(await workspace.filesIn('out')).toEqual(before);
    expect((await readdir(join(workspace.state, 'pipelines'))).some((name) => name.endsWith('.copies'))).toBe(false);
  });
});
