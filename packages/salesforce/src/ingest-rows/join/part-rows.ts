import type { RecordBatch, Schema } from 'apache-arrow';

import type { Hash64 } from '../canonical/hash.ts';
import { BatchJudge, type JudgedBatch } from '../encode/batch-judge.ts';
import type { HeaderVariant } from '../encode/header-variant.ts';
import { RowHasher } from '../encode/row-hasher.ts';
import type { IngestPlan } from '../ingest-plan.ts';
import type { JoinStage } from './join-stage.ts';
import { NO_OUTCOME, NOT_SENT } from './outcome-table.ts';
import { RowIndex } from './row-index.ts';
import type { RowOutcomes } from './row-outcomes.ts';

/** Rows of a part, to be read again. */
export interface PartRows {
  readonly plan: IngestPlan;
  readonly schema: Schema;
  rows(): AsyncIterable<RecordBatch>;
  readonly rowCount: number;
  readonly signal: AbortSignal;
}

/** What tells rows of one header from equal ones of another. */
export function stageSeed({ isUnique }: JoinStage, variant: HeaderVariant): number {
  return isUnique ? 0 : variant + 1;
}

/** An index of the rows that were sent and have no outcome yet. */
export async function indexRows(part: PartRows, stage: JoinStage, outcomes: RowOutcomes): Promise<RowIndex> {
  const { plan, rowCount } = part;
  const hasher = new RowHasher(plan, stage.columns);
  const index = new RowIndex(rowCount);
  const hash: Hash64 = { high: 0, low: 0 };
  await eachBatch(part, ({ columns, verdicts }, first) => {
    for (let row = 0; row < verdicts.rows; row++) {
      const partRow = first + row;
      if (verdicts.isRejected(row)) outcomes.set(partRow, NOT_SENT);
      else if (outcomes.of(partRow) === NO_OUTCOME) {
        hasher.hash(columns, row, stageSeed(stage, verdicts.variants?.[row] ?? 0), hash);
        index.add(partRow, hash);
      }
    }
  });
  index.sort();
  return index;
}

/** Which header each row was sent under; for rows that were not, anything. */
export async function eachVariant(part: PartRows, visit: (row: number, variant: HeaderVariant) => void): Promise<void> {
  await eachBatch(part, ({ verdicts }, first) => {
    for (let row = 0; row < verdicts.rows; row++) visit(first + row, verdicts.variants?.[row] ?? 0);
  });
}

export async function eachBatch(
  { plan, schema, rows, signal }: PartRows,
  visit: (judged: JudgedBatch, firstRow: number) => void,
): Promise<void> {
  const judge = new BatchJudge(plan, schema);
  let row = 0;
  for await (const batch of rows()) {
    signal.throwIfAborted();
    visit(judge.judge(batch), row);
    row += batch.numRows;
  }
}
