import type { Context } from '../contract/context.ts';
import type { ResumePoint } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { Source } from '../contract/source.ts';
import { checkJson } from '../json/json-check.ts';
import { lettingGo } from './clean-up.ts';
import { fromPlugin } from './plugin-fault.ts';
import type { RunLog } from './run-log.ts';
import { preparedRowsOf, resumePointOf } from './run-state.ts';

/** A split that has rows left to read. */
export interface OpenSplit {
  readonly ordinal: number;
  readonly value: Json;
  readonly from: ResumePoint;
  /** Ordinal of the next part. */
  readonly part: number;
  /** Rows read for the parts before it. */
  readonly rows: number;
}

/**
 * The splits of a run, one at a time in their order: first those that were found earlier and are not done, then those
 * that the source finds, each journalled before it is handed out.
 */
export class SplitQueue implements AsyncDisposable {
  readonly #source: Source;
  readonly #plan: Json;
  readonly #log: RunLog;
  readonly #ctx: Context;
  #found: AsyncIterator<Json> | undefined;
  /** Those found earlier that were looked at again. */
  #known = 0;
  readonly #knownSplits: number;
  readonly #after: Json | undefined;
  #last: Promise<OpenSplit | undefined> = Promise.resolve(undefined);

  constructor(source: Source, plan: Json, log: RunLog, ctx: Context) {
    this.#source = source;
    this.#plan = plan;
    this.#log = log;
    this.#ctx = ctx;
    this.#knownSplits = log.state.splits.length;
    this.#after = log.state.splits.at(-1)?.value;
  }

  /**
   * Callers wait for each other: the source is asked for one split at a time. A failure is every later caller's too, since
   * an iterator that has failed says from then on that it has ended, and splits would be lost.
   */
  next(): Promise<OpenSplit | undefined> {
    this.#last = this.#last.then(() => this.#next());
    return this.#last;
  }

  async #next(): Promise<OpenSplit | undefined> {
    const { state } = this.#log;
    while (this.#known < this.#knownSplits) {
      const ordinal = this.#known++;
      const split = state.splits[ordinal]!;
      if (split.isDone) continue;
      const [part, rows] = [split.parts.length, preparedRowsOf(split)];
      return { ordinal, value: split.value, from: resumePointOf(split), part, rows };
    }
    return state.areSplitsKnown ? undefined : await this.#find();
  }

  async #find(): Promise<OpenSplit | undefined> {
    const { signal } = this.#ctx;
    signal.throwIfAborted();
    const found = await fromPlugin(this.#source.name, signal, async () => {
      this.#found ??= this.#source.splits(this.#plan, this.#ctx, this.#after)[Symbol.asyncIterator]();
      return await this.#found.next();
    });
    const ordinal = this.#log.state.splits.length;
    if (found.done === true) {
      await this.#log.append({ kind: 'splitsEnd', splits: ordinal });
      return undefined;
    }
    checkJson(found.value, `a split of ${this.#source.name}`);
    await this.#log.append({ kind: 'splitFound', split: ordinal, value: found.value });
    return { ordinal, value: found.value, from: { skipRows: 0 }, part: 0, rows: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => {});
    await lettingGo(this.#source.name, this.#ctx.log, async () => await this.#found?.return?.());
  }
}
