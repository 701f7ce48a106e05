import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createOrg } from '@sluice/salesforce-emulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { documentOf } from './copy-workspace.ts';
import { type FactoryWorkspace, factoryWorkspace } from './factory-workspace.ts';
import { PROCESS_TIMEOUT_MS } from './sluice-process.ts';

interface UpgradeDocument {
  readonly status: string;
  readonly files: readonly { readonly file: string; readonly diff: string }[];
  readonly gaps: readonly { readonly file: string; readonly path: string; readonly message: string }[];
}

const LEGACY_SERVICE = `{
    "name": "old",
    // the org of sales
    "properties": {
        "type": "Salesforce",
        "typeProperties": {
            "username": "me", // a person
            "password": { "type": "SecureString", "value": "hush-password" },
            "securityToken": { "type": "SecureString", "value": "hush-token" }
        }
    }
}`;

const REPORT = '00o000000000001AAA';

let workspace: FactoryWorkspace;

beforeEach(async () => {
  const org = createOrg({ objects: { Report: {} } });
  org.insert('Report', [{ Id: REPORT, Name: "Tom's" }, { Name: 'Twice' }, { Name: 'Twice' }]);
  workspace = await factoryWorkspace({ org });
  await writeFile(path('linkedService/old.json'), LEGACY_SERVICE);
  await workspace.define('dataset/old', legacyDataset('Account'));
});

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

const path = (file: string): string => join(workspace.folder, 'factory', file);
const textOf = async (file: string): Promise<string> => await readFile(path(file), 'utf8');
const jsonOf = async (file: string): Promise<unknown> => JSON.parse(await textOf(file));

function legacyDataset(objectApiName: string): object {
  return {
    type: 'SalesforceObject',
    linkedServiceName: { referenceName: 'old', type: 'LinkedServiceReference' },
    typeProperties: { objectApiName },
  };
}

function lookup(name: string, dataset: string, source: object): object {
  return {
    name,
    type: 'Lookup',
    typeProperties: {
      source: { type: 'SalesforceSource', ...source },
      dataset: { referenceName: dataset, type: 'DatasetReference' },
    },
  };
}

async function upgrade(...args: readonly string[]): Promise<UpgradeDocument> {
  const ended = await workspace.run('upgrade', 'factory', '--output', 'json', ...args);
  expect(ended.code).toBe(0);
  // What the command prints.
  return documentOf(ended) as UpgradeDocument;
}

