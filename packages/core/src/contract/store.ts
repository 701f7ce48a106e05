import type { Context } from './context.ts';
import type { Json } from './json.ts';

export interface StoredFile {
  /** Relative to the store's root, segments joined by `/`. */
  readonly path: string;
  readonly byteLength: number;
  readonly modifiedMs: number;
}

export interface ByteRange {
  readonly start: number;
  /** Not included. */
  readonly end: number;
}

/**
 * A file being written that nobody sees under its final name yet. Disposing without `prepare` removes it, as far as it can,
 * except for what an earlier token stands for.
 */
export interface StagedWrite extends AsyncDisposable {
  /** Resolves when more can be taken; the bytes are not kept by reference after that. */
  write(bytes: Uint8Array): Promise<void>;
  /** Durable; the token is JSON without secrets and works in another process. The write may go on through `stage(…, after)`. */
  prepare(): Promise<Json>;
}

export interface StageOptions {
  /** `create`: publishing fails with `TARGET_EXISTS` when the path is taken by then. `replace`: it takes the path over. */
  readonly onExisting: 'create' | 'replace';
  /** A name for the staged data, the same on every attempt of the same write. */
  readonly stagingId: string;
  /** Goes on behind an earlier token of the same staged write; bytes staged behind it are void. */
  readonly after?: Json;
}

/**
 * Where bytes live. Paths are relative to the store's root and never leave it: one that would is `CONFIG_INVALID`. Tokens
 * are versioned, and one of another version is `POSITION_UNSUPPORTED`.
 *
 * Every method takes the context's signal. Construction does no I/O. Whoever made it disposes of it, behind the runs that
 * use it.
 *
 * @throws from every method `PERMISSION_DENIED`, `IO_FAILED` and what else the place refuses with; `STORAGE_FULL` while
 * staging.
 */
export interface Store extends AsyncDisposable {
  /** The version of this contract that it is written to, as a literal: another is refused before anything is called. */
  readonly contractVersion: 1;
  readonly name: string;
  /** The configuration without secrets. */
  readonly config: Json;
  /**
   * Whether credentials and the store work, and whether a file of that path, or files in that folder (ending in `/`),
   * could be written, as far as it can be told. No side effect.
   */
  check(ctx: Context, path?: string): Promise<void>;
  /** Published files below a folder path (ending in `/`, or empty for the root), in path order; staged ones are not among them. */
  list(folder: string, ctx: Context): AsyncIterable<StoredFile>;
  /** Undefined when there is no such file. */
  stat(path: string, ctx: Context): Promise<StoredFile | undefined>;
  /** @throws `NOT_FOUND`; `FILE_CORRUPT` when the file ends within the range. */
  read(path: string, ctx: Context, range?: ByteRange): AsyncIterable<Uint8Array>;
  stage(path: string, options: StageOptions, ctx: Context): Promise<StagedWrite>;
  /**
   * Gives staged files their final names. Idempotent: a token already published is left alone.
   *
   * @throws `TARGET_EXISTS` as the token was staged; `STAGED_DATA_LOST`.
   */
  publish(tokens: readonly Json[], ctx: Context): Promise<void>;
  /** Removes staged data. Idempotent; published files are left alone. */
  discard(tokens: readonly Json[], ctx: Context): Promise<void>;
  /** Removes staged data by name, whether or not it was ever prepared. Idempotent. */
  discardStaged(path: string, stagingId: string, ctx: Context): Promise<void>;
  /** Removes published files. Idempotent. */
  remove(paths: readonly string[], ctx: Context): Promise<void>;
}
