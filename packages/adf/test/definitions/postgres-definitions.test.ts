import { describe, expect, it } from 'vitest';

import type { ReadFactory } from '../../src/load/read-factory.ts';
import { parseConnectionString } from '../../src/secrets/connection-string.ts';
import { query as orgQuery, readCopy, short } from './copy-factory.ts';
import { type FactoryParts, factoryOf, messagesOf, reference } from './factory-files.ts';

type Json = Readonly<Record<string, unknown>>;

const connection: Json = {
  server: 'db.example.com',
  port: '5432',
  database: 'crm',
  username: 'loader',
  password: { type: 'SecureString', value: 'hush-hush' },
};
const db: Json = { type: 'AzurePostgreSql', version: '2.0', typeProperties: connection };
const table: Json = {
  type: 'AzurePostgreSqlTable',
  linkedServiceName: reference('db'),
  typeProperties: { schema: 'public', table: 'account' },
};

function service(properties: Json, type = 'AzurePostgreSql'): readonly string[] {
  const typeProperties = { ...connection, ...properties };
  const read = factoryOf({ linkedServices: { db: { type, typeProperties } } });
  return messagesOf(read).map((text) => text.replace('properties.typeProperties.', ''));
}

function copies(from: string, to: string, properties: Json, datasets: FactoryParts['datasets'] = {}): ReadFactory {
  const vault = { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } };
  return readCopy(from, to, properties, { linkedServices: { db, vault }, datasets: { table, ...datasets } });
}

const toTable = (sink: Json, datasets?: FactoryParts['datasets']): ReadFactory =>
  copies('account', 'table', { source: orgQuery, sink: { type: 'AzurePostgreSqlSink', ...sink } }, datasets);
const fromTable = (source: Json, datasets?: FactoryParts['datasets']): ReadFactory =>
  copies(
    'table',
    'parquet',
    { source: { type: 'AzurePostgreSqlSource', ...source }, sink: { type: 'ParquetSink' } },
    datasets,
  );

