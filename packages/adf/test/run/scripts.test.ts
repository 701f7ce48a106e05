import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { PipelineRun } from '../../src/run/run-record.ts';
import { reference } from '../definitions/factory-files.ts';
import { activityOf, after, setVariable, statusesOf } from './control-run.ts';
import { DB_PASSWORD, type PostgresWorkspace, postgresWorkspace } from './postgres-workspace.ts';

type Json = Readonly<Record<string, unknown>>;

let workspace: PostgresWorkspace;

beforeAll(async () => {
  workspace = await postgresWorkspace();
});
afterAll(async () => await workspace[Symbol.asyncDispose]());

const script = (scripts: readonly Json[], more: Json = {}, activity: Json = {}): Json => ({
  name: 'Script',
  type: 'Script',
  linkedServiceName: reference('db'),
  typeProperties: { scripts, ...more },
  ...activity,
});

const lookup = (name: string, query: string, more: Json = {}): Json => ({
  name,
  type: 'Lookup',
  typeProperties: {
    source: { type: 'AzurePostgreSqlSource', query },
    dataset: reference('table', 'DatasetReference', { table: 'x' }),
    ...more,
  },
});

async function outputOf(scripts: readonly Json[], more?: Json): Promise<Json> {
  const { run } = await workspace.run([script(scripts, more)]);
  expect(run.message).toBe('');
  return activityOf(run, 'Script').output as Json;
}

async function messageOf(scripts: readonly Json[], more?: Json): Promise<string> {
  const { run } = await workspace.run([script(scripts, more)]);
  expect(activityOf(run, 'Script').error).toMatchObject({ errorCode: '2011', target: 'Script' });
  return run.message;
}

