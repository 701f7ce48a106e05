export { postgres, type PostgresDatabase } from './postgres.ts';
export type { CallOptions } from './client/call-options.ts';
export type { PostgresOptions } from './client/postgres-options.ts';
export type { PostgresSinkOptions } from './sink/sink-options.ts';
export type { PostgresSink } from './sink/postgres-sink.ts';
export type { PostgresQueryOptions, PostgresTableOptions } from './source/source-options.ts';
export type { PostgresSource } from './source/postgres-source.ts';
export type { DescribedColumn, TableDescription, TableReference } from './catalog/describe-table.ts';
export type {
  ResultField,
  Statement,
  StatementResult,
  StatementsOptions,
  StatementsResult,
} from './statements/statement-result.ts';