describe('a linked service of PostgreSQL', () => {
  it('DB-01 DB-04 is taken as the articles have it, in each of its versions', () => {
    const vault = { type: 'AzureKeyVault', typeProperties: { baseUrl: 'https://acme.vault.azure.net' } };
    const secret = { type: 'AzureKeyVaultSecret', secretName: 'pg', store: reference('vault') };
    const { password: _, ...open } = connection;
    const read = factoryOf({
      linkedServices: {
        vault,
        two: {
          type: 'AzurePostgreSql',
          version: '2.0',
          typeProperties: {
            ...open,
            sslMode: 2,
            password: secret,
            pooling: true,
            readBufferSize: 8192,
            encoding: 'UTF8',
          },
        },
        one: {
          type: 'AzurePostgreSql',
          typeProperties: { connectionString: 'host=h;database=d;port=5432;uid=u;EM=1;VSC=1;', password: secret },
        },
        hidden: {
          type: 'AzurePostgreSql',
          typeProperties: { connectionString: { type: 'SecureString', value: 'host=h;database=d;uid=u;password=p' } },
        },
        inVault: { type: 'AzurePostgreSql', typeProperties: { connectionString: secret } },
        v2: {
          type: 'PostgreSqlV2',
          parameters: { host: { type: 'String', defaultValue: 'h' } },
          typeProperties: {
            ...connection,
            server: '@{linkedService().host}',
            authenticationType: 'Basic',
            sslmode: 'Verify_full',
            commandTimeout: 120,
          },
        },
      },
    });

    expect(messagesOf(read)).toEqual([]);
    expect(messagesOf(read, 'warning')).toEqual([]);
  });

  it.each<[Json, string]>([
    [{ server: undefined }, 'server: is missing'],
    [{ database: ' ' }, 'database: must not be empty'],
    [{ username: undefined }, 'username: is missing'],
    [{ password: undefined }, 'password: is missing'],
    [{ password: 'bare' }, 'password: must be an object, not a text'],
    [{ port: 99_999 }, 'port: must be a whole number from 1 to 65535'],
    [{ commandTimeout: -1 }, 'commandTimeout: must be a whole number of at least 0'],
    [
      { sslMode: 6 },
      'sslMode: must be Disable, Allow, Prefer, Require, Verify-ca, Verify-full, or a number from 0 to 5',
    ],
    [
      { sslMode: 'Verify-full', trustServerCertificate: true },
      'trustServerCertificate: contradicts sslMode, by which the certificate is verified',
    ],
    [
      { authenticationType: 'ServicePrincipal', servicePrincipalId: 'x', tenant: 'y' },
      'authenticationType: must be Basic: nobody logs in as a service principal or a managed identity here',
    ],
    [{ connectionString: 'host=h;databse=d' }, 'connectionString: has parts that are not known here: databse'],
    [
      { connectionString: 'my-server' },
      'connectionString: is no connection string, which has parts such as host=…; between semicolons',
    ],
  ])('DB-01 refuses %j with one complaint', (properties, expected) => {
    expect(service(properties)).toEqual([expected]);
  });

  it('DB-01 warns of what it does not know, and wants certificates in pairs', () => {
    const read = factoryOf({ linkedServices: { db: { ...db, typeProperties: { ...connection, hots: 'x' } } } });

    expect(messagesOf(read, 'warning')).toEqual([
      'properties.typeProperties.hots: is not a property that is known here; it has no effect',
    ]);
    expect(service({ sslKey: 'key.pem' }, 'PostgreSqlV2')).toEqual(['sslCertificate: and sslKey go together']);
  });

  it('DB-01 reads connection strings as drivers do', () => {
    expect(
      parseConnectionString(
        `Server=h ; User Id="a ""b"";"; PASSWORD='it''s;'; SSL Mode=Require;Pooling=true; Timeout=5 `,
      ),
    ).toEqual({
      values: { server: 'h', username: 'a "b";', password: "it's;", sslMode: 'Require', connectionTimeout: '5' },
      problem: undefined,
    });
    expect(['0', '1', '6', '7'].map((em) => parseConnectionString(`EncryptionMethod=${em}`).values['sslMode'])).toEqual(
      ['Disable', 'Require', 'Prefer', '7'],
    );
  });
});

describe('a copy with PostgreSQL', () => {
  it('DB-01 DB-04 CP-03 is valid with every member there is', () => {
    const sink = {
      type: 'AzurePostgreSQLSink',
      writeMethod: 'upsert',
      upsertSettings: { keys: ['Id'] },
      writeBatchSize: 1_000_000,
      writeBatchTimeout: '00:30:00',
      preCopyScript: 'DELETE FROM account',
      maxConcurrentConnections: 2,
    };
    const partitionSettings = { partitionColumnName: 'id', partitionUpperBound: '80', partitionLowerBound: '1' };
    const source = { partitionOption: 'DynamicRange', partitionSettings, queryTimeout: '00:10:00' };

    expect(messagesOf(toTable(sink))).toEqual([]);
    expect(messagesOf(toTable(sink), 'warning')).toEqual([
      'properties.activities[0].typeProperties.sink.type: is spelled "AzurePostgreSqlSink" by Data Factory',
    ]);
    expect(messagesOf(fromTable(source))).toEqual([]);
    expect(messagesOf(fromTable(source), 'warning')).toEqual([]);
  });

  it.each<[string, ReadFactory, readonly string[]]>([
    [
      'no table to write to',
      toTable({}, { table: { ...table, typeProperties: {} } }),
      ['sink: the dataset of the sink has no table'],
    ],
    ['a batch of no rows', toTable({ writeBatchSize: 0 }), ['sink.writeBatchSize: must be at least 1']],
    [
      'a method there is none of',
      toTable({ writeMethod: 'Merge' }),
      ['sink.writeMethod: must be "CopyCommand" or "BulkInsert" or "Upsert"'],
    ],
    [
      'nothing to read',
      fromTable({}, { table: { ...table, typeProperties: {} } }),
      ['source: there is nothing to read: the source has no query, and its dataset no table'],
    ],
    [
      'a sink of another kind',
      copies('account', 'table', { source: orgQuery, sink: { type: 'SalesforceV2Sink' } }),
      ['sink.type: SalesforceV2Sink does not fit the dataset "table", which is of type AzurePostgreSqlTable'],
    ],
    [
      'a dataset in something else',
      toTable({}, { table: { ...table, linkedServiceName: reference('disk') } }),
      ['outputs[0]: the linked service "disk" of the dataset "table" is of type FileServer, which has no such data'],
    ],
  ])('DB-01 CP-04 refuses %s', (_what, read, expected) => {
    expect(messagesOf(read).map(short)).toEqual(expected);
  });

  it('DB-01 DB-05 says what has no effect', () => {
    expect(messagesOf(toTable({ upsertSettings: { keys: [] } }), 'warning').map(short)).toEqual([
      'sink.upsertSettings: has no effect with the writeMethod CopyCommand',
    ]);
    const partitioned = {
      query: 'SELECT 1',
      partitionOption: 'DynamicRange',
      partitionSettings: { partitionNames: ['a'] },
    };
    expect(messagesOf(fromTable(partitioned), 'warning').map(short)).toEqual([
      'source.partitionOption: a query is read in one go: what stands for ranges in it becomes the whole range',
      'source.partitionSettings.partitionNames: has no effect with the partitionOption DynamicRange',
    ]);
  });
});

