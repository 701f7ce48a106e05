import { SluiceError } from '@sluice/core';
import type { TableDescription } from '@sluice/postgres';

import type { AzurePostgreSqlSink } from '../../definition/copy/copy-sink.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import { timeSpanMs } from '../../run/time-span.ts';
import type { OpenedSink } from '../opened-sink.ts';
import { boundedSink } from './bounded-calls.ts';
import { datasetTable, sqlTable, type TableProperties } from './dataset-table.ts';
import type { OpenDatabase } from './open-database.ts';

/** Connections that write at once, unless there may be fewer. */
const WRITERS = 4;

export interface TableToWrite {
  readonly properties: TableProperties;
  readonly datasetName: string;
}

/**
 * A table, written as Data Factory writes it: "Azure Database for PostgreSQL as sink", read 2026-11. Rows become visible
 * together, in a transaction that begins with `preCopyScript`.
 *
 * @throws `CONFIG_INVALID` for a dataset without a table.
 */
export function openDatabaseSink(
  sink: Resolved<AzurePostgreSqlSink>,
  { properties, datasetName }: TableToWrite,
  { db, defaultSchema }: OpenDatabase,
): OpenedSink {
  const table = datasetTable(properties, defaultSchema);
  if (table === undefined) {
    throw new SluiceError('CONFIG_INVALID', `dataset ${datasetName} has no table, so there is nothing to write to`, {
      hint: 'Give it a table.',
    });
  }
  const { writeBatchSize, writeBatchTimeout, preCopyScript, maxConcurrentConnections: maxConnections } = sink;
  const isUpsert = sink.writeMethod === 'Upsert';
  const load = db.load({
    ...table,
    partRows: writeBatchSize,
    writers: Math.min(WRITERS, maxConnections ?? WRITERS),
    ...(preCopyScript === undefined || preCopyScript.trim() === '' ? {} : { preCopyScript }),
  });
  return {
    sink: boundedSink(load, {
      limitMs: timeSpanMs(writeBatchTimeout, 'sink.writeBatchTimeout'),
      what: 'writing a batch',
    }),
    intent: { mode: isUpsert ? 'upsert' : 'append' },
    maxConnections,
    async target(ctx) {
      const description = await db.describe(table, ctx);
      return {
        columns: new Map(
          description.columns.map(({ name, arrowType, type }) => [
            name,
            { type: arrowType, isAnyNumber: type === 'numeric' },
          ]),
        ),
        ...(isUpsert ? { keys: keysOf(sink.upsertSettings?.keys, description, sqlTable(table)) } : {}),
      };
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** The columns that identify rows: those that are named, else the primary key. */
function keysOf(
  named: readonly string[] | undefined,
  { uniqueKeys: [first], hasPrimaryKey }: TableDescription,
  table: string,
): readonly string[] {
  if (named !== undefined && named.length > 0) return named;
  if (hasPrimaryKey && first !== undefined) return first;
  throw new SluiceError('CONFIG_INVALID', `${table} has no primary key, so nothing says which rows an upsert changes`, {
    hint: 'Name columns of a unique index in upsertSettings.keys, or give the table a primary key.',
  });
}
