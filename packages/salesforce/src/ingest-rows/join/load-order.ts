import type { Hash64 } from '../canonical/hash.ts';
import { RowHasher } from '../encode/row-hasher.ts';
import { IN_DOUBT, isReject, type OutcomeTable, WRITTEN } from './outcome-table.ts';
import { eachBatch, type PartRows } from './part-rows.ts';
import type { RowOutcomes } from './row-outcomes.ts';

/** Rows of a part that were uploaded together, and what became of them. */
export interface SettledLoad {
  readonly rows: PartRows;
  readonly outcomes: RowOutcomes;
  readonly table: OutcomeTable;
}

interface WaitingRow {
  readonly load: SettledLoad;
  readonly row: number;
}

/** Rows that could go again do not where one of a later load with their key has taken effect, or may have. */
export async function keepOrderOfLoads(loads: readonly SettledLoad[]): Promise<void> {
  const waiting = new Map<string, WaitingRow[]>();
  for (const load of loads) {
    const { rows, outcomes, table } = load;
    const { plan } = rows;
    if (plan.keyColumn === undefined) return;
    const hasher = new RowHasher(plan, [plan.keyColumn]);
    const hash: Hash64 = { high: 0, low: 0 };
    await eachBatch(rows, ({ columns, verdicts }, first) => {
      for (let row = 0; row < verdicts.rows; row++) {
        const outcome = outcomes.of(first + row);
        const isEffective = outcome === WRITTEN || outcome === IN_DOUBT;
        const waits = isReject(outcome) && table.reasonOf(outcome).retryable;
        if (verdicts.isRejected(row) || !(waits || (isEffective && waiting.size > 0))) continue;
        hasher.hash(columns, row, 0, hash);
        const key = `${hash.high} ${hash.low}`;
        if (waits) waiting.set(key, [...(waiting.get(key) ?? []), { load, row: first + row }]);
        else if (waiting.has(key)) overtake(waiting, key);
      }
    });
  }
}

function overtake(waiting: Map<string, WaitingRow[]>, key: string): void {
  for (const { load, row } of waiting.get(key) ?? []) {
    load.outcomes.replace(row, load.table.overtaken(load.outcomes.of(row)));
  }
  waiting.delete(key);
}