describe('Script', () => {
  it('CF-07 gives the rows of queries, as lookups have them, and counts what others change', async () => {
    const output = await outputOf([
      {
        type: 'NonQuery',
        text: `CREATE TABLE pet (id integer, name text); INSERT INTO pet VALUES (1, 'Rex'), (2, NULL)`,
      },
      {
        text: `SELECT id, name FROM pet ORDER BY id;
               SELECT true AS b, 9007199254740993 AS big, 1.50 AS exact, 0.12345678901234567890 AS long, 'NaN'::float8 AS f,
                 date '2026-01-31' AS day, timestamp '2026-01-31 08:05:00.1234' AS at, '{"a":[1]}'::jsonb AS doc,
                 '2026-01-31 08:05+02'::timestamptz AS instant, interval '1 day' AS span, NULL::text AS nothing`,
      },
      { type: 'NonQuery', text: `UPDATE pet SET name = 'Max' WHERE id = 2` },
    ]);

    expect(output).toMatchObject({
      resultSetCount: 2,
      recordsAffected: 3,
      outputParameters: {},
      outputLogs: '',
      outputTruncated: false,
      effectiveIntegrationRuntime: expect.any(String) as string,
    });
    expect(output['resultSets']).toEqual([
      {
        rowCount: 2,
        rows: [
          { id: 1, name: 'Rex' },
          { id: 2, name: null },
        ],
      },
      {
        rowCount: 1,
        rows: [
          {
            b: true,
            big: '9007199254740993',
            exact: 1.5,
            long: '0.12345678901234567890',
            f: 'NaN',
            day: '2026-01-31T00:00:00.000Z',
            at: '2026-01-31T08:05:00.1234',
            doc: { a: [1] },
            instant: '2026-01-31T06:05:00.000Z',
            span: 'P1D',
            nothing: null,
          },
        ],
      },
    ]);
  });

  it('CF-07 binds values by name and by place, in their types, and never as part of the text', async () => {
    const odd = `Robert'); DROP TABLE student; --`;
    const output = await outputOf([
      { type: 'NonQuery', text: 'CREATE TABLE student (name text, age integer, at timestamptz)' },
      {
        type: 'NonQuery',
        text: `INSERT INTO student VALUES (@name, @AGE, @at); -- @name is no place here
               UPDATE student SET age = age + @age WHERE name = @name AND '@name' <> "name"`,
        parameters: [
          { name: 'name', value: odd },
          { name: 'age', type: 'INT32', value: '41' },
          { name: 'at', type: 'DateTime', value: '2026-01-31T08:05:00Z' },
        ],
      },
      {
        text: 'SELECT name, age, at, $2 AS none FROM student WHERE name = $1;',
        parameters: [
          { name: null, type: 'String', value: odd },
          { name: null, type: 'Guid', value: null },
        ],
      },
    ]);

    expect(output['recordsAffected']).toBe(2);
    expect(output['resultSets']).toEqual([
      { rowCount: 1, rows: [{ name: odd, age: 82, at: '2026-01-31T08:05:00.000Z', none: null }] },
    ]);
  });

  it('CF-07 gives what comes out of a procedure, under the names of its parameters', async () => {
    const output = await outputOf([
      {
        type: 'NonQuery',
        text: `CREATE PROCEDURE swap_proc (input1 IN TEXT, input2 IN BIGINT, output1 OUT BIGINT, output2 OUT TEXT)
               LANGUAGE plpgsql AS $$ BEGIN output2 := input1; output1 := input2; END $$`,
      },
      {
        text: 'CALL swap_proc(@input1, @input2, null, null)',
        parameters: [
          { name: 'input1', type: 'String', value: 'Hello world', size: 100 },
          { name: 'input2', type: 'INT32', value: 1234 },
          { name: 'output10', type: 'INT32', direction: 'Output' },
          { name: 'output2', type: 'String', direction: 'Output' },
        ],
      },
    ]);

    expect(output).toMatchObject({
      resultSets: [{ rowCount: 1, rows: [{ output1: 1234, output2: 'Hello world' }] }],
      outputParameters: { output10: 1234, output2: 'Hello world' },
    });
  });

  it('CF-07 leaves rows out beyond 5,000 and 4 MB, and says so', async () => {
    const many = await outputOf([{ text: 'SELECT n FROM generate_series(1, 5001) n' }]);
    const wide = await outputOf([{ text: `SELECT repeat('x', 1000000) AS x FROM generate_series(1, 5)` }]);

    expect(
      [many, wide].map(({ outputTruncated, resultSets }) => [outputTruncated, (resultSets as Json[])[0]!['rowCount']]),
    ).toEqual([
      [true, 5000],
      [true, 4],
    ]);
  });

  it('CF-07 logs what the server raises: in the output, or in a store', async () => {
    const text = `DO $$ BEGIN RAISE NOTICE 'Hello'; RAISE NOTICE 'World!'; END $$;`;
    const inOutput = await outputOf([{ text }], { logSettings: { logDestination: 'ActivityOutput' } });
    const logLocationSettings = { linkedServiceName: reference('disk'), path: 'logs' };
    const outside = await outputOf([{ text }], {
      logSettings: { logDestination: 'ExternalStore', logLocationSettings },
    });

    expect(inOutput).toMatchObject({ outputLogs: 'Hello\nWorld!', outputLogsLocation: '' });
    expect(outside).toMatchObject({
      outputLogs: '',
      outputLogsLocation: expect.stringMatching(/^logs\/Script\//) as string,
    });
    const log = join(workspace.folder, String(outside['outputLogsLocation']), 'output.txt');
    expect(await readFile(log, 'utf8')).toBe('Hello\nWorld!\n');
  });

  it('CF-07 undoes a script that fails, runs none after it, and tells no value', async () => {
    await workspace.sql('CREATE TABLE once (id integer PRIMARY KEY)');
    const failing = { type: 'NonQuery', text: 'INSERT INTO once VALUES (@id); INSERT INTO once VALUES (@id)' };
    const parameters = [{ name: 'id', type: 'Int32', value: 4711 }];
    const message = await messageOf([
      { ...failing, parameters },
      { type: 'NonQuery', text: 'DROP TABLE once' },
    ]);

    expect(message).toContain('Operation on target Script failed: ErrorCode=UserErrorInvalidDataValue');
    expect(message).toContain('once_pkey');
    expect(message).not.toContain('4711');
    expect(await workspace.sql('SELECT count(*) FROM once')).toEqual([['0']]);
    expect(await messageOf([{ text: 'SELECT 1', parameters: [{ name: 'x', type: 'Int32', value: 'one' }] }])).toContain(
      'scripts[0]: the parameter @x must be of type Int32',
    );
    expect(await messageOf([{ text: 'SELECT $2', parameters: [{ type: 'Int32', value: 1 }] }])).toContain(
      'the text has $2, and no parameter is there for it',
    );
  });

  it('CF-07 ends a script that takes longer than it may', async () => {
    expect(await messageOf([{ text: 'SELECT pg_sleep(60)' }], { scriptBlockExecutionTimeout: '00:00:01' })).toMatch(
      /DEADLINE_EXCEEDED.*scripts\[0\] took longer than its time-out of 1 seconds/,
    );
  });

  it('CF-07 KV-06 hides secrets among its values', async () => {
    const { run } = await workspace.run(
      [
        script([
          {
            text: 'SELECT length(@secret) AS n',
            parameters: [{ name: 'secret', value: '@pipeline().parameters.secret' }],
          },
        ]),
      ],
      { pipeline: { parameters: { secret: { type: 'SecureString' } } }, parameters: { secret: 'hush-hush' } },
    );

    expect(activityOf(run, 'Script').output).toMatchObject({ resultSets: [{ rows: [{ n: 9 }] }] });
    expect(JSON.stringify(run)).not.toContain('hush-hush');
    expect(JSON.stringify(run)).not.toContain(DB_PASSWORD);
  });
});

describe('a lookup in PostgreSQL', () => {
  it('LK-01 LK-05 DB-04 gives rows with values as JSON has them', async () => {
    const query = `SELECT n, n / 4.0 AS quarter, timestamptz '2026-01-31 08:05Z' AS at, date '2026-01-31' AS day,
      ARRAY[n, NULL] AS list, numeric '12345678901234567890.5' AS long FROM generate_series(1, 2) n ORDER BY n`;
    const { run } = await workspace.run([lookup('First', query), lookup('All', query, { firstRowOnly: false })]);

    const first = {
      n: 1,
      quarter: 0.25,
      at: '2026-01-31T08:05:00.000Z',
      day: '2026-01-31T00:00:00.000Z',
      list: [1, null],
      long: '12345678901234567890.500000000000000000',
    };
    expect(activityOf(run, 'First').output).toMatchObject({ firstRow: first });
    expect(activityOf(run, 'All').output).toMatchObject({ count: 2, value: [first, { n: 2, quarter: 0.5 }] });
  });

  it('LK-02 LK-03 LK-08 keeps to the limits of the service', async () => {
    const all = { firstRowOnly: false };
    const { run } = await workspace.run([
      lookup('Many', 'SELECT n FROM generate_series(1, 5001) n', all),
      lookup('None', 'SELECT 1 AS n WHERE false'),
      lookup('Wide', `SELECT repeat('x', 1000000) AS x FROM generate_series(1, 5)`, all),
    ]);

    expect(activityOf(run, 'Many').output).toMatchObject({ count: 5000 });
    expect(activityOf(run, 'None').output).not.toHaveProperty('firstRow');
    expect(run.message).toContain('UserErrorComputePluginFailure');
  });
});

describe('a watermark chain', () => {
  const copyBetween: Json = {
    name: 'CopyDelta',
    type: 'Copy',
    ...after('OldMark', 'NewMark'),
    inputs: [reference('table', 'DatasetReference', { table: 'source' })],
    outputs: [reference('table', 'DatasetReference', { table: 'landed' })],
    typeProperties: {
      source: {
        type: 'AzurePostgreSqlSource',
        query: {
          type: 'Expression',
          value: `SELECT * FROM source WHERE changed > '@{activity('OldMark').output.firstRow.WatermarkValue}' AND changed <= '@{activity('NewMark').output.firstRow.NewWatermarkvalue}'`,
        },
      },
      sink: { type: 'AzurePostgreSqlSink', writeMethod: 'CopyCommand' },
    },
  };
  const chain = [
    lookup('OldMark', `SELECT watermark AS "WatermarkValue" FROM control WHERE table_name = 'source'`),
    lookup('NewMark', 'SELECT max(changed) AS "NewWatermarkvalue" FROM source'),
    copyBetween,
    script(
      [
        {
          type: 'NonQuery',
          text: 'CALL write_watermark(@LastModifiedtime, @TableName)',
          parameters: [
            {
              name: 'LastModifiedtime',
              type: 'DateTime',
              value: "@activity('NewMark').output.firstRow.NewWatermarkvalue",
            },
            { name: 'TableName', type: 'String', value: 'source' },
          ],
        },
      ],
      {},
      { name: 'WriteMark', ...after('CopyDelta') },
    ),
    setVariable('Copied', 'copied', "@string(activity('CopyDelta').output.rowsCopied)", after('WriteMark')),
  ];
  const run = async (): Promise<PipelineRun> =>
    (await workspace.run(chain, { pipeline: { variables: { copied: { type: 'String' } } } })).run;

  beforeEach(async () => {
    await workspace.sql(`DROP TABLE IF EXISTS source, landed, control;
      CREATE TABLE source (id integer PRIMARY KEY, name text, changed timestamp(3));
      CREATE TABLE landed (LIKE source INCLUDING ALL);
      CREATE TABLE control (table_name text, watermark timestamp(3));
      INSERT INTO control VALUES ('source', '2010-01-01');
      INSERT INTO source SELECT i, 'row ' || i, timestamp '2026-01-01' + i * interval '1 day' FROM generate_series(1, 5) i;
      CREATE OR REPLACE PROCEDURE write_watermark (modified timestamp, name text)
        LANGUAGE sql AS 'UPDATE control SET watermark = modified WHERE table_name = name'`);
  });

  it('INC-01 moves each row once, and remembers how far it came', async () => {
    const first = await run();
    await workspace.sql(`INSERT INTO source VALUES (6, 'late', '2026-01-07 12:00:00.123'), (7, 'later', '2026-01-08')`);
    const second = await run();
    const third = await run();

    expect([first, second, third].map(({ message, variables }) => [message, variables['copied']])).toEqual([
      ['', '5'],
      ['', '2'],
      ['', '0'],
    ]);
    expect(await workspace.sql('SELECT * FROM landed ORDER BY 1')).toEqual(
      await workspace.sql('SELECT * FROM source ORDER BY 1'),
    );
    expect(await workspace.sql('SELECT * FROM control')).toEqual([['source', '2026-01-08 00:00:00']]);
  });

  it('INC-01 INC-03 advances no mark beyond a copy that failed', async () => {
    await workspace.sql('ALTER TABLE landed ADD CHECK (id <> 3)');
    const failed = await run();
    await workspace.sql('ALTER TABLE landed DROP CONSTRAINT landed_id_check');
    const succeeded = await run();

    expect(failed.status).toBe('Failed');
    expect(statusesOf(failed)).toEqual(expect.arrayContaining(['CopyDelta Failed', 'WriteMark Skipped']));
    expect(succeeded.variables['copied']).toBe('5');
  });
});
