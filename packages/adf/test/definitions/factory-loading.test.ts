import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { FactoryFile, ReadOptions } from '../../src/load/factory-file.ts';
import { loadFactory } from '../../src/load/load-factory.ts';
import { readFactory } from '../../src/load/read-factory.ts';
import { problemText } from '../../src/problem/definition-problem.ts';
import { accountDataset, crm, disk, factoryFiles, messagesOf, reference, textFile } from './factory-files.ts';

const file = (path: string, json: unknown): FactoryFile => textFile(path, JSON.stringify(json, null, 2));

const wait = { name: 'W', type: 'Wait', typeProperties: { waitTimeInSeconds: 1 } };

function linesOf(files: readonly FactoryFile[], options?: ReadOptions): readonly string[] {
  return readFactory(files, options).problems.map((problem) => `${problem.severity} ${problemText(problem)}`);
}

describe('readFactory', () => {
  it('reads a factory with names in any case and folders it needs nothing of', () => {
    const { factory, problems } = readFactory([
      ...factoryFiles({
        linkedServices: { crm },
        datasets: { account: accountDataset },
        pipelines: { load: { activities: [wait] } },
      }),
      file('trigger/daily.json', { name: 'daily', properties: {} }),
      file('dataflow/x.json', { nonsense: true }),
      file('publish_config.json', { publishBranch: 'adf_publish' }),
    ]);

    expect(problems).toEqual([]);
    expect([...factory.linkedServices].map(({ name, file: path }) => [name, path])).toEqual([
      ['crm', 'linkedService/crm.json'],
    ]);
    expect(factory.datasets.get('ACCOUNT')?.name).toBe('account');
    expect(factory.pipelines.size).toBe(1);
    expect(factory.pipelines.get('other')).toBeUndefined();
  });

  it('reads a Synapse workspace, which has the same folders and others', () => {
    const { problems } = readFactory([
      ...factoryFiles({ linkedServices: { crm } }),
      file('notebook/n.json', {}),
      file('sqlscript/s.json', {}),
      file('integrationRuntime/ir.json', { name: 'ir', properties: { type: 'SelfHosted' } }),
      file('dataset/d.json', {
        name: 'd',
        type: 'Microsoft.Synapse/workspaces/datasets',
        properties: { ...accountDataset },
      }),
    ]);

    expect(problems).toEqual([]);
  });

  it('says everything that is wrong with all files at once, each with file, line and column', () => {
    expect(
      linesOf([
        textFile('linkedService/a.json', '{ "name": "a", '),
        file('linkedService/b.json', { name: 'other', properties: disk }),
        file('linkedService/c.json', { properties: disk }),
        file('linkedService/d.json', { name: 'd' }),
        file('linkedService/e.json', []),
        file('pipeline/p.json', { name: 'p', properties: { activities: [{ ...wait, type: 'Weit' }] } }),
        { path: 'dataset/x.json', bytes: Uint8Array.of(0x7b, 0xff) },
      ]),
    ).toEqual([
      'error dataset/x.json:1:1: the file is neither UTF-8 nor UTF-16 with a byte order mark',
      'error linkedService/a.json:1:16: the name of a property in double quotes is expected here',
      'warning linkedService/b.json:2:3: name: is "other" in a file that is called "b"',
      'error linkedService/c.json:1:1: name: is missing, or is no text',
      'error linkedService/d.json:1:1: properties: is missing, or is no object',
      'error linkedService/e.json:1:1: must hold an object with name and properties',
      'error pipeline/p.json:7:9: properties.activities[0].type: is not a type that is known here',
    ]);
  });

  it('refuses two definitions of one name, whatever its case', () => {
    expect(
      linesOf([
        file('linkedService/disk.json', { name: 'disk', properties: disk }),
        file('linkedService/Disk.json', { name: 'Disk', properties: disk }),
      ]),
    ).toEqual([
      'error linkedService/Disk.json:2:3: name: there is another linked service called "disk", in linkedService/disk.json',
    ]);
  });

  it('takes a definition for what it is, and refuses the folder it is in', () => {
    const { factory, problems } = readFactory([
      file('dataset/crm.json', { name: 'crm', properties: crm }),
      file('linkedService/load.json', { name: 'load', properties: { activities: [] } }),
      file('pipeline/account.json', { name: 'account', properties: accountDataset }),
    ]);

    expect(problems.map(({ message, hint }) => `${message}. ${hint}`)).toEqual([
      'is a linked service, and stands among the datasets. Move the file to linkedService/.',
      'is a pipeline, and stands among the linked services. Move the file to pipeline/.',
      'is a dataset, and stands among the pipelines. Move the file to dataset/.',
    ]);
    expect(factory.datasets.get('account')?.properties.type).toBe('SalesforceV2Object');
  });

  it('PL-06 refuses names Data Factory refuses', () => {
    expect(
      linesOf([file('pipeline/a.json', { name: 'a.b?', properties: { activities: [] } })]).filter((line) =>
        line.startsWith('error'),
      ),
    ).toEqual(['error pipeline/a.json:2:3: name: the name holds "."']);
    expect(linesOf([file(`dataset/x.json`, { name: 'x'.repeat(261), properties: accountDataset })]).join()).toMatch(
      /the name has 261 characters; 260 are allowed/,
    );
  });

  it('EX-02 knows the global parameters of the factory and those that are given', () => {
    const fail = {
      name: 'F',
      type: 'Fail',
      typeProperties: {
        message: '@{pipeline().globalParameters.env}@{pipeline().globalParameters.missing}',
        errorCode: '1',
      },
    };
    const files = [
      file('factory/acme.json', {
        name: 'acme',
        properties: { globalParameters: { env: { type: 'string', value: 'prod' } } },
      }),
      file('pipeline/p.json', { name: 'p', properties: { activities: [fail] } }),
    ];

    const { factory, problems } = readFactory(files, { globalParameters: { env: 'test' } });

    expect(factory).toMatchObject({ name: 'acme', globalParameters: { env: 'test' } });
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/there is no global parameter "missing"; there is: env/),
    ]);
  });

  it('LS-07 knows the runtimes of the factory where they are there', () => {
    const warningsOf = (runtime: string): readonly string[] => {
      const connectVia = reference(runtime, 'IntegrationRuntimeReference');
      const files = factoryFiles({ linkedServices: { crm: { ...crm, connectVia } } });
      const runtimes = [file('integrationRuntime/ir1.json', { name: 'ir1', properties: {} })];
      return messagesOf(readFactory([...runtimes, ...files]), 'warning');
    };

    expect(warningsOf('ir2')).toEqual([
      'properties.connectVia.referenceName: there is no integration runtime "ir2"; none is needed here',
    ]);
    expect(warningsOf('IR1')).toEqual([
      'properties.connectVia.referenceName: the integration runtime "IR1" is not used: everything runs in this process',
    ]);
  });

  it('refuses files that hold no factory', () => {
    expect(linesOf([file('package.json', {})])).toEqual([
      expect.stringMatching(/^error package.json:1:1: there is no factory here/),
    ]);
    expect(linesOf([])).toEqual([expect.stringMatching(/^error \.:1:1: there is no factory here/)]);
  });
});

