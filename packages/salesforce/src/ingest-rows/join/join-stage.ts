import type { IngestPlan } from '../ingest-plan.ts';

/** A way to tell rows apart. */
export interface JoinStage {
  /** Indexes of the columns compared, in the order of the plan. */
  readonly columns: readonly number[];
  /** Where the results lack the column `Id`, its values are those of `sf__Id`. */
  readonly usesResultId: boolean;
  /** No two rows that were sent agree in these columns, whatever header they were sent under. */
  readonly isUnique: boolean;
}

/**
 * How rows are found first: by their key, where no two that were sent have the same and the results show it; else by all
 * columns that come back. `found` are the plan's columns in the first result set that has rows.
 */
export function firstStage(
  { columns, keyColumn, operation, options }: IngestPlan,
  found: ReadonlySet<number>,
): JoinStage {
  const isUnique = options.duplicateKeys !== 'send';
  if (keyColumn !== undefined && isUnique) {
    const usesResultId = !found.has(keyColumn) && operation !== 'upsert';
    if (found.has(keyColumn) || usesResultId) return { columns: [keyColumn], usesResultId, isUnique };
  }
  return byContent(columns.flatMap((_, index) => (found.has(index) ? index : [])));
}

/** What is tried for results that the first stage found no row for, with the columns that all sets have. */
export function laterStages(
  { columns, keyColumn }: IngestPlan,
  first: JoinStage,
  headers: readonly ReadonlySet<number>[],
): readonly JoinStage[] {
  const common = columns.flatMap((_, index) => (headers.every((found) => found.has(index)) ? index : []));
  // A key that comes back as another one does not help: what else came back has to do.
  const stages = first.isUnique
    ? [byContent(common.filter((index) => index !== keyColumn))]
    : [
        byContent(common.length < first.columns.length ? common : []),
        byContent(keyColumn !== undefined && common.includes(keyColumn) ? [keyColumn] : []),
      ];
  return stages.filter((stage) => stage.columns.length > 0);
}

function byContent(columns: readonly number[]): JoinStage {
  return { columns, usesResultId: false, isUnique: false };
}
