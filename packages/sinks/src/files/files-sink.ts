import {
  type Context,
  type Format,
  type Intent,
  type LeftBehind,
  type PartId,
  type PartResult,
  requireContract,
  type Sink,
  SluiceError,
  type Store,
} from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { publishEnded } from './ended-file.ts';
import { type FilesMessage, type FilesTarget, requireVersion } from './files-state.ts';
import { isNumbered, nextGeneration, numberedName, partName } from './part-names.ts';
import { partWriter } from './part-writer.ts';
import { publishedParts, type StagedFile } from './published-parts.ts';

export interface FilesOptions {
  readonly store: Store;
  /** Ends in `/` for a folder of one file per part; any other path is one file. */
  readonly path: string;
  readonly format: Format;
  /** A part ends after so many rows at the latest. Default: with its split. */
  readonly partRows?: number;
  /** A part ends after so many bytes of batches at the latest. Default: with its split. */
  readonly partBytes?: number;
  /**
   * With a folder: files are called `<prefix>_00000.parquet` and so on, `<prefix>_00001_00000.parquet` from the second
   * split on. Only files called so are the sink's own: `create` refuses them, `overwrite` replaces them, and others in the
   * folder are left alone.
   */
  readonly numbered?: { readonly prefix: string; readonly extension?: string };
}

/** Files under way at once in a folder, at most. */
const FOLDER_WRITERS = 64;

/**
 * Files of any format in any store.
 *
 * A folder gets one file per part, named by split and part number (`part-00000-0000.parquet`); a repeated commit has one
 * effect, and files appear one by one. One file holds all parts in split order and appears whole. A run without a row
 * writes one file that has the schema alone.
 *
 * `create` refuses a file, or a folder with any file in it, before the first row. `overwrite` replaces the file, or every
 * file that was in the folder when the run began, and only once the new ones are there; without a row it leaves them,
 * unless `truncateWhenEmpty`. `append` adds files to a folder under the next run number (`run-00001-part-…`).
 *
 * A writer holds what the format's encoder does. The store stays the caller's to dispose of.
 *
 * @throws `CONFIG_INVALID` for `upsert`, and for `append` to one file; `TARGET_EXISTS`; what the store and the format throw.
 */
