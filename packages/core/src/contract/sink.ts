import type { RecordBatch, Schema } from 'apache-arrow';

import type { Context, Memo } from './context.ts';
import type { Json } from './json.ts';
import type { LeftBehind } from './source.ts';

export type WriteMode = 'create' | 'append' | 'overwrite' | 'upsert';

export interface Intent {
  /** `create` refuses when something is there. */
  readonly mode: WriteMode;
  /** Columns that identify a row, for `upsert`. */
  readonly keys?: readonly string[];
  /** `overwrite` with an empty input removes what is there; otherwise it stays. Default false. */
  readonly truncateWhenEmpty?: boolean;
}

/** The rows of one split from one position to another that become durable together. The unit of replay, commit and accounting. */
export interface PartId {
  /** Ordinal of the split in the run, from 0. */
  readonly split: number;
  /** Ordinal of the part in the split, from 0. */
  readonly part: number;
  /**
   * Absent for the rows as they were read. From 1: the rows of that part which the target refused as retryable, in their
   * order, sent again for the n-th time. A part of its own to the sink, with rows counted from 0.
   */
  readonly retry?: number;
}

/** A part whose writer prepared it. */
export interface PreparedPart<M extends Json = Json> {
  readonly part: PartId;
  readonly message: M;
  /** The memo that its writer had. */
  readonly memo: Memo;
  /**
   * The rows its writer was given, in their order, those it refused included, batched in any way: in this process or
   * another, as often as it is called. Only with `traits.keepsRows`, and until the results of the part are in.
   *
   * @throws from the iteration, `SOURCE_CHANGED` when the rows are lost and the source no longer has them.
   */
  rows(): AsyncIterable<RecordBatch>;
}

/** A part that a writer was opened for, in this process or another, and that it may have staged something of. */
export interface UnpreparedPart {
  readonly part: PartId;
  readonly message: undefined;
  /** What its writer wrote down before it acted. */
  readonly memo: Memo;
}

/** A part of which something may be staged. */
export type StagedPart<M extends Json = Json> = PreparedPart<M> | UnpreparedPart;

/** A row the target did not take. */
export interface Reject {
  /** In the part, from 0. */
  readonly row: number;
  readonly code: string;
  /** Never holds the value. */
  readonly message: string;
  /** The same row may be accepted when sent again; see `SinkTraits.keepsRows`. */
  readonly retryable: boolean;
  readonly columns?: readonly string[];
  /** Equal rows of the part had different outcomes, so that which of them this is is a guess. */
  readonly ambiguous?: true;
}

/** A row the target took, by what it is called there. */
export interface WrittenRow {
  /** In the part, from 0. */
  readonly row: number;
  readonly id: string;
  /** Whether the row is new there, not one that was changed. */
  readonly created: boolean;
}

/** Rows of a part, `from` included, `to` not. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** What a commit is given besides. */
export interface CommitContext extends Context {
  /**
   * Asks whether the run allows for these rejects too, with all that it knows of and that this call has asked about before:
   * each row once. A commit that learns of rejects while it can still be taken back asks before it makes anything visible.
   *
   * @throws `ROWS_REJECTED` when it does not, and the signal's reason when that has aborted: take back what was done, and
   * let the error pass.
   */
  requireAllowed(part: PartId, rejects: readonly Reject[]): void;
}

export interface PartResult {
  readonly part: PartId;
  readonly writtenRows: number;
  readonly rejects: AsyncIterable<readonly Reject[]>;
  /** Rows of which nobody can say whether they were written. */
  readonly inDoubt?: readonly RowRange[];
  /**
   * Where the target names what it wrote: each row at most once, in any order, none of them rejected or in doubt. Read
   * behind `rejects`, and only where somebody asks for it.
   */
  readonly written?: AsyncIterable<readonly WrittenRow[]>;
}

/** What is left when what was staged is removed. */
export interface AbortOutcome {
  readonly leftBehind: readonly LeftBehind[];
  /**
   * Of parts that had taken effect, wholly or in part, before they could be ended. The rows of every other part were not
   * written.
   */
  readonly results?: readonly PartResult[];
}

export interface WriteOutcome {
  /** Rows of this batch that the target refuses, with `row` counted in the part. They are not written. */
  readonly rejects?: readonly Reject[];
  /** Ends the part after this batch. */
  readonly full?: true;
}

/**
 * What a repeated or interrupted commit leaves.
 *
 * `atomic`: nothing is visible before the commit, everything after. `idempotent`: a repeated commit has one effect, and
 * visibility may be piecewise. `at-least-once`: rows may repeat; the sink's documentation says which.
 */
