import { type Source, SluiceError } from '@sluice/core';

import type { DatabaseSource } from '../../definition/copy/copy-source.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import { timeSpanMs } from '../../run/time-span.ts';
import { boundedSource } from './bounded-calls.ts';
import { type DatasetTable, datasetTable, type TableProperties } from './dataset-table.ts';
import type { OpenDatabase } from './open-database.ts';
import { partitionedQuery, type PartitionSettings, partitionsQuery } from './partitioned-query.ts';

/** Azure Data Factory, "Azure Database for PostgreSQL as source", read 2026-11. */
const QUERY_TIMEOUT_MS = 2 * 3_600_000;

/**
 * A table or query, read as Data Factory reads it. A query comes before the table of the dataset.
 *
 * @throws `CONFIG_INVALID` where nothing says what to read.
 */
export function openDatabaseSource(
  source: Resolved<DatabaseSource>,
  properties: TableProperties,
  database: OpenDatabase,
): Source {
  const { queryTimeout } = source;
  const limitMs =
    queryTimeout === undefined
      ? (database.commandTimeoutMs ?? QUERY_TIMEOUT_MS)
      : timeSpanMs(queryTimeout, 'source.queryTimeout');
  const table = datasetTable(properties, database.defaultSchema);
  return boundedSource(read(source, table, database), { limitMs, what: 'the query' });
}

function read(source: Resolved<DatabaseSource>, table: DatasetTable | undefined, { db }: OpenDatabase): Source {
  const { option, settings } = partitionsOf(source);
  const { query } = source;
  if (query !== undefined && query.trim() !== '') return db.query(partitionedQuery(query, table, settings));
  if (table === undefined) {
    throw new SluiceError('CONFIG_INVALID', 'the source has no query, and its dataset no table', {
      hint: 'Give one of them.',
    });
  }
  const { partitionNames = [], partitionColumnName } = settings;
  if (option === 'PhysicalPartitionsOfTable' && partitionNames.length > 0) {
    return db.query(partitionsQuery(table, partitionNames));
  }
  if (option !== 'DynamicRange') return db.table({ ...table, splitBy: false });
  const hasColumn = partitionColumnName !== undefined && partitionColumnName.trim() !== '';
  return namingRanges(db.table({ ...table, ...(hasColumn ? { splitBy: partitionColumnName } : {}) }));
}

interface Partitions {
  readonly option: string;
  readonly settings: PartitionSettings;
}

function partitionsOf(source: Resolved<DatabaseSource>): Partitions {
  if (source.type !== 'AzurePostgreSqlSource') return { option: 'None', settings: {} };
  return { option: source.partitionOption, settings: source.partitionSettings ?? {} };
}

/** What Data Factory calls a column that has no ranges. */
function namingRanges(source: Source): Source {
  return {
    ...source,
    async plan(ctx) {
      try {
        return await source.plan(ctx);
      } catch (error) {
        if (!SluiceError.is(error) || error.code !== 'CONFIG_INVALID') throw error;
        const { code, message, hint, cause } = error;
        throw new SluiceError(code, message, {
          cause,
          ...(hint === undefined ? {} : { hint: 'Name a column of numbers, texts, dates or times.' }),
          details: { factoryCode: 'AzurePostgreSqlNpgsqlDataTypeNotSupported' },
        });
      }
    },
  };
}
