import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

import { problemText } from '@sluice/adf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { datasetDraft } from '../src/factory/dataset-draft.ts';
import { Interview } from '../src/factory/interview.ts';
import { linkedServiceDraft } from '../src/factory/linked-service-draft.ts';
import { createDefinition, readForNew } from '../src/factory/new-definition.ts';
import { pipelineDraft } from '../src/factory/pipeline-draft.ts';
import { documentOf } from './copy-workspace.ts';
import { type FactoryWorkspace, factoryWorkspace } from './factory-workspace.ts';
import { type Ended, PROCESS_TIMEOUT_MS } from './sluice-process.ts';

let workspace: FactoryWorkspace;

beforeEach(async () => {
  workspace = await factoryWorkspace();
});

afterEach(async () => {
  await workspace[Symbol.asyncDispose]();
});

const path = (file: string): string => join(workspace.folder, 'factory', file);
const jsonOf = async (file: string): Promise<unknown> => JSON.parse(await readFile(path(file), 'utf8'));
const create = async (kind: string, ...args: readonly string[]): Promise<Ended> =>
  await workspace.run('new', kind, 'factory', ...args);

const ORG = ['--environment-url', 'https://acme.my.salesforce.com', '--client-id', 'key'];

describe('sluice new', { timeout: PROCESS_TIMEOUT_MS }, () => {
  it('writes an org whose secret stays in a vault, the only one there is', async () => {
    const ended = await create('linked-service', 'sales', ...ORG, '--secret-env', 'SALES_SECRET');

    expect(ended).toMatchObject({ code: 0, stdout: 'wrote factory/linkedService/sales.json\n', stderr: '' });
    expect(await jsonOf('linkedService/sales.json')).toEqual({
      name: 'sales',
      properties: {
        type: 'SalesforceV2',
        typeProperties: {
          environmentUrl: 'https://acme.my.salesforce.com',
          authenticationType: 'OAuth2ClientCredentials',
          clientId: 'key',
          clientSecret: {
            type: 'AzureKeyVaultSecret',
            store: { referenceName: 'vault', type: 'LinkedServiceReference' },
            secretName: 'sales-secret',
          },
          apiVersion: '60.0',
        },
      },
    });
  });

  it('writes a database whose password stays in a vault, and a table of it', async () => {
    const at = ['--server', 'db.example.com:5433', '--database', 'crm', '--username', 'loader'];
    const type = ['--type', 'AzurePostgreSql'];
    const service = await create('linked-service', 'warehouse', ...type, ...at, '--secret-env', 'PG_PASSWORD');
    const table = await create(
      'dataset',
      'accounts',
      '--linked-service',
      'warehouse',
      '--type',
      'AzurePostgreSqlTable',
      '--table',
      'account',
    );

    expect([service.stderr, table.stderr]).toEqual(['', '']);
    expect(await jsonOf('linkedService/warehouse.json')).toEqual({
      name: 'warehouse',
      properties: {
        type: 'AzurePostgreSql',
        version: '2.0',
        typeProperties: {
          server: 'db.example.com:5433',
          database: 'crm',
          sslMode: 2,
          username: 'loader',
          password: {
            type: 'AzureKeyVaultSecret',
            store: { referenceName: 'vault', type: 'LinkedServiceReference' },
            secretName: 'pg-password',
          },
        },
      },
    });
    expect(await jsonOf('dataset/accounts.json')).toMatchObject({
      properties: { type: 'AzurePostgreSqlTable', typeProperties: { schema: 'public', table: 'account' } },
    });
  });

  it('makes a factory from an empty folder, which then runs', async () => {
    await mkdir(join(workspace.folder, 'mine'));
    const make = async (kind: string, ...args: readonly string[]): Promise<Ended> =>
      await workspace.run('new', kind, 'mine', ...args);
    await Promise.all([
      make('linked-service', 'vault', '--type', 'AzureKeyVault', '--base-url', 'https://acme.vault.azure.net'),
      make('linked-service', 'lake', '--type', 'FileServer', '--host', '../lake'),
    ]);
    const { url, clientId } = workspace.emulator;
    const org = ['--environment-url', url, '--client-id', clientId, '--secret-name', 'sf-secret'];
    const tested = await make('linked-service', 'crm', ...org, '--test', '--vault', 'env', '--output', 'json');
    await Promise.all([
      make('dataset', 'countries', '--linked-service', 'crm', '--object', 'Country__c'),
      make('dataset', 'parquet', '--type', 'Parquet', '--linked-service', 'lake', '--file-name', 'c.parquet'),
    ]);
    const pipeline = await make('pipeline', 'Load', '--from', 'countries', '--to', 'parquet');

    const run = await workspace.run('run', 'mine', '--pipeline', 'Load', '--vault', 'env', '--quiet');

    expect(documentOf(tested)).toEqual({
      status: 'created',
      file: 'mine/linkedService/crm.json',
      connection: 'works',
    });
    expect(pipeline).toMatchObject({ code: 0, stderr: '' });
    expect(run.code).toBe(0);
    expect(await workspace.filesIn('lake')).toEqual(['c.parquet']);
  });

  it('copies between every two kinds of data, as definitions that are valid', async () => {
    const factory = path('.');
    const { signal } = new AbortController();
    using interview = new Interview(undefined);
    const db = {
      type: 'AzurePostgreSql',
      server: 'db',
      database: 'crm',
      username: 'loader',
      secretName: 'pg-password',
    };
    const empty = await readForNew(factory, signal);
    const warehouse = await linkedServiceDraft(db, interview, empty.factory);
    const written = { kind: 'linkedService', path: factory, name: 'warehouse', files: empty.files } as const;
    await createDefinition({ ...written, properties: warehouse });
    const services: Readonly<Record<string, string>> = {
      SalesforceV2Object: 'crm',
      AzurePostgreSqlTable: 'warehouse',
      DelimitedText: 'lake',
      Parquet: 'lake',
      Json: 'lake',
    };
    const types = Object.keys(services);
    for (const type of types) {
      const flags = { type, linkedService: services[type]!, object: 'Account', table: 'account', fileName: 'f' };
      const before = await readForNew(factory, signal);
      const properties = await datasetDraft(flags, interview, before.factory);
      await createDefinition({ kind: 'dataset', path: factory, name: type, properties, files: before.files });
    }
    const { files, factory: read } = await readForNew(factory, signal);
    for (const [from, to] of types.flatMap((one) => types.map((other) => [one, other] as const))) {
      const properties = await pipelineDraft({ from, to }, interview, read);
      const name = `${from} to ${to}`;
      const { warnings } = await createDefinition({ kind: 'pipeline', path: factory, name, properties, files });

      expect(warnings.map(problemText)).toEqual([]);
    }
  });

  it('keeps what it has written when the connection does not work', async () => {
    const ended = await create('linked-service', 'none', ...ORG, '--secret-name', 'absent', '--test', '--vault', 'env');

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain('wrote factory/linkedService/none.json\nerror SECRET_UNRESOLVED: ');
    expect(await jsonOf('linkedService/none.json')).toHaveProperty('name', 'none');
  });

  it('never replaces a definition, whatever the case of its name', async () => {
    const before = await readFile(path('linkedService/lake.json'), 'utf8');

    const ended = await create('linked-service', 'LAKE', '--type', 'FileServer', '--host', '/elsewhere');

    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain('error TARGET_EXISTS: linkedService/LAKE.json is there already');
    expect(await readFile(path('linkedService/lake.json'), 'utf8')).toBe(before);
    expect(await workspace.filesIn('factory/linkedService')).toEqual(['crm.json', 'lake.json', 'vault.json']);
  });

  it.each([
    [
      'what is missing, all at once',
      ['linked-service', 'x'],
      '--environment-url, --client-id, --secret-name or --secret-env',
    ],
    ['a dataset without a type', ['dataset', 'x', '--linked-service', 'lake'], 'is not known: --type'],
    ['a secret where a name belongs', ['linked-service', 'x', ...ORG, '--secret-env', 's3cr3t!'], 'names no variable'],
    ['a URL that is none', ['linked-service', 'x', '--type', 'AzureKeyVault', '--base-url', 'acme'], 'is no URL'],
    [
      'a name that leads elsewhere',
      ['linked-service', '../x', '--type', 'FileServer', '--host', 'a'],
      'the name holds',
    ],
    [
      'a reference to nothing',
      ['dataset', 'x', '--type', 'Parquet', '--linked-service', 'nix'],
      'there is no linked service "nix"',
    ],
    [
      'SOQL that is none',
      ['pipeline', 'x', '--from', 'salesforceObject', '--to', 'file', '--query', 'SELECT'],
      'typeProperties.source.query',
    ],
  ])('ends with 2 for %s, and writes nothing', async (_what, [kind = '', ...args], text) => {
    const files = await workspace.filesIn('factory');

    const ended = await create(kind, ...args);

    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(text);
    expect(ended.stderr).not.toContain('s3cr3t!');
    expect(await workspace.filesIn('factory')).toEqual(files);
  });

  it('says what is to be made first where there is no vault, and leaves other folders as they are called', async () => {
    await mkdir(join(workspace.folder, 'synapse', 'linkedServices'), { recursive: true });
    const lake = { name: 'lake', properties: { type: 'FileServer', typeProperties: { host: 'x' } } };
    await writeFile(join(workspace.folder, 'synapse', 'linkedServices', 'lake.json'), JSON.stringify(lake));

    const org = await workspace.run('new', 'linked-service', 'synapse', 'crm', ...ORG, '--secret-name', 's');
    const disk = await workspace.run('new', 'linked-service', 'synapse', 'd', '--type', 'FileServer', '--host', 'x');

    expect(org.code).toBe(2);
    expect(org.stderr).toContain('Make one first: sluice new linked-service <factory> vault --type AzureKeyVault');
    expect(disk.stdout).toBe('wrote synapse/linkedServices/d.json\n');
  });
});