describe('a script', () => {
  const read = (typeProperties: Json, linkedService = 'db', strict = false): ReadFactory =>
    factoryOf(
      {
        linkedServices: {
          db,
          v2: { type: 'PostgreSqlV2', typeProperties: connection },
          disk: { type: 'FileServer', typeProperties: { host: '/x' } },
        },
        pipelines: {
          load: {
            activities: [{ name: 'S', type: 'Script', linkedServiceName: reference(linkedService), typeProperties }],
          },
        },
      },
      { strict },
    );
  const scripts = [{ text: 'SELECT 1' }];

  it.each<[string, ReadFactory, readonly string[]]>([
    ['as it is documented', read({ scripts, scriptBlockExecutionTimeout: '02:00:00' }), []],
    ['without a script', read({ scripts: [] }), ['scripts: must hold at least one script']],
    ['without a text', read({ scripts: [{ text: ' ' }] }), ['scripts[0].text: must not be empty']],
    [
      'with a parameter of a type there is none of',
      read({ scripts: [{ text: 'x', parameters: [{ name: 'a', type: 'Integer' }] }] }),
      [expect.stringMatching(/^scripts\[0\]\.parameters\[0\]\.type: /) as string],
    ],
    [
      'with parameters of one name, and some without',
      read({ scripts: [{ text: 'x', parameters: [{ name: 'a' }, { name: 'A' }, {}] }] }),
      [
        'scripts[0].parameters: some have a name and some have none',
        'scripts[0].parameters[1].name: another parameter has this name, too',
      ],
    ],
    [
      'in a folder',
      read({ scripts }, 'disk'),
      ['linkedServiceName: is of type FileServer, in which no script can be run here'],
    ],
    [
      'in a file',
      read({ scripts, scriptReference: { path: 'x.sql' } }),
      ['scriptReference: scripts in files cannot be run here'],
    ],
    [
      'with a log that goes nowhere',
      read({ scripts, logSettings: { logDestination: 'ExternalStore' } }),
      ['logSettings.logLocationSettings: is missing: the log has to be written somewhere'],
    ],
    [
      'in a PostgreSqlV2, where Data Factory has none',
      read({ scripts }, 'v2', true),
      ['linkedServiceName: is of type PostgreSqlV2, in which Data Factory runs no scripts'],
    ],
  ])('CF-07 %s', (_what, factory, expected) => {
    expect(messagesOf(factory).map(short)).toEqual(expected);
  });
});
