import {
  type Context,
  decodeSchema,
  type Delivery,
  encodeSchema,
  type Format,
  type Plan,
  requireContract,
  type Source,
  SluiceError,
  type Store,
} from '@sluice/core';
import { Schema } from 'apache-arrow';

import { type FileColumn, FileBatches, partitionColumns, withFileColumns } from './file-columns.ts';
import { inFile, namingFile, rejectsIn } from './file-error.ts';
import { folderOf, isFolder, requireFile, selectFiles } from './file-selection.ts';
import {
  type FilesPlan,
  type FilesPosition,
  type FilesSplit,
  parsePlan,
  parsePosition,
  parseSplit,
  type PlannedFile,
} from './files-state.ts';
import { type FileReading, readFile, schemaOfFile, splitsOfFile } from './open-file.ts';

export interface FilesOptions {
  readonly store: Store;
  readonly format: Format;
  /** A file; all files of a folder, then it ends in `/` or is empty for the root; or several files. */
  readonly path: string | readonly string[];
  /**
   * With a folder: a pattern for the paths below it. `*` is any characters within a name, `?` one character or none,
   * `**` between slashes any number of folders, `^` takes the next character for itself. Default: all files.
   */
  readonly match?: string;
  /** With a folder and no pattern: whether files of the folders in it are read, too. Default true. */
  readonly recursive?: boolean;
  /** A text file in the store that has a path on each line, relative to the folder: those are read. */
  readonly listFile?: string;
  /** Files last modified from then on, and before then. */
  readonly modified?: { readonly fromMs?: number; readonly beforeMs?: number };
  /** The columns and their types. Default: those of the first file, with text where the format has no types. */
  readonly schema?: Schema;
  /** Which of the first file's columns are read, in this order. Default: all. */
  readonly columns?: readonly string[];
  /** A column of this name says which file a row is from. */
  readonly pathColumn?: string;
  /** With that: the folder that its paths are relative to. Default: that of `path`. */
  readonly pathRoot?: string;
  /** A folder: those below it that are called `name=value` become columns. Empty for the root. */
  readonly partitionRoot?: string;
  /** Files larger than that are read in parts side by side, where the format allows. Default 64 MiB. */
  readonly splitBytes?: number;
}

const DEFAULT_SPLIT_BYTES = 64 * 1_048_576;

/**
 * Files of any format in any store, in the order of their paths.
 *
 * A file is a split, or several where it has a footer with runs of rows or its format says where rows end. All have the
 * columns of the first, found by name; with a declared schema, or `columns`, other columns are passed over. A file
 * without a row gives none, a file that is gone or changed since the plan, or while it is read, is refused.
 *
 * Memory: what the format's decoder holds. The store stays the caller's to dispose of.
 *
 * @throws `OBJECT_UNKNOWN` where there is no file; naming the file, `ROW_MALFORMED` with row, column and byte,
 * `FILE_CORRUPT`, `SCHEMA_CHANGED` with the column, `SOURCE_CHANGED`; what the store throws.
 *
 * @example
 * files({ store: localStore('./in'), path: 'accounts/', match: '**' + '/*.csv', format: csv({ delimiter: ';' }) });
 */
