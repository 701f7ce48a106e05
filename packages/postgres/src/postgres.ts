import { parseOptions } from '@sluice/core/options';

import { describeTable, type TableDescription, type TableReference } from './catalog/describe-table.ts';
import type { CallOptions } from './client/call-options.ts';
import { configOf, placeOf, postgresOptions, type PostgresOptions } from './client/postgres-options.ts';
import { postgresSink, type PostgresSink } from './sink/postgres-sink.ts';
import { sinkOptions, type PostgresSinkOptions } from './sink/sink-options.ts';
import { planQuery } from './source/plan-query.ts';
import { planTable } from './source/plan-table.ts';
import { postgresSource, type PostgresSource } from './source/postgres-source.ts';
import {
  type PostgresQueryOptions,
  type PostgresTableOptions,
  queryOptions,
  tableOptions,
} from './source/source-options.ts';
import { runStatements } from './statements/run-statements.ts';
import type { Statement, StatementsOptions, StatementsResult } from './statements/statement-result.ts';

/** One PostgreSQL database, as one role. */
export interface PostgresDatabase {
  /**
   * A table or view to read by binary COPY, split by ranges of a key; all splits see one moment.
   *
   * @throws `CONFIG_INVALID` naming each option that is wrong.
   */
  table(options: PostgresTableOptions): PostgresSource;
  /**
   * A query to read by binary COPY, in the order it gives.
   *
   * @throws `CONFIG_INVALID` naming each option that is wrong.
   */
  query(sql: string, options?: PostgresQueryOptions): PostgresSource;
  /**
   * A table to write to: rows are staged beside it by binary COPY and become visible in one transaction.
   *
   * @throws `CONFIG_INVALID` naming each option that is wrong.
   */
  load(options: PostgresSinkOptions): PostgresSink;
  /**
   * The columns and keys of a table.
   *
   * @throws `OBJECT_UNKNOWN`, with the nearest name there is; what connecting throws.
   */
  describe(table: TableReference, options?: CallOptions): Promise<TableDescription>;
  /**
   * Runs statements on one connection, all of them or none, and gives what they gave. Nothing is repeated but connecting.
   *
   * @throws as the server says, by the codes that `table` and `load` have; what connecting throws.
   */
  run(statements: readonly Statement[], options?: StatementsOptions): Promise<StatementsResult>;
}

/**
 * A database to read from and to write to. Connects to nothing yet.
 *
 * @throws `CONFIG_INVALID` naming each option that is wrong, without its value.
 *
 * @example
 * const db = postgres({ host: 'localhost', database: 'crm', user: 'sluice', password: secret.env('PGPASSWORD') });
 * await copy({ from: db.table({ table: 'account' }), to: files({ store, path: 'account/', format: parquet() }) });
 */
export function postgres(options: PostgresOptions): PostgresDatabase {
  const connection = parseOptions('postgres', postgresOptions, options);
  return {
    table(input) {
      const parsed = parseOptions('postgres table', tableOptions, input);
      return postgresSource({
        connection,
        config: { ...placeOf(connection), ...configOf(parsed) },
        ordered: false,
        snapshot: parsed.snapshot,
        plan: async (session) => await planTable(session, parsed),
      });
    },
    query(sql, input = {}) {
      const parsed = parseOptions('postgres query', queryOptions, input);
      return postgresSource({
        connection,
        config: { ...placeOf(connection), query: sql, ...configOf(parsed) },
        ordered: true,
        snapshot: parsed.snapshot,
        plan: async (session) => await planQuery(session, sql, parsed),
      });
    },
    describe: async (table, options = {}) => await describeTable(connection, table, options),
    run: async (statements, options = {}) => await runStatements(connection, statements, options),
    load: (input) => postgresSink(connection, parseOptions('postgres load', sinkOptions, input)),
  };
}