describe('questions at a terminal', () => {
  function terminal(answers: string): {
    readonly interview: Interview;
    readonly shown: () => string;
    readonly input: PassThrough;
    readonly stop: AbortController;
  } {
    const [input, output, stop] = [new PassThrough(), new PassThrough(), new AbortController()];
    const interview = new Interview({ input, output, signal: stop.signal });
    input.write(answers);
    return { interview, input, stop, shown: () => String(output.read() ?? '') };
  }

  it('are asked where no option answers, again where an answer is needed, and understand the case of words', async () => {
    const { interview, shown } = terminal('\n  acme \n\nmaybe\nparquet\nNo\n');
    const question = { option: '--x', given: undefined, text: 'Name' };

    expect(await interview.text({ ...question, given: 'given' })).toBe('given');
    expect(await interview.text(question)).toBe('acme');
    expect(await interview.text({ ...question, fallback: '60.0' })).toBe('60.0');
    expect(await interview.choice(question, ['Json', 'Parquet'])).toBe('Parquet');
    expect(await interview.agrees('Test?')).toBe(false);
    interview.requireAnswers();
    expect(shown()).toBe('Name: Name: Name [60.0]: Name (Json, Parquet): Name (Json, Parquet): Test? [Y/n] ');
  });

  it('take lines that are pasted together one by one', async () => {
    const { interview, input } = terminal('');
    const question = { option: '--x', given: undefined, text: 'Name' };
    const first = interview.text(question);
    input.write('one\ntwo\nthree\n');

    expect(await first).toBe('one');
    expect(await interview.text(question)).toBe('two');
    expect(await interview.text(question)).toBe('three');
  });

  it('end with the terminal, and with the command', async () => {
    const question = { option: '--x', given: undefined, text: 'Name' };
    const { interview: closed } = terminal('');
    const asked = closed.text(question);
    closed[Symbol.dispose]();
    const { interview: stopped, stop } = terminal('');
    const waiting = stopped.text(question);
    stop.abort(new Error('stopped'));

    await expect(asked).rejects.toThrow('the questions were not answered');
    await expect(waiting).rejects.toThrow('stopped');
  });
});
