import { SluiceError } from '@sluice/core';

import { type DatasetTable, sqlName, sqlTable } from './dataset-table.ts';

export interface PartitionSettings {
  readonly partitionNames?: readonly string[] | undefined;
  readonly partitionColumnName?: string | undefined;
  readonly partitionUpperBound?: string | undefined;
  readonly partitionLowerBound?: string | undefined;
}

const HOOK =
  /\?Adf(TabularPartitionName|DynamicRangePartitionCondition|RangePartition(?:ColumnName|Upbound|Lowbound))/gi;

/** Numbers, dates and times. */
const BOUND = /^[\w .:+-]+$/;

/**
 * A query of which Data Factory makes one for each partition, as one for all of them: "Parallel copy from Azure Database
 * for PostgreSQL", read 2026-11.
 *
 * @throws `CONFIG_INVALID` where the query wants what neither its settings nor its dataset have.
 */
export function partitionedQuery(query: string, table: DatasetTable | undefined, settings: PartitionSettings): string {
  const { partitionNames = [] } = settings;
  const hasPartitions = /\?AdfTabularPartitionName/i.test(query) && partitionNames.length > 0;
  if (!hasPartitions) return filled(query, table, settings);
  const schema = table?.schema ?? 'public';
  return unionOf(partitionNames.map((name) => filled(query, { schema, table: name }, settings)));
}

/** Everything in some partitions of a table. */
export function partitionsQuery({ schema }: DatasetTable, names: readonly string[]): string {
  return unionOf(names.map((name) => `SELECT * FROM ${sqlTable({ schema, table: name })}`));
}

function unionOf(queries: readonly string[]): string {
  const [only] = queries;
  return queries.length === 1
    ? only!
    : queries.map((query) => `(${query.trim().replace(/;$/, '')}\n)`).join(' UNION ALL ');
}

function filled(
  query: string,
  table: DatasetTable | undefined,
  { partitionColumnName, partitionUpperBound, partitionLowerBound }: PartitionSettings,
): string {
  return query.replaceAll(HOOK, (_hook, word: string) => {
    switch (word.toLowerCase()) {
      case 'tabularpartitionname':
        return sqlTable(required(table, 'the dataset names no table'));
      case 'dynamicrangepartitioncondition':
        return 'TRUE';
      case 'rangepartitionupbound':
        return bound(partitionUpperBound, 'partitionUpperBound', 'max');
      case 'rangepartitionlowbound':
        return bound(partitionLowerBound, 'partitionLowerBound', 'min');
      default:
        return column();
    }
  });

  function column(): string {
    if (partitionColumnName !== undefined && partitionColumnName.trim() !== '') return sqlName(partitionColumnName);
    throw new SluiceError('CONFIG_INVALID', 'the query has a place for the partition column, and no column is named', {
      hint: 'Give partitionSettings.partitionColumnName.',
      details: { factoryCode: 'AzurePostgreSqlNpgsqlPartitionColumnNameNotProvided' },
    });
  }

  function bound(text: string | undefined, property: string, extreme: 'max' | 'min'): string {
    if (text === undefined || text.trim() === '') {
      const of = required(table, `${property} is missing, and the dataset names no table to find it in`);
      return `(SELECT ${extreme}(${column()}) FROM ${sqlTable(of)})`;
    }
    if (BOUND.test(text)) return `'${text}'`;
    throw new SluiceError('CONFIG_INVALID', `partitionSettings.${property} must be a number, a date or a time`);
  }
}

function required<T>(value: T | undefined, problem: string): T {
  if (value !== undefined) return value;
  throw new SluiceError('CONFIG_INVALID', `the query has a place for partitions, and ${problem}`);
}