export function files(options: FilesOptions): Source<FilesPlan, FilesSplit, FilesPosition> {
  const { store, format, path, match, recursive = true, listFile, modified = {}, pathColumn, partitionRoot } = options;
  const splitBytes = options.splitBytes ?? DEFAULT_SPLIT_BYTES;
  requireOptions(options, splitBytes);
  requireContract('store', store);
  requireContract('format', format);
  const selection = { store, path, match, recursive, listFile, modified };
  const pathRoot = options.pathRoot ?? folderOf(path);

  function fileColumns(firstPath: string): readonly FileColumn[] {
    const paths: readonly FileColumn[] =
      pathColumn === undefined
        ? []
        : [{ name: pathColumn, valueOf: (file) => (file.startsWith(pathRoot) ? file.slice(pathRoot.length) : file) }];
    return partitionRoot === undefined ? paths : [...partitionColumns(partitionRoot, firstPath), ...paths];
  }

  async function fileSchema(first: PlannedFile, ctx: Context): Promise<Schema> {
    const whole = options.schema ?? (await namingFile(first.path, () => schemaOfFile(store, format, first, ctx)));
    return options.columns === undefined ? whole : selectColumns(whole, options.columns, first.path);
  }

  const readingOf = (plan: FilesPlan): FileReading => ({
    store,
    format,
    schema: decodeSchema(plan.fileSchema),
    skipsOthers: plan.skipsOthers,
  });

  return {
    contractVersion: 1,
    name: 'files',
    config: {
      store: { name: store.name, config: store.config },
      format: { name: format.name, config: format.config },
      path: typeof path === 'string' ? path : [...path],
      match: match ?? null,
      recursive,
      listFile: listFile ?? null,
      modified: { ...modified },
      schema: options.schema === undefined ? null : encodeSchema(options.schema),
      columns: options.columns === undefined ? null : [...options.columns],
      pathColumn: pathColumn ?? null,
      pathRoot,
      partitionRoot: partitionRoot ?? null,
      splitBytes,
    },
    traits: { ordered: true, positions: true },

    async check(ctx) {
      ctx.signal.throwIfAborted();
      if (listFile === undefined && !isFolder(path)) {
        for (const file of typeof path === 'string' ? [path] : path) await requireFile(store, file, ctx);
      }
    },

    async plan(ctx): Promise<Plan<FilesPlan>> {
      const found = await selectFiles(selection, ctx);
      // There is one, else it would have thrown.
      const first = found[0]!;
      const ofFile = await fileSchema(first, ctx);
      const schema = withFileColumns(ofFile, fileColumns(first.path));
      return {
        state: {
          v: 1,
          files: found,
          fileSchema: encodeSchema(ofFile),
          schema: encodeSchema(schema),
          skipsOthers: options.schema !== undefined || options.columns !== undefined,
        },
        schema,
        estimate: { bytes: found.reduce((bytes, { byteLength }) => bytes + byteLength, 0) },
        notes: [],
      };
    },

    async *splits(state, ctx, after) {
      const plan = parsePlan(state);
      const last = after === undefined ? undefined : parseSplit(after);
      const reading = readingOf(plan);
      for (let file = last?.file ?? 0; file < plan.files.length; file++) {
        const planned = plan.files[file]!;
        const fromPart = last?.file === file ? last.part + 1 : 0;
        try {
          await requireUnchanged(store, planned, ctx);
          for await (const split of splitsOfFile(reading, planned, { splitBytes, fromPart }, ctx)) {
            yield { v: 1, file, ...split };
          }
        } catch (error) {
          throw inFile(planned.path, error);
        }
      }
    },

    async *read(state, split, ctx, from): AsyncGenerator<Delivery<FilesPosition>> {
      const plan = parsePlan(state);
      const parsed = parseSplit(split);
      const start = from === undefined ? undefined : parsePosition(from).place;
      const file = plan.files[parsed.file];
      if (file === undefined) throw new SluiceError('CONTRACT_BROKEN', 'a split is of a file that is not in the plan');
      const columns = fileColumns(plan.files[0]!.path);
      try {
        await requireUnchanged(store, file, ctx);
        const batches = new FileBatches(decodeSchema(plan.schema), columns, file.path);
        const reading = readingOf(plan);
        const inner = { ...ctx, batch: boundsWithin(ctx.batch, batches.rowBytes) };
        for await (const { batch, position, rejects, changes } of readFile(reading, file, parsed, start, inner)) {
          yield {
            batch: batches.complete(batch),
            ...(position === undefined ? {} : { position: { v: 1, place: position } }),
            ...(rejects === undefined ? {} : { rejects: rejectsIn(file.path, rejects) }),
            ...(changes === undefined ? {} : { changes }),
          };
        }
        await requireUnchanged(store, file, ctx);
      } catch (error) {
        throw inFile(file.path, error);
      }
    },

    finish: async () => [],
    async [Symbol.asyncDispose]() {
      // The store is the caller's.
    },
  };
}

/** @throws `SOURCE_CHANGED` */
async function requireUnchanged(store: Store, planned: PlannedFile, ctx: Context): Promise<void> {
  const found = await store.stat(planned.path, ctx);
  if (found?.byteLength === planned.byteLength && found.modifiedMs === planned.modifiedMs) return;
  const what = found === undefined ? 'is gone' : 'has changed';
  throw new SluiceError('SOURCE_CHANGED', `${planned.path} ${what} since the run was planned`, {
    hint: 'Start a new run once nobody writes to the file.',
  });
}

/** Leaves room for what each row takes more than it does in the file. */
function boundsWithin({ rows, bytes }: Context['batch'], rowBytes: number): Context['batch'] {
  if (rowBytes === 0) return { rows, bytes };
  const half = Math.max(1, Math.floor(bytes / 2));
  return { rows: Math.max(1, Math.min(rows, Math.floor(half / rowBytes))), bytes: half };
}

function selectColumns({ fields, metadata }: Schema, columns: readonly string[], path: string): Schema {
  const selected = columns.map((name) => {
    const field = fields.find((candidate) => candidate.name === name);
    if (field !== undefined) return field;
    throw new SluiceError('FIELD_UNKNOWN', `${path} has no column ${JSON.stringify(name)}`, {
      hint: 'Check the name: upper and lower case differ.',
    });
  });
  return new Schema(selected, metadata);
}

function requireOptions({ path, match, listFile, columns }: FilesOptions, splitBytes: number): void {
  if (!Number.isSafeInteger(splitBytes) || splitBytes < 1) {
    throw invalid('splitBytes must be a whole number of at least 1');
  }
  if (Array.isArray(path) && path.length === 0) throw invalid('path names no file');
  if (match !== undefined && (!isFolder(path) || listFile !== undefined)) {
    throw invalid('match needs a path that is a folder, and no listFile');
  }
  if (match === '') throw invalid('match must not be empty');
  if (listFile !== undefined && !isFolder(path)) throw invalid('listFile needs a path that is a folder');
  if (columns?.length === 0) throw invalid('columns names none');
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `files: ${problem}`, { hint: 'Correct the options of the source.' });
}
