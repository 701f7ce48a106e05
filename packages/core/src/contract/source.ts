import type { RecordBatch, Schema } from 'apache-arrow';

import type { Context, Note } from './context.ts';
import type { Json } from './json.ts';

/** What a run will likely cost; every figure is optional, because most remote sides do not tell. */
export interface Estimate {
  readonly rows?: number;
  readonly bytes?: number;
  readonly apiCalls?: number;
}

export interface Plan<P extends Json> {
  /** All that `splits`, `read` and `finish` need, in this process or another. Versioned by the plugin, without secrets. */
  readonly state: P;
  /** The schema of every batch. Every column is nullable, except the root object's key. */
  readonly schema: Schema;
  readonly estimate: Estimate;
  readonly notes: readonly Note[];
}

/** Values that were altered on the way in under a policy the user chose, such as fraction digits rounded away. */
export interface Change {
  readonly column: string;
  readonly change: 'rounded';
  readonly values: number;
}

/** A row the source read but could not turn into the planned types. */
export interface SourceReject {
  /** Among the delivery's rows, batch rows and rejected rows together in source order, from 0. */
  readonly row: number;
  readonly code: string;
  /** Never holds the value. */
  readonly message: string;
  readonly columns: readonly string[];
}

export interface Delivery<X extends Json> {
  /** May have no rows when every row of the delivery was rejected. */
  readonly batch: RecordBatch;
  /** Just after this delivery's last row. */
  readonly position?: X;
  /** Ascending by `row`. These rows are not in the batch. */
  readonly rejects?: readonly SourceReject[];
  readonly changes?: readonly Change[];
}

/** Something that can be read: an object, a table, a file. */
export interface Readable {
  readonly name: string;
  readonly label?: string;
  readonly details?: Json;
}

/** Something remote that a run started and could not end, or left on purpose. */
export interface LeftBehind {
  /** Such as `query job`, `staged file`. */
  readonly kind: string;
  /** What an operator searches for: an id, a path. */
  readonly id: string;
  readonly reason: string;
  /** One imperative sentence. */
  readonly hint?: string;
  /** What a program needs to take it up again. */
  readonly handle?: Json;
}

export interface SourceTraits {
  /** Splits, read in their order, give the rows in an order the user asked for. */
  readonly ordered: boolean;
  /** `read` gives positions and takes them back. */
  readonly positions: boolean;
  /** Splits read at once, at most. Default: the run's parallelism. */
  readonly connections?: number;
}

/**
 * Rows from one system. P, S and X are JSON, versioned by the plugin: one of another version is refused with
 * `POSITION_UNSUPPORTED`.
 *
 * Construction does no I/O. The engine calls `check`, then `plan` once a run (a resumed run is checked, and not planned
 * again), then `splits`; `read` runs for several splits at once, each call an independent iteration; `finish` comes last,
 * once in a process, when every other call has ended or is left alone. A throw is a failure of the run, unless it is a
 * retryable error of `read`: then the split is read again from the last position delivered.
 *
 * The engine disposes of it when the run has settled: what it holds open is released, and a later call may open it again.
 */
export interface Source<P extends Json = Json, S extends Json = Json, X extends Json = Json> extends AsyncDisposable {
  /** The version of this contract that it is written to, as a literal: another is refused before anything is called. */
  readonly contractVersion: 1;
  /** In every error about the plugin; compared with nothing. */
  readonly name: string;
  /** The configuration without secrets; a resumed run must bring the same. */
  readonly config: Json;
  readonly traits: SourceTraits;

  /** Whether credentials and the remote side work. No side effect but notes. @throws `AUTH_REJECTED`, `CONFIG_INVALID`, ... */
  check(ctx: Context): Promise<void>;

  /** What can be read, for whoever chooses; no run calls it. No side effect. */
  discover?(ctx: Context): AsyncIterable<Readable>;

  /** Metadata only: starts nothing, may be called for an explanation alone, and refuses all that can be known to fail. */
  plan(ctx: Context): Promise<Plan<P>>;

  /**
   * The parts of the whole that can be read independently, in a stable order, each one JSON that survives another
   * process. Lazy: the engine asks for the next split when it can use it, and journals it before it is read; splits are
   * read while others are still being found. May start remote work, remembering it in `ctx.memo` first; on a resume it
   * takes up what the memo names. With `after`, goes on behind that split. Splits are disjoint and their union is the whole.
   */
  splits(plan: P, ctx: Context, after?: S): AsyncIterable<S>;

  /**
   * The rows of a split, the same rows in the same order every time, in whichever batches. Pulled: with no demand, upstream
   * requests stop. Batches keep to `ctx.batch`, have exactly the planned schema, and belong to whoever received them; a row
   * larger than the bound comes alone. With `from`, which only sources with `traits.positions` are given, the rows after that
   * position. Ending the iteration early releases everything. Called again where a sink needs rows of a part once more.
   *
   * @throws `SOURCE_CHANGED` for rows that are not what they were, `SCHEMA_CHANGED` for columns that are not as planned.
   */
  read(plan: P, split: S, ctx: Context, from?: X): AsyncIterable<Delivery<X>>;

  /**
   * Deletes or ends what the run started, in this process or an earlier one; what it cannot end, it returns. Called with
   * `committed` after the sink's commit, else with `abandoned`. Repeatable. Its signal is bounded by `cleanupMs`. A throw
   * fails nothing: it is named among what is left behind.
   */
  finish(plan: P, end: 'committed' | 'abandoned', ctx: Context): Promise<readonly LeftBehind[]>;
}
