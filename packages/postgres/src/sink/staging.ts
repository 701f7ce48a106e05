import { quoteName, quoteTable, quoteText, type TableName } from '../client/identifier.ts';
import type { PostgresTarget, TargetColumn } from './sink-state.ts';

/** Where a staged row comes from, in tables whose rows move on one by one. */
export const PLACE_COLUMNS = ['_sluice_split', '_sluice_part', '_sluice_row'] as const;

export interface StagingTables {
  /** The rows. */
  readonly rows: TableName;
  /** Which parts are staged, and by which transaction. */
  readonly parts: TableName;
  /** Which runs are committed; stays. */
  readonly runs: TableName;
}

export function stagingTables({ runId, table: { schema } }: Pick<PostgresTarget, 'runId' | 'table'>): StagingTables {
  return {
    rows: { schema, table: `sluice_${runId}` },
    parts: { schema, table: `sluice_${runId}_parts` },
    runs: { schema, table: 'sluice_runs' },
  };
}

/** Rows keep their place unless the staging table becomes the table. */
export function hasPlaces({ strategy }: Pick<PostgresTarget, 'strategy'>): boolean {
  return strategy !== 'rename';
}

/** The same statements again leave things as they are. */
export function createStaging(
  target: Pick<PostgresTarget, 'runId' | 'table' | 'strategy'>,
  columns: readonly TargetColumn[],
): string {
  const { rows, parts, runs } = stagingTables(target);
  const places = hasPlaces(target)
    ? PLACE_COLUMNS.map((name, index) => `${quoteName(name)} ${index === 2 ? 'bigint' : 'integer'}`)
    : [];
  // For whoever finds them when a run was never ended.
  const purpose = `staged by sluice for ${quoteTable(target.table)}`;
  // A domain's conditions are for the table to hold, row by row.
  const cells = columns.map(({ name, type }) => `${quoteName(name)} ${type.baseName ?? type.name}`);
  return `
    CREATE TABLE IF NOT EXISTS ${quoteTable(rows)} (${[...places, ...cells].join(', ')});
    CREATE TABLE IF NOT EXISTS ${quoteTable(parts)}
      (split integer, part integer, rows bigint NOT NULL, xid text NOT NULL, PRIMARY KEY (split, part));
    CREATE TABLE IF NOT EXISTS ${quoteTable(runs)}
      (run text PRIMARY KEY, table_name text NOT NULL, committed_at timestamptz NOT NULL DEFAULT now(), outcome jsonb NOT NULL);
    COMMENT ON TABLE ${quoteTable(rows)} IS ${quoteText(purpose)};
    COMMENT ON TABLE ${quoteTable(parts)} IS ${quoteText(purpose)}`;
}

export function dropStaging(target: Pick<PostgresTarget, 'runId' | 'table'>): string {
  const { rows, parts } = stagingTables(target);
  return `DROP TABLE IF EXISTS ${quoteTable(rows)}, ${quoteTable(parts)}`;
}

/** A role may end the connections of its own. */
export function endWriters(target: Pick<PostgresTarget, 'runId' | 'table'>): string {
  const { rows, parts } = stagingTables(target);
  const tables = [rows, parts].map((table) => `to_regclass(${quoteText(quoteTable(table))})`).join(', ');
  return `SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE relation IN (${tables}) AND pid <> pg_backend_pid()`;
}

export function quoteNames(names: readonly string[]): string {
  return names.map((name) => quoteName(name)).join(', ');
}
