import type { Context } from '../contract/context.ts';
import type { ResumePoint } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { Source } from '../contract/source.ts';
import { checkJson } from '../json/json-check.ts';
import { pluginFault } from './plugin-fault.ts';
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
  readonly #log: RunLog;
  readonly #ctx: Context;
  readonly #found: AsyncIterator<Json> | undefined;
  readonly #known: OpenSplit[];
  #ordinal: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(source: Source, plan: Json, log: RunLog, ctx: Context) {
    this.#source = source;
    this.#log = log;
    this.#ctx = ctx;
    const { splits, areSplitsKnown } = log.state;
    this.#known = splits.flatMap((split, ordinal) =>
      split.isDone
        ? []
        : {
            ordinal,
            value: split.value,
            from: resumePointOf(split),
            part: split.parts.length,
            rows: preparedRowsOf(split),
          },
    );
    this.#ordinal = splits.length;
    if (!areSplitsKnown) this.#found = source.splits(plan, ctx, splits.at(-1)?.value)[Symbol.asyncIterator]();
  }

  /** Callers wait for each other: the source is asked for one split at a time. */
  next(): Promise<OpenSplit | undefined> {
    const next = this.#last.then(() => this.#next());
    // A failure is told to the caller it happened to; those behind it ask on.
    this.#last = next.catch(() => {});
    return next;
  }

  async #next(): Promise<OpenSplit | undefined> {
    const known = this.#known.shift();
    if (known !== undefined) return known;
    if (this.#found === undefined || this.#log.state.areSplitsKnown) return undefined;
    const { signal } = this.#ctx;
    signal.throwIfAborted();
    let found: IteratorResult<Json>;
    try {
      found = await this.#found.next();
    } catch (error) {
      throw pluginFault(this.#source.name, error, signal);
    }
    const ordinal = this.#ordinal;
    if (found.done === true) {
      await this.#log.append({ kind: 'splitsEnd', splits: ordinal });
      return undefined;
    }
    checkJson(found.value, `a split of ${this.#source.name}`);
    this.#ordinal++;
    await this.#log.append({ kind: 'splitFound', split: ordinal, value: found.value });
    return { ordinal, value: found.value, from: { skipRows: 0 }, part: 0, rows: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#found?.return?.();
  }
}