export type Guarantee = 'atomic' | 'idempotent' | 'at-least-once';

export interface SinkTraits {
  readonly guarantee: Guarantee;
  /** When parts are committed: all at the end of the run, or each as soon as it is prepared. */
  readonly commit: 'end' | 'part';
  /**
   * Parts being written or committed at once, at most; 1 means a single stream of parts, in split order. With
   * `commit: 'part'` each part of a stream is committed before the next begins.
   */
  readonly writers: number;
  /** What one writer holds in memory, at most, besides the batch it was given. */
  readonly bufferBytes: number;
  /** Where the engine ends a part at the latest. Parts of rejected or written rows are as large as those they belong to. */
  readonly part?: { readonly rows?: number; readonly bytes?: number };
  /**
   * The engine keeps the rows of each part on disk until its results are in, for `PreparedPart.rows`. With `commit: 'part'`
   * rows that are refused as retryable are sent again, as often as the run says, as parts of their own; otherwise retryable
   * rejects are rejects like any.
   */
  readonly keepsRows?: true;
}

/**
 * Rows into one system. T and M are JSON, versioned by the plugin, without secrets: one of another version is refused with
 * `POSITION_UNSUPPORTED`.
 *
 * Construction does no I/O. The engine calls `check`, then `open` once a run, then writers side by side up to
 * `traits.writers`, and `commit`, behind them or between. Whatever fails before a commit ends in `abort`, or, where the
 * journal is durable, in a later process that resumes.
 *
 * The engine disposes of it when the run has settled: what it holds open is released, and a later call may open it again.
 */
export interface Sink<T extends Json = Json, M extends Json = Json> extends AsyncDisposable {
  /** The version of this contract that it is written to, as a literal: another is refused before anything is called. */
  readonly contractVersion: 1;
  readonly name: string;
  /** The configuration without secrets; a resumed run must bring the same. */
  readonly config: Json;
  readonly traits: SinkTraits;

  /** Whether credentials and the target work. No side effect. */
  check(ctx: Context): Promise<void>;

  /**
   * Once a run, before the first row: refuses a schema or an intent it cannot hold. The target it returns is journalled
   * and given to every later call, in this process or another. What it creates it names in `ctx.memo` first: of a run that
   * ends before the target is journalled, `abort` is called with the target, or a resume opens again and takes up what the
   * memo names.
   */
  open(schema: Schema, intent: Intent, ctx: Context): Promise<T>;

  /**
   * A writer for one part. The same part again means: start over, whatever is there, though an earlier writer of it, in a
   * process that is gone, may still be at it. Where `traits.writers` is 1, parts come in order and `after` is the message of
   * the part before (none for the first): what was staged behind it is void. A retryable throw, of the writer's methods too,
   * means: the part is written anew.
   */
  writer(target: T, schema: Schema, part: PartId, ctx: Context, after?: M): Promise<Writer<M>>;

  /**
   * Makes parts visible, and says what became of each row, by one result for each part. Idempotent: the same parts again,
   * on a fresh instance too, have one effect and the same results. With `commit: 'end'` it is called once with all parts in
   * order (none, if there was no row); with `commit: 'part'`, for each part, and for as many at once as there are writers.
   * A result is in the journal when the next is asked for, or the end; when all are, nobody calls again.
   * A retryable throw means: the engine calls again. When the run is aborted, a commit of one part has `cleanupMs` to
   * settle before its signal is.
   */
  commit(target: T, schema: Schema, parts: readonly PreparedPart<M>[], ctx: CommitContext): AsyncIterable<PartResult>;

  /**
   * Removes what is staged: everything of the target, of prepared parts and of parts under way, though never what is
   * committed. `parts` are all that are not known to be committed; what became of one that had taken effect is told.
   * Repeatable. Its signal is bounded by `cleanupMs`. What cannot be removed is returned; a throw fails nothing, and is named
   * in its place.
   */
  abort(target: T, schema: Schema, parts: readonly StagedPart<M>[], ctx: Context): Promise<AbortOutcome>;
}

/**
 * Stages the rows of one part, with the context that it was made with. Calls come one at a time: `write` any number of
 * times, then `prepare` once, or neither; then it is disposed of. Disposing without `prepare` discards what was staged, as
 * far as it can; the part may be written again.
 */
export interface Writer<M extends Json = Json> extends AsyncDisposable {
  /** Takes ownership of nothing: the batch stays immutable. Resolves when it can take more. */
  write(batch: RecordBatch): Promise<WriteOutcome>;
  /** Staged, durable, invisible; the message is what `commit` needs in any process. */
  prepare(): Promise<M>;
}