export function files(options: FilesOptions): Sink<FilesTarget, FilesMessage> {
  const { store, path, format, partRows, partBytes, numbered } = options;
  if (path === '') {
    throw new SluiceError('CONFIG_INVALID', 'files: path must not be empty', {
      hint: 'Name a file, or a folder ending in /.',
    });
  }
  requireCount('partRows', partRows);
  requireCount('partBytes', partBytes);
  requireContract('store', store);
  requireContract('format', format);
  const partBounds = {
    ...(partRows === undefined ? {} : { rows: partRows }),
    ...(partBytes === undefined ? {} : { bytes: partBytes }),
  };
  const isFolder = path.endsWith('/');
  const pathOf = (target: FilesTarget, part: { readonly split: number; readonly part: number }): string =>
    isFolder ? `${path}${nameOf(part, target.generation)}` : path;
  const nameOf = (part: Pick<PartId, 'split' | 'part'>, generation: number): string =>
    numbered === undefined
      ? partName(part, generation, format.extension)
      : numberedName(part, numbered.prefix, numbered.extension ?? format.extension);
  const isOwn = (file: string): boolean =>
    numbered === undefined ||
    isNumbered(file.slice(path.length), numbered.prefix, numbered.extension ?? format.extension);

  async function publishFolder(target: FilesTarget, messages: readonly FilesMessage[], ctx: Context): Promise<void> {
    await store.publish(
      messages.map(({ token }) => token),
      ctx,
    );
    await removeReplaced(
      target,
      messages.map(({ part }) => pathOf(target, part)),
      ctx,
    );
  }

  async function publishFile(
    target: FilesTarget,
    schema: Schema,
    messages: readonly FilesMessage[],
    ctx: Context,
  ): Promise<void> {
    const last = messages.at(-1);
    const rest = endOfFile(schema, messages);
    const filePath = pathOf(target, { split: 0, part: 0 });
    const { stagingId, onExisting } = target;
    await publishEnded(
      store,
      { path: filePath, stagingId, onExisting, after: last?.token, startByte: last?.endByte ?? 0, rest },
      ctx,
    );
    await removeReplaced(target, [filePath], ctx);
  }

  function endOfFile(schema: Schema, messages: readonly FilesMessage[]): Uint8Array {
    const encoding = format.encode(schema);
    const prologue = messages.length === 0 ? encoding.prologue() : new Uint8Array(0);
    return Buffer.concat([prologue, encoding.epilogue(messages.flatMap(({ segment }) => segment ?? []))]);
  }

  /** The files that a commit would publish. */
  function stagedFiles(target: FilesTarget, schema: Schema, messages: readonly FilesMessage[]): readonly StagedFile[] {
    const last = messages.at(-1);
    if (last === undefined) return [];
    const isReplacing = (file: string): boolean => target.replaces.includes(file);
    if (!isFolder) {
      const isWhole = messages[0]!.segment?.byteOffset === format.encode(schema).prologue().length;
      // Without its first parts, which are known to be committed, the file is there.
      const byteLength = isWhole ? last.endByte + endOfFile(schema, messages).length : undefined;
      return [{ path, byteLength, parts: messages, isReplacing: isReplacing(path) }];
    }
    return messages.map((message) => {
      const file = pathOf(target, message.part);
      return { path: file, byteLength: message.endByte, parts: [message], isReplacing: isReplacing(file) };
    });
  }

  async function removeReplaced(target: FilesTarget, written: readonly string[], ctx: Context): Promise<void> {
    const kept = new Set(written);
    await store.remove(
      target.replaces.filter((old) => !kept.has(old)),
      ctx,
    );
  }

  return {
    contractVersion: 1,
    name: 'files',
    config: {
      store: { name: store.name, config: store.config },
      path,
      format: { name: format.name, config: format.config },
      part: partBounds,
      ...(numbered === undefined ? {} : { numbered: { ...numbered } }),
    },
    traits: {
      guarantee: isFolder ? 'idempotent' : 'atomic',
      commit: 'end',
      writers: isFolder ? FOLDER_WRITERS : 1,
      bufferBytes: format.bufferBytes,
      ...(partRows === undefined && partBytes === undefined ? {} : { part: partBounds }),
    },

    check: (ctx) => store.check(ctx, path),

    async open(schema, intent, ctx) {
      format.encode(schema);
      refuseIntent(intent, isFolder && numbered === undefined);
      const found = isFolder ? await listPaths(store, path, ctx) : await statPath(store, path, ctx);
      const existing = isFolder ? found.filter(isOwn) : found;
      if (intent.mode === 'create' && existing.length > 0) throw targetExists(path, isFolder);
      const overwrites = intent.mode === 'overwrite';
      const leavesWhenEmpty = existing.length > 0 && !(overwrites && intent.truncateWhenEmpty === true);
      return {
        version: 1,
        stagingId: await stagingIdOf(ctx),
        onExisting: overwrites ? 'replace' : 'create',
        generation: intent.mode === 'append' ? nextGeneration(existing.map((file) => file.slice(path.length))) : 0,
        replaces: overwrites ? existing : [],
        whenEmpty: leavesWhenEmpty ? 'leave' : 'write',
      };
    },

    async writer(target, schema, part, ctx, after) {
      requireVersion(target);
      if (after !== undefined) requireVersion(after);
      const continues = !isFolder && after !== undefined;
      const encoding = format.encode(schema);
      const { onExisting, stagingId } = target;
      const staged = await store.stage(
        pathOf(target, part),
        { onExisting, stagingId, ...(continues ? { after: after.token } : {}) },
        ctx,
      );
      const startByte = continues ? after.endByte : 0;
      const before = continues ? after.segment?.summary : undefined;
      return partWriter({ part, staged, encoding, startByte, before, isFile: isFolder });
    },

    async *commit(target, schema, parts, ctx): AsyncGenerator<PartResult> {
      const messages = parts.map(({ message }) => message);
      requireVersion(target);
      messages.forEach(requireVersion);
      if (messages.length === 0 && target.whenEmpty === 'leave') return;
      if (isFolder && messages.length > 0) await publishFolder(target, messages, ctx);
      else await publishFile(target, schema, messages, ctx);
      for (const { part, rows } of messages) yield { part, writtenRows: rows, rejects: noRejects() };
    },

    async abort(target, schema, parts, ctx) {
      requireVersion(target);
      const left: LeftBehind[] = [];
      const messages = parts.flatMap(({ message }) => message ?? []);
      const tokens = messages.map(({ token }) => token);
      // All parts of one file have the same staged data.
      await discarding(left, path, () => store.discard(isFolder ? tokens : tokens.slice(-1), ctx));
      // Parts under way that nobody has a message of.
      await discarding(left, path, () => store.discardStaged(path, target.stagingId, ctx));
      const results: PartResult[] = [];
      await discarding(left, path, async () => {
        const published = await publishedParts(store, stagedFiles(target, schema, messages), ctx);
        left.push(...published.leftBehind);
        results.push(...published.results);
      });
      return { leftBehind: left, results };
    },

    async [Symbol.asyncDispose]() {},
  };
}

/** To numbered files no run can append: their names begin anew with every run. */
function refuseIntent({ mode }: Intent, canAppend: boolean): void {
  if (mode === 'upsert') {
    throw new SluiceError('CONFIG_INVALID', 'files cannot be written with mode upsert', {
      hint: 'Use create, overwrite or append.',
    });
  }
  if (mode === 'append' && !canAppend) {
    throw new SluiceError('CONFIG_INVALID', 'one file, or numbered ones, cannot be written with mode append', {
      hint: 'Append to a folder, whose path ends in /.',
    });
  }
}

async function stagingIdOf(ctx: Context): Promise<string> {
  const known = ctx.memo.get('stagingId');
  if (typeof known === 'string') return known;
  const id = Array.from({ length: 4 }, () =>
    Math.floor(ctx.random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
  await ctx.memo.set('stagingId', id);
  return id;
}

async function listPaths(store: Store, folder: string, ctx: Context): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const file of store.list(folder, ctx)) paths.push(file.path);
  return paths;
}

async function statPath(store: Store, path: string, ctx: Context): Promise<readonly string[]> {
  return (await store.stat(path, ctx)) === undefined ? [] : [path];
}

async function discarding(left: LeftBehind[], path: string, discard: () => Promise<void>): Promise<void> {
  try {
    await discard();
  } catch (error) {
    left.push({
      kind: 'staged file',
      id: path,
      reason: error instanceof Error ? error.message : 'it could not be removed',
      hint: 'Remove the hidden staged files by hand.',
    });
  }
}

async function* noRejects(): AsyncGenerator<never> {}

function requireCount(option: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return;
  throw new SluiceError('CONFIG_INVALID', `files: ${option} must be a whole number of at least 1`, {
    hint: `Correct ${option}.`,
  });
}

function targetExists(path: string, isFolder: boolean): SluiceError {
  return new SluiceError(
    'TARGET_EXISTS',
    isFolder ? `the folder ${path} has files in it` : `${path} is already there`,
    {
      hint: 'Choose another path, remove what is there, or write with mode overwrite.',
    },
  );
}