describe('an exported template', () => {
  const secret = { type: 'SecureString', value: "[parameters('crm_clientSecret')]" };
  const template = {
    $schema: 'http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    parameters: {
      factoryName: { type: 'string', defaultValue: 'acme' },
      crm_clientSecret: { type: 'secureString' },
      crm_url: { type: 'string', defaultValue: 'https://acme.my.salesforce.com' },
    },
    variables: { factoryId: "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]" },
    resources: [
      {
        name: "[concat(parameters('factoryName'), '/crm')]",
        type: 'Microsoft.DataFactory/factories/linkedServices',
        apiVersion: '2018-06-01',
        properties: {
          ...crm,
          typeProperties: {
            ...(crm['typeProperties'] as object),
            environmentUrl: "[parameters('crm_url')]",
            clientSecret: secret,
          },
        },
        dependsOn: [],
      },
      {
        name: "[concat(parameters('factoryName'), '/account')]",
        type: 'Microsoft.DataFactory/factories/datasets',
        properties: accountDataset,
        dependsOn: ["[concat(variables('factoryId'), '/linkedServices/crm')]"],
      },
      {
        name: "[concat(parameters('factoryName'), '/load')]",
        type: 'Microsoft.DataFactory/factories/pipelines',
        properties: {
          activities: [wait, { name: 'F', type: 'Fail', typeProperties: { message: '[[brackets]', errorCode: '1' } }],
        },
      },
      {
        name: "[concat(parameters('factoryName'), '/daily')]",
        type: 'Microsoft.DataFactory/factories/triggers',
        properties: {},
      },
    ],
  };
  const values = {
    $schema: 'https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#',
    parameters: { factoryName: { value: 'prod' }, crm_clientSecret: { value: 'hush-hush' } },
  };

  it('is read as the factory it creates, with the values of its parameter file', () => {
    const { factory, problems } = readFactory([
      file('ARMTemplateForFactory.json', template),
      file('ARMTemplateParametersForFactory.json', values),
    ]);

    expect(problems).toEqual([]);
    expect(factory.linkedServices.get('crm')?.properties).toMatchObject({
      typeProperties: { environmentUrl: 'https://acme.my.salesforce.com', clientSecret: { value: 'hush-hush' } },
    });
    expect(factory.datasets.get('account')?.path).toBe('resources[1].properties');
    expect(factory.pipelines.get('load')?.properties.activities[1]).toMatchObject({
      typeProperties: { message: '[brackets]' },
    });
  });

  it('is read with values that are given, and refused without those it needs', () => {
    const files = [file('template.json', template)];

    expect(linesOf(files, { templateParameters: { crm_clientSecret: 'hush-hush' } })).toEqual([]);
    expect(linesOf(files)).toEqual([
      expect.stringMatching(
        /^error template.json:\d+:\d+: resources\[0\].properties.typeProperties.clientSecret.value: needs a value for the template parameter "crm_clientSecret"/,
      ),
    ]);
  });

  it('may create a Synapse workspace', () => {
    const workspace = JSON.parse(
      JSON.stringify(template).replaceAll('Microsoft.DataFactory/factories', 'Microsoft.Synapse/workspaces'),
    ) as object;

    expect(linesOf([file('TemplateForWorkspace.json', workspace), file('values.json', values)])).toEqual([]);
  });

  it('says what it cannot evaluate', () => {
    const resources = [
      {
        name: 'x/y',
        type: 'Microsoft.DataFactory/factories/pipelines',
        properties: { description: "[uniqueString('a')]", activities: [] },
      },
    ];

    expect(linesOf([file('t.json', { resources })])).toEqual([
      expect.stringMatching(
        /resources\[0\].properties.description: calls uniqueString, which is not supported in templates here/,
      ),
    ]);
  });
});

describe('loadFactory', () => {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'sluice-factory-'));
    const files = [
      ...factoryFiles({ linkedServices: { crm }, datasets: { account: accountDataset } }),
      file('node_modules/dataset/package.json', { name: 'x' }),
      file('.github/pipeline/workflow.json', { name: 'x' }),
    ];
    for (const { path, bytes } of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), bytes);
    }
  });
  afterAll(() => rm(root, { recursive: true }));

  it('reads the folder of a factory, and nothing that is hidden or installed', async () => {
    const { factory, problems } = await loadFactory(root);

    expect(problems).toEqual([]);
    expect(factory.datasets.get('account')?.file).toBe('dataset/account.json');
  });

  it('refuses a path that is not there', async () => {
    await expect(loadFactory(join(root, 'nowhere'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('nowhere'),
    });
  });

  it('ends with the reason of its signal', async () => {
    const reason = new Error('enough');

    await expect(loadFactory(root, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
