import { refuseLogin } from '@sluice/salesforce-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { documentOf } from './copy-workspace.ts';
import { type FactoryWorkspace, factoryWorkspace } from './factory-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

const VAULT = ['--vault', 'env'];

let workspace: FactoryWorkspace;

beforeAll(async () => {
  workspace = await factoryWorkspace();
});

afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
});

describe('sluice validate', () => {
  it('says that a factory is valid, and how large it is', async () => {
    const ended = await workspace.run('validate', 'factory', '--pipeline', 'Load');

    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^valid: 1 pipeline, 2 datasets, 3 linked services; 0 errors, 0 warnings\n$/);
  });

  it('lists every problem with its place and ends with 2', async () => {
    await workspace.define('dataset/dangling', {
      type: 'Parquet',
      linkedServiceName: { referenceName: 'lkae', type: 'LinkedServiceReference' },
      typeProperties: { location: { type: 'FileServerLocation' }, compressionCodec: 'zip' },
    });

    const [text, json] = await Promise.all([
      workspace.run('validate', 'factory'),
      workspace.run('validate', 'factory', '--output', 'json'),
    ]);

    expect(text.code).toBe(2);
    expect(text.stdout).toMatch(/^error CONFIG_INVALID: dataset\/dangling\.json:1:\d+: properties\.linkedServiceName/m);
    expect(text.stdout).toContain('Did you mean "lake"?');
    expect(documentOf(json) as { status: string; problems: readonly object[] }).toMatchObject({ status: 'invalid' });
  });
});

describe('sluice test-connection', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('LS-14 asks for a token and a cheap resource, and never for limits', async () => {
    const before = workspace.emulator.requests.all.length;

    const ended = await workspace.start('test-connection', 'factory', 'crm', ...VAULT).ended;

    expect(ended).toMatchObject({ code: 0, stdout: 'the connection crm works\n' });
    const paths = workspace.emulator.requests.all.slice(before).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['/services/oauth2/token', '/services/data/v60.0/']) as unknown);
    expect(paths.filter((path) => path.includes('/limits') || path.includes('/jobs'))).toEqual([]);
  });

  it('LS-14 ends with 1 where the org refuses, shows no secret, and tests folders, too', async () => {
    workspace.emulator.faults.add({ match: { path: '/token', times: 1 }, action: refuseLogin('wrongSecret') });
    const refused = await workspace.start('test-connection', 'factory', 'crm', ...VAULT).ended;
    const lake = await workspace.run('test-connection', 'factory', 'lake');

    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('error AUTH_REJECTED');
    expect(refused.stderr + refused.stdout).not.toContain(workspace.emulator.clientSecret);
    expect(lake.code).toBe(0);
  });
});

describe('sluice discover and preview', () => {
  it('lists the objects of an org', async () => {
    const ended = await workspace.run('discover', 'factory', 'crm', ...VAULT, '--output', 'json');

    const { readable } = documentOf(ended) as { readable: readonly { name: string }[] };
    expect(readable.map(({ name }) => name)).toEqual(expect.arrayContaining(['Country__c', 'Account']) as unknown);
  });

  it('shows the first rows as the copy would read them, and how many values were rounded', async () => {
    const args = [
      'preview',
      'factory',
      'salesforceObject',
      ...VAULT,
      '--parameter',
      'object=Navaid__c',
      '--rows',
      '300',
    ];

    const [text, json] = await Promise.all([workspace.run(...args), workspace.run(...args, '--output', 'json')]);

    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/^300 rows; \d+ values? rounded to the declared scale \(Latitude__c: \d/m);
    const { rows, rounded, columns } = documentOf(json) as { rows: object[]; rounded: object[]; columns: object[] };
    expect([rows.length, rounded.length > 0]).toEqual([300, true]);
    expect(columns).toContainEqual({ name: 'Id', type: 'Utf8' });
    expect(workspace.emulator.jobs.all).toEqual([]);
  });
});