describe('sluice upgrade', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('V1-01 shows what would change, without secrets, and changes nothing', async () => {
    const ended = await workspace.run('upgrade', 'factory');

    expect(ended.code).toBe(0);
    expect(ended.stdout).toContain('--- a/linkedService/old.json\n+++ b/linkedService/old.json\n@@ -2,');
    expect(ended.stdout).toContain('-        "type": "Salesforce",\n+        "type": "SalesforceV2",\n');
    expect(ended.stdout).toContain('-            "password": { "type": "SecureString", "value": "***" }');
    expect(ended.stdout).toContain('  linkedService/old.json: properties: Create a connected app');
    expect(ended.stdout).toContain('2 files to rewrite; 1 part to do by hand; --write does it');
    expect(ended.stderr).toBe('warning: linkedService/old.json: comments in what is replaced are lost\n');
    expect(ended.stdout + ended.stderr).not.toContain('hush');
    expect(await textOf('linkedService/old.json')).toBe(LEGACY_SERVICE);
  });

  it('V1-01 writes the files, keeps what is not replaced as it is written, and then has nothing to do', async () => {
    const first = await upgrade('--write');
    const second = await upgrade('--write');

    expect(first).toMatchObject({ status: 'written', gaps: [{ file: 'linkedService/old.json', path: 'properties' }] });
    expect(second).toEqual({ status: 'current', files: [], gaps: [] });
    const service = await textOf('linkedService/old.json');
    expect(service).toContain('    // the org of sales\n    "properties": {\n        "type": "SalesforceV2",\n');
    expect(service).toContain('"referenceName": "vault"');
    expect(service).not.toMatch(/hush|username/);
    expect(await jsonOf('dataset/old.json')).toEqual({
      name: 'old',
      properties: { ...legacyDataset('Account'), type: 'SalesforceV2Object' },
    });
    expect(await workspace.filesIn('factory/dataset')).toEqual(['file.json', 'old.json', 'salesforceObject.json']);
  });

  it('V1-01 rewrites queries where there is one way to, and tells of the others', async () => {
    await workspace.define('pipeline/Old', {
      activities: [
        lookup('Whole', 'old', { query: 'SELECT * FROM Account', readBehavior: 'queryAll' }),
        lookup('Quoted', 'old', { query: 'SELECT [Id] FROM [Account]', readBehavior: '@item()' }),
        lookup('Top', 'old', { query: 'SELECT TOP 5 Id FROM Account' }),
      ],
    });

    const { gaps } = await upgrade('--write');

    expect(gaps.filter(({ file }) => file === 'pipeline/Old.json')).toEqual([
      {
        file: 'pipeline/Old.json',
        path: 'properties.activities[2].typeProperties.source',
        message: 'the query holds DISTINCT or TOP, which SOQL has not: Remove it and filter with WHERE.',
      },
    ]);
    const source = (properties: object): object => ({ typeProperties: { source: properties } });
    expect(await jsonOf('pipeline/Old.json')).toMatchObject({
      properties: {
        activities: [
          source({ type: 'SalesforceV2Source', includeDeletedObjects: true }),
          source({
            type: 'SalesforceV2Source',
            query: 'SELECT Id FROM Account',
            includeDeletedObjects: { type: 'Expression', value: "@equals(toLower(item()), 'queryall')" },
          }),
          source({ type: 'SalesforceSource', query: 'SELECT TOP 5 Id FROM Account' }),
        ],
      },
    });
    expect(await textOf('pipeline/Old.json')).not.toMatch(/SELECT \*|readBehavior/);
  });

  it('V1-01 asks an org for the reports that queries call, and leaves a gap where the name is not one', async () => {
    const names = ["Tom's", 'Twice', 'Shared', 'Shared'];
    await Promise.all(
      ['a', 'b', 'c'].map(async (name) => await workspace.define(`dataset/${name}`, legacyDataset('X'))),
    );
    const activities = names.map((name, i) => lookup(`L${i}`, ['a', 'b', 'c', 'c'][i]!, { query: `{call "${name}"}` }));
    await workspace.define('pipeline/Old', { activities });

    const offline = await upgrade();
    const { gaps } = await upgrade('--write', '--org', 'crm', '--vault', 'env');

    expect(offline.gaps.map(({ message }) => message)).toContain(
      `Fill in reportId of dataset a, the id of the report "Tom's": no org was asked.`,
    );
    expect(gaps.map(({ message }) => message)).toEqual([
      expect.stringContaining('connected app'),
      'Fill in reportId of dataset b, the id of the report "Twice": the org has several of it.',
      expect.stringContaining('Dataset c is used elsewhere, too: give this source a dataset with the reportId'),
      expect.stringContaining('Dataset c is used elsewhere, too'),
    ]);
    expect(await jsonOf('dataset/a.json')).toMatchObject({
      properties: { typeProperties: { reportId: REPORT } },
    });
    expect(await jsonOf('dataset/b.json')).toMatchObject({
      properties: { typeProperties: { reportId: '<id of the report Twice>' } },
    });
    expect(await textOf('dataset/a.json')).not.toContain('objectApiName');
    expect(await jsonOf('dataset/c.json')).toMatchObject({ properties: { typeProperties: { objectApiName: 'X' } } });
  });

  it('V1-01 rewrites an exported template in its place, and leaves its parameters to it', async () => {
    const resource = (type: string, name: string, properties: object): object => ({
      name: `[concat(parameters('factoryName'), '/${name}')]`,
      type: `Microsoft.DataFactory/factories/${type}`,
      apiVersion: '2018-06-01',
      properties,
      dependsOn: ["[concat(variables('factoryId'), '/linkedServices/old')]"],
    });
    const parameter = (name: string): string => `[parameters('${name}')]`;
    const template = {
      $schema: 'http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#',
      parameters: { factoryName: { type: 'string' }, old_username: { type: 'string' }, old_url: { type: 'string' } },
      variables: { factoryId: "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]" },
      resources: [
        resource('linkedServices', 'old', {
          type: 'Salesforce',
          typeProperties: {
            environmentUrl: parameter('old_url'),
            username: parameter('old_username'),
            password: { type: 'SecureString', value: 'hush-password' },
            securityToken: { type: 'SecureString', value: 'hush-token' },
          },
        }),
        resource('datasets', 'old', legacyDataset('Account')),
        resource('pipelines', 'Old', {
          description: '[[brackets]',
          activities: [lookup('All', 'old', { query: 'SELECT * FROM Account' })],
        }),
      ],
    };
    await mkdir(join(workspace.folder, 'arm'));
    const file = join(workspace.folder, 'arm', 'ARMTemplateForFactory.json');
    await writeFile(file, JSON.stringify(template, undefined, 2));
    const values = {
      factoryName: { value: 'acme' },
      old_username: { value: 'me' },
      old_url: { value: 'https://a.my.salesforce.com' },
    };
    await writeFile(
      join(workspace.folder, 'arm', 'ARMTemplateParametersForFactory.json'),
      JSON.stringify({
        $schema: 'https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#',
        parameters: values,
      }),
    );

    const upgraded = await workspace.run('upgrade', file, '--write');
    const again = await workspace.run('upgrade', 'arm');
    const validated = await workspace.run('validate', file);

    expect(upgraded.code).toBe(0);
    expect(upgraded.stdout).toContain('wrote ARMTemplateForFactory.json');
    expect(again.stdout).toContain('nothing was rewritten');
    const written = JSON.parse(await readFile(file, 'utf8')) as typeof template;
    expect(written).toMatchObject({
      parameters: template.parameters,
      resources: [
        {
          name: "[concat(parameters('factoryName'), '/old')]",
          properties: { type: 'SalesforceV2', typeProperties: { environmentUrl: parameter('old_url') } },
        },
        { properties: { type: 'SalesforceV2Object' } },
        {
          properties: {
            description: '[[brackets]',
            activities: [{ typeProperties: { source: { type: 'SalesforceV2Source' } } }],
          },
        },
      ],
    });
    expect(JSON.stringify(written)).not.toMatch(/hush|SELECT \*/);
    // What is left to be filled in, and nothing else: the values of the parameters were found.
    expect(validated.code).toBe(2);
    expect(validated.stdout).toContain('there is no linked service "<linked service of the vault>"');
    expect(validated.stdout).toContain('not valid: 1 pipeline, 1 dataset, 1 linked service; 1 error');
  });

  it('refuses, before anything is written, files that are no JSON, and what is no folder of definitions', async () => {
    await writeFile(path('pipeline/Broken.json'), '{ "name": ');
    await mkdir(join(workspace.folder, 'empty'));

    const broken = await workspace.run('upgrade', 'factory', '--write');
    const empty = await workspace.run('upgrade', 'empty');

    expect(broken).toMatchObject({ code: 2, stdout: '' });
    expect(broken.stderr).toContain('pipeline/Broken.json:1:11: the document ends here, unfinished');
    expect(await textOf('linkedService/old.json')).toBe(LEGACY_SERVICE);
    expect(empty.code).toBe(2);
    expect(empty.stderr).toContain('there is no factory here');
  });
});
