import type { Hash64 } from '../canonical/hash.ts';
import type { IngestPlan } from '../ingest-plan.ts';
import type { JudgedBatch } from './batch-judge.ts';
import { hasVariants, type HeaderVariant } from './header-variant.ts';
import { KeyRows } from './key-rows.ts';
import { RowHasher } from './row-hasher.ts';

/** Says what becomes of rows of one part with the same key. */
export interface KeyJudge {
  /**
   * Rejects rows of a batch by the rows before them, or else returns rows, of this batch and earlier ones, that others
   * stand for, counted in the part as `firstRow` is.
   */
  judge(batch: JudgedBatch, firstRow: number): ReadonlySet<number>;
}

/** One row for each key. */
class DuplicateKeys implements KeyJudge {
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
      else verdicts.reject(row, 'KEY_DUPLICATE', this.#name, 'expected a key that no earlier row of the job has');
    }
    return superseded;
  }
}

/** All rows of a key as long as they go under one header, for jobs of several do not keep their order. */
class KeyHeaders implements KeyJudge {
  readonly #headers = new KeyRows();
  /** By header, from 1. */
  readonly #numbers = new Map<HeaderVariant, number>();
  readonly #hasher: RowHasher;
  readonly #hash: Hash64 = { high: 0, low: 0 };
  readonly #name: string;

  constructor(plan: IngestPlan, keyColumn: number) {
    this.#hasher = new RowHasher(plan, [keyColumn]);
    this.#name = plan.columns[keyColumn]!.name;
  }

  judge({ columns, verdicts }: JudgedBatch): ReadonlySet<number> {
    const hash = this.#hash;
    for (let row = 0; row < verdicts.rows; row++) {
      if (verdicts.isRejected(row)) continue;
      this.#hasher.hash(columns, row, 0, hash);
      const header = this.#numberOf(verdicts.variants?.[row] ?? 0);
      const earlier = this.#headers.rowOf(hash.high, hash.low);
      if (earlier === header) continue;
      this.#headers.replace(hash.high, hash.low, earlier < 0 ? header : POSTPONED);
      if (earlier >= 0) verdicts.reject(row, 'KEY_POSTPONED', this.#name, POSTPONING);
    }
    return NO_ROWS;
  }

  #numberOf(variant: HeaderVariant): number {
    let number = this.#numbers.get(variant);
    if (number === undefined) this.#numbers.set(variant, (number = this.#numbers.size + 1));
    return number;
  }
}

const NO_ROWS: ReadonlySet<number> = new Set();
/** Of a key whose later rows are all to follow: no header has the number. */
const POSTPONED = 0;
const POSTPONING = 'expected the same parents, null or not, as an earlier row of the job with its key has';

/** Undefined where rows of equal keys are all sent, or have none. */
export function keyJudge(plan: IngestPlan): KeyJudge | undefined {
  const { keyColumn, options } = plan;
  if (keyColumn === undefined) return undefined;
  if (options.duplicateKeys !== 'send') return new DuplicateKeys(plan, keyColumn);
  return hasVariants(plan) ? new KeyHeaders(plan, keyColumn) : undefined;
}
