import type { Json } from './json.ts';

/** Time as the run sees it; tests give a virtual one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `delayMs`; rejects with `signal.reason` as soon as the signal aborts. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

/** A number in [0, 1). */
export type Random = () => number;

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured logging. Messages and fields never hold cell values, tokens or secrets. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Something the user ought to know that is not an error; it ends up in the receipt. */
export interface Note {
  /** Stable, upper case with underscores. */
  readonly code: string;
  readonly message: string;
}

/**
 * A small key-value store of the run (or, for a writer, of its part), kept in the journal.
 *
 * A plugin writes what it must not forget *before* it acts on it, such as a job id before the upload.
 */
export interface Memo {
  get(key: string): Json | undefined;
  /** Durable when it resolves. Values are JSON, small, and without secrets. */
  set(key: string, value: Json): Promise<void>;
}

export interface AccountLimits {
  /** Requests in flight at once, for reading and for writing each. At least 1; default 8. */
  readonly connections?: number;
}

/** The budget of one remote account, shared by every plugin of the process that names the same account. */
export interface Account {
  readonly id: string;
  /**
   * Runs one request within the connection share of this side (reading or writing) and counts one API call.
   *
   * The permit is held until `request` settles: return once the response head is in, and read a long body outside, so
   * that no permit is held while a slow consumer pauses it.
   */
  call<T>(request: () => Promise<T>): Promise<T>;
}

export interface RetryOptions {
  /** Names the request in events and logs, such as `create query job`. */
  readonly what: string;
  /**
   * Whether the request may be sent again after this failure. A request without effect says `true`; one with an effect
   * says `true` only for failures that prove it had none.
   */
  readonly safe: boolean | ((error: unknown) => boolean);
  /** Attempts in all, the first included. Default: the run's `retry.attempts`. */
  readonly attempts?: number;
}

/** Bounds a source cuts its batches by. */
export interface BatchBounds {
  readonly rows: number;
  readonly bytes: number;
}

/**
 * What the engine hands to every method of a plugin, for as long as the call lasts: until it has settled, its iteration has
 * ended, or the writer it made is disposed of. Nothing of it may be kept: when the run has settled, `memo`, `note` and
 * `account` answer with `CONTRACT_BROKEN`.
 */
export interface Context {
  /**
   * Aborted when the run is cancelled, has failed elsewhere or has settled, and of a split when nobody reads it any further.
   * Every wait takes it; reject with `signal.reason` itself. What has not settled `cleanupMs` later (twice that, where a commit
   * of one part has `cleanupMs` first) is left alone, and the run names the plugin and the call. Until then a call may take
   * as long as it needs. Nothing but clean-up is begun behind an abort.
   */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly batch: BatchBounds;
  /** Of the run and this plugin in its role; for a writer, of its part. */
  readonly memo: Memo;
  /**
   * Repeats `request` while it fails with a retryable error and is safe to repeat: exponential delays with full jitter,
   * `retryAfterMs` honoured, bounded attempts. The only retry loop there is; plugins contain none.
   * `attempt` starts at 1. What it has given up on, nothing around it repeats.
   */
  retry<T>(request: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T>;
  /** Named after login, when the plugin knows whose account it is. */
  account(id: string, limits?: AccountLimits): Account;
  /** Journalled, then shown; the same note twice counts once. */
  note(note: Note): Promise<void>;
  /** What the plugin is doing just now, for people watching; not journalled. */
  status(text: string): void;
}
