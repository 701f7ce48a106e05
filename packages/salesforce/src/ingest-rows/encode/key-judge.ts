import type { Hash64 } from '../canonical/hash.ts';
import type { IngestPlan } from '../ingest-plan.ts';
import type { JudgedBatch } from './batch-judge.ts';
import { KeyRows } from './key-rows.ts';
import { RowHasher } from './row-hasher.ts';

/** Says what becomes of rows of one part with the same key. */
export class KeyJudge {
  readonly #keys = new KeyRows();
  readonly #hasher: RowHasher;
  readonly #hash: Hash64 = { high: 0, low: 0 };
  readonly #name: string;
  readonly #isLastWins: boolean;

  constructor(plan: IngestPlan, keyColumn: number) {
    this.#hasher = new RowHasher(plan, [keyColumn]);
    this.#name = plan.columns[keyColumn]!.name;
    this.#isLastWins = plan.options.duplicateKeys === 'lastWins';
  }

  /**
   * Rejects rows of a batch whose key was there before, or else returns the rows that had it, of this batch and earlier
   * ones, counted in the part as `firstRow` is.
   */
  judge({ columns, verdicts }: JudgedBatch, firstRow: number): ReadonlySet<number> {
    const superseded = new Set<number>();
    const hash = this.#hash;
    for (let row = 0; row < verdicts.rows; row++) {
      if (verdicts.isRejected(row)) continue;
      this.#hasher.hash(columns, row, 0, hash);
      const earlier = this.#keys.rowOf(hash.high, hash.low);
      if (earlier < 0 || this.#isLastWins) this.#keys.replace(hash.high, hash.low, firstRow + row);
      if (earlier < 0) continue;
      if (this.#isLastWins) superseded.add(earlier);
      else verdicts.reject(row, 'KEY_DUPLICATE', this.#name, `expected another key than that of row ${earlier}`);
    }
    return superseded;
  }
}

/** Undefined where rows of equal keys are all sent, or have none. */
export function keyJudge(plan: IngestPlan): KeyJudge | undefined {
  const { keyColumn, options } = plan;
  return keyColumn === undefined || options.duplicateKeys === 'send' ? undefined : new KeyJudge(plan, keyColumn);
}
