import type { Hash64 } from '../canonical/hash.ts';
import { hasVariants, type HeaderVariant } from '../encode/header-variant.ts';
import { type JobResults, openSet, RESULT_SETS, type ResultSetKind } from './job-results.ts';
import { firstStage, type JoinStage, laterStages } from './join-stage.ts';
import { NO_OUTCOME, type Outcome, OutcomeTable } from './outcome-table.ts';
import { eachVariant, indexRows, type PartRows, stageSeed } from './part-rows.ts';
import { ResultHasher, resultNames, sentColumns } from './result-hasher.ts';
import { ResultOutcomes } from './result-outcomes.ts';
import { openResults, type ResultBatch, type ResultRows } from './result-rows.ts';
import type { RowIndex } from './row-index.ts';
import { RowOutcomes } from './row-outcomes.ts';

/** A stage in work, or one that is over. */
export interface IndexedStage {
  readonly stage: JoinStage;
  readonly index: RowIndex;
  readonly hasher: ResultHasher;
}

/** One result set: how many rows it has, and which outcomes among them found no row. */
export interface SetTally {
  readonly job: JobResults;
  readonly kind: ResultSetKind;
  rows: number;
  unmatched: Map<Outcome, number>;
}

/** Gives the rows of a part the outcomes that its result sets tell, stage by stage. */
export class ResultJoin {
  readonly outcomes: RowOutcomes;
  readonly table = new OutcomeTable();
  readonly stages: IndexedStage[] = [];
  readonly tallies: SetTally[];
  /** By the key. */
  #keys: RowIndex | undefined;
  readonly #part: PartRows;
  readonly #results: ResultOutcomes;
  readonly #headers: ReadonlySet<number>[] = [];
  readonly #hash: Hash64 = { high: 0, low: 0 };

  constructor(part: PartRows, jobs: readonly JobResults[]) {
    this.#part = part;
    this.outcomes = new RowOutcomes(part.rowCount);
    this.#results = new ResultOutcomes(part.plan, this.table);
    this.tallies = jobs.flatMap((job) => RESULT_SETS.map((kind) => ({ job, kind, rows: 0, unmatched: new Map() })));
  }

  /** Reads every set once, and those that rows were not found for again, by other means. */
  async run(): Promise<void> {
    await this.#indexKeys();
    for (const tally of this.tallies) await this.#readFirst(tally);
    if (this.stages.length === 0) await this.#begin(firstStage(this.#part.plan, new Set()));
    const [first] = this.stages;
    for (const stage of laterStages(this.#part.plan, first!.stage, this.#headers)) {
      const open = this.tallies.filter(({ unmatched }) => unmatched.size > 0);
      if (open.length === 0) break;
      await this.#begin(stage);
      for (const tally of open) await this.#readAgain(tally);
    }
    for (const { index } of this.stages) index.markAmbiguous(this.outcomes);
  }

  /** Rows with one key after all have their outcomes: those that a later one stood for, or has overtaken. */
  settleKeys(): void {
    const { duplicateKeys } = this.#part.plan.options;
    if (duplicateKeys === 'lastWins') this.#keys?.shareLast(this.outcomes);
    else if (duplicateKeys === 'send') this.#keys?.keepOrder(this.outcomes, this.table);
  }

  async #readFirst(tally: SetTally): Promise<void> {
    await using results = await this.#open(tally);
    if (results === undefined) return;
    const found = sentColumns(results.found);
    for await (const batch of results.batches) {
      this.#part.signal.throwIfAborted();
      // The header row of a set without rows may be anything.
      if (tally.rows === 0) this.#headers.push(found);
      if (this.stages.length === 0) await this.#begin(firstStage(this.#part.plan, found));
      tally.rows += batch.rows;
      for (let row = 0; row < batch.rows; row++) this.#match(tally, batch, row, this.stages[0]!);
    }
  }

  /** Only rows that no stage before had anything like are looked for. */
  async #readAgain(tally: SetTally): Promise<void> {
    await using results = await this.#open(tally);
    if (results === undefined) return;
    tally.unmatched = new Map();
    const earlier = this.stages.slice(0, -1);
    const stage = this.stages.at(-1)!;
    for await (const batch of results.batches) {
      this.#part.signal.throwIfAborted();
      for (let row = 0; row < batch.rows; row++) {
        if (earlier.some((one) => this.#isFound(tally, batch, row, one))) continue;
        this.#match(tally, batch, row, stage);
      }
    }
  }

  async #open({ job, kind }: SetTally): Promise<ResultRows | undefined> {
    return await openResults(openSet(job, kind), resultNames(this.#part.plan, job.variant));
  }

  /** Leaves out rows that were not sent because of others with their key. */
  async #indexKeys(): Promise<void> {
    const { keyColumn, options } = this.#part.plan;
    if (keyColumn === undefined) return;
    const stage = { columns: [keyColumn], usesResultId: false, isUnique: true };
    this.#keys = await indexRows(this.#part, stage, this.outcomes);
    if (options.duplicateKeys !== 'send') {
      this.#keys.keepOne(options.duplicateKeys === 'lastWins' ? 'last' : 'first', this.outcomes);
    } else if (hasVariants(this.#part.plan)) {
      const headers = new Float64Array(this.#part.rowCount);
      await eachVariant(this.#part, (row, variant) => (headers[row] = variant));
      this.#keys.keepFirstHeader((row) => headers[row]!, this.outcomes);
    }
  }

  async #begin(stage: JoinStage): Promise<void> {
    const keys = stage.isUnique ? this.#keys : undefined;
    const index = keys ?? (await indexRows(this.#part, stage, this.outcomes));
    this.stages.push({ stage, index, hasher: new ResultHasher(this.#part.plan, stage) });
  }

  #match({ job, kind, unmatched }: SetTally, batch: ResultBatch, row: number, stage: IndexedStage): void {
    const outcome = this.#results.of(job, kind, batch, row);
    this.#hashOf(stage, job.variant, batch, row);
    const { outcomes } = this;
    const found = stage.index.first(this.#hash, (candidate) => outcomes.of(candidate) === NO_OUTCOME);
    if (found >= 0) outcomes.set(found, outcome);
    else unmatched.set(outcome, (unmatched.get(outcome) ?? 0) + 1);
  }

  #isFound({ job }: SetTally, batch: ResultBatch, row: number, stage: IndexedStage): boolean {
    this.#hashOf(stage, job.variant, batch, row);
    return stage.index.has(this.#hash);
  }

  #hashOf({ stage, hasher }: IndexedStage, variant: HeaderVariant, batch: ResultBatch, row: number): void {
    hasher.hash(batch, row, stageSeed(stage, variant), this.#hash);
  }
}
