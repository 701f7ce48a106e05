import { postgres, type StatementResult } from '@sluice/postgres';
import type { StartEmulatorOptions } from '@sluice/salesforce-emulator';

import { type PostgresServer, startPostgres } from '../../../../test/servers/postgres-server.ts';
import type { PipelineResult } from '../../src/run/run-pipeline.ts';
import { type FactoryParts, reference } from '../definitions/factory-files.ts';
import { type CopyWorkspace, copyWorkspace, type WorkspaceRun } from './copy-workspace.ts';

type Json = Readonly<Record<string, unknown>>;
type Rows = StatementResult['rows'];

export const DB_PASSWORD = 'a password that nobody sees';

/** An org, a folder and a database, and a factory with all three. */
export interface PostgresWorkspace extends CopyWorkspace {
  readonly server: PostgresServer;
  readonly parts: FactoryParts;
  /** Rows of the last statement, cells as the server writes them. */
  sql(text: string): Promise<Rows>;
  /** Copies between any two datasets. */
  move(from: End, to: End, more?: Json, given?: WorkspaceRun): Promise<PipelineResult>;
}

export interface End {
  readonly dataset: string;
  readonly arguments?: Json;
  /** The source or the sink. */
  readonly settings: Json;
}

export async function postgresWorkspace(options: StartEmulatorOptions = {}): Promise<PostgresWorkspace> {
  const [workspace, server] = await Promise.all([copyWorkspace(options), startPostgres()]);
  const db = postgres(server.options);
  const { host, port, database, user } = server.options;
  const connection = {
    server: host,
    port,
    database,
    username: user,
    password: { type: 'SecureString', value: DB_PASSWORD },
  };
  const named = { parameters: { table: { type: 'String' } }, linkedServiceName: reference('db') };
  const parts: FactoryParts = {
    linkedServices: {
      db: { type: 'AzurePostgreSql', version: '2.0', typeProperties: connection },
      plain: { type: 'PostgreSqlV2', typeProperties: { ...connection, authenticationType: 'Basic', sslMode: 0 } },
    },
    datasets: {
      table: {
        type: 'AzurePostgreSqlTable',
        ...named,
        typeProperties: { schema: 'public', table: '@dataset().table' },
      },
      older: { type: 'AzurePostgreSqlTable', ...named, typeProperties: { tableName: '@dataset().table' } },
      v2: {
        type: 'PostgreSqlV2Table',
        ...named,
        linkedServiceName: reference('plain'),
        typeProperties: { table: '@dataset().table' },
      },
    },
  };
  const merged = ({ parts: more = {}, ...given }: WorkspaceRun = {}): WorkspaceRun => ({
    ...given,
    parts: {
      linkedServices: { ...parts.linkedServices, ...more.linkedServices },
      datasets: { ...parts.datasets, ...more.datasets },
      ...(more.pipelines === undefined ? {} : { pipelines: more.pipelines }),
    },
  });
  const run: PostgresWorkspace['run'] = async (activities, given) => await workspace.run(activities, merged(given));
  return {
    ...workspace,
    server,
    parts,
    run,
    sql: async (text) => (await db.run([{ sql: text }])).results.at(-1)?.rows ?? [],
    async move(from, to, { activity, ...more }: Json = {}, given) {
      return await run(
        [
          {
            name: 'Copy',
            type: 'Copy',
            inputs: [reference(from.dataset, 'DatasetReference', from.arguments)],
            outputs: [reference(to.dataset, 'DatasetReference', to.arguments)],
            typeProperties: { source: from.settings, sink: to.settings, ...more },
            ...(activity as Json | undefined),
          },
        ],
        given,
      );
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}
