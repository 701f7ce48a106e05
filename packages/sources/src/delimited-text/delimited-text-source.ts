import { type Context, type Delivery, type Json, type Plan, type Source, SluiceError, type Store } from '@sluice/core';
import { csvDecoder, type DecodedBatch, parseHeaderRow } from '@sluice/formats/csv';
import { Field, Schema, Utf8 } from 'apache-arrow';

import { plainBytes } from './plain-bytes.ts';
import { fullDialect, type TextDialect } from './text-dialect.ts';
import {
  parsePosition,
  parseSplit,
  parseState,
  type TextPosition,
  type TextSplit,
  type TextState,
} from './text-state.ts';

export type { TextDialect };

export interface DelimitedTextOptions {
  readonly store: Store;
  /** A file, or all files of a folder: then it ends in `/`, or is empty for the root. */
  readonly path: string;
  /** With a folder: which names, with `*` and `?`. Default: all. */
  readonly names?: string;
  /** With a folder: files of the folders in it, too. Default true. */
  readonly recursive?: boolean;
  readonly dialect?: TextDialect;
  /** Whether the first row has the names of the columns; else they are `Prop_0`, `Prop_1`, … Default true. */
  readonly header?: boolean;
  /** Lines to skip ahead of that, empty ones not counted. Default 0. */
  readonly skipLines?: number;
}

/**
 * Delimited text files as columns of text: what values mean is up to a mapping. Empty cells are null.
 *
 * The names of the columns, and how many there are, come from the first file; the others must have the same. Each file is
 * a split, read from its start; a resumed one skips the rows delivered. Files that changed since the plan are refused.
 *
 * @throws `OBJECT_UNKNOWN` where no file is; `ROW_MALFORMED` naming file and place; `SCHEMA_CHANGED`; `SOURCE_CHANGED`;
 * what the store throws.
 */
export function delimitedText(options: DelimitedTextOptions): Source<TextState, TextSplit, TextPosition> {
  const { store, path, names, recursive = true, header = true, skipLines = 0 } = options;
  const dialect = fullDialect(options.dialect ?? {});
  const isFolder = path === '' || path.endsWith('/');

  const open = (file: string, ctx: Context): ReturnType<typeof plainBytes> =>
    plainBytes(store.read(file, ctx), dialect, skipLines);

  return {
    name: 'delimited text',
    config: {
      store: { name: store.name, config: store.config },
      path,
      names: names ?? null,
      recursive,
      dialect: { ...dialect, lineEnd: dialect.lineEnd ?? null },
      header,
      skipLines,
    },
    traits: { ordered: true, positions: true },

    async check(ctx) {
      ctx.signal.throwIfAborted();
      if (!isFolder) await requireFile(store, path, ctx);
    },

    async plan(ctx): Promise<Plan<TextState>> {
      const files = isFolder
        ? await filesIn(store, path, { names, recursive }, ctx)
        : [await requireFile(store, path, ctx)];
      const [first] = files;
      if (first === undefined) {
        throw new SluiceError('OBJECT_UNKNOWN', `there is no file to read in ${path === '' ? 'the root' : path}`, {
          hint: 'Check the folder, and the wildcard if there is one.',
        });
      }
      const columns = await columnsOf(open(first.path, ctx), first.path, header);
      return {
        state: { v: 1, files, columns },
        schema: schemaOf(columns),
        estimate: { bytes: files.reduce((bytes, { byteLength }) => bytes + byteLength, 0) },
        notes: [],
      };
    },

    async *splits(plan, _ctx, after) {
      const { files } = parseState(plan);
      const from = after === undefined ? 0 : parseSplit(after).file + 1;
      for (let file = from; file < files.length; file++) yield { v: 1, file };
    },

    async *read(plan, split, ctx, from): AsyncGenerator<Delivery<TextPosition>> {
      const { files, columns } = parseState(plan);
      const planned = files[parseSplit(split).file]!;
      const found = await requireFile(store, planned.path, ctx);
      if (found.byteLength !== planned.byteLength || found.modifiedMs !== planned.modifiedMs) {
        throw new SluiceError('SOURCE_CHANGED', `${planned.path} has changed since the run was planned`, {
          hint: 'Start a new run.',
        });
      }
      const bytes = open(planned.path, ctx);
      const decoder = csvDecoder({
        schema: schemaOf(columns),
        columns: columns.map((_, index) => index),
        batch: ctx.batch,
        delimiter: bytes.delimiter,
        quote: bytes.quote,
        skipRows: from === undefined ? 0 : parsePosition(from).row,
      });
      const deliver = (decoded: DecodedBatch): Delivery<TextPosition> => ({
        batch: decoded.batch,
        position: { v: 1, row: decoder.rows },
        rejects: decoded.rejects,
        changes: decoded.changes,
      });
      try {
        const rows = header ? withoutHeader(bytes, columns, planned.path) : withoutMark(bytes.chunks);
        for await (const chunk of rows) for (const decoded of decoder.write(chunk)) yield deliver(decoded);
        for (const decoded of decoder.end()) yield deliver(decoded);
      } catch (error) {
        throw inFile(planned.path, error);
      }
    },

    finish: async () => [],
    async [Symbol.asyncDispose]() {
      // The store is the caller's.
    },
  };
}

function schemaOf(columns: readonly string[]): Schema {
  return new Schema(columns.map((name) => new Field(name, new Utf8(), true)));
}

type FileFacts = TextState['files'][number];

async function requireFile(store: Store, path: string, ctx: Context): Promise<FileFacts> {
  const file = await store.stat(path, ctx);
  if (file !== undefined) return { path, byteLength: file.byteLength, modifiedMs: file.modifiedMs };
  throw new SluiceError('OBJECT_UNKNOWN', `there is no file ${path}`, { hint: 'Check the folder and the name.' });
}

async function filesIn(
  store: Store,
  folder: string,
  { names, recursive }: { readonly names: string | undefined; readonly recursive: boolean },
  ctx: Context,
): Promise<readonly FileFacts[]> {
  const pattern = names === undefined ? undefined : wildcard(names);
  const files: FileFacts[] = [];
  for await (const { path, byteLength, modifiedMs } of store.list(folder, ctx)) {
    const below = path.slice(folder.length);
    if (!recursive && below.includes('/')) continue;
    if (pattern?.test(below.slice(below.lastIndexOf('/') + 1)) === false) continue;
    files.push({ path, byteLength, modifiedMs });
  }
  return files;
}

function wildcard(names: string): RegExp {
  const escaped = names.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/** From the first row: its cells, or as many made-up names. */
async function columnsOf(
  bytes: ReturnType<typeof plainBytes>,
  path: string,
  header: boolean,
): Promise<readonly string[]> {
  const { cells } = await firstRow(bytes, path);
  const columns = header ? cells : cells.map((_, index) => `Prop_${index}`);
  const blank = columns.findIndex((name) => name === '');
  if (blank >= 0) {
    throw new SluiceError('ROW_MALFORMED', `${path}: column ${blank + 1} has no name in the header row`, {
      hint: 'Name it, or read the file without a header.',
      details: { factoryCode: 'DelimitedTextColumnNameNotAllowNull' },
    });
  }
  return columns;
}

interface FirstRow {
  readonly cells: readonly string[];
  /** What follows it of the bytes read for it. */
  readonly rest: Uint8Array;
}

async function firstRow({ chunks, delimiter, quote }: ReturnType<typeof plainBytes>, path: string): Promise<FirstRow> {
  let bytes = new Uint8Array(0);
  for await (const chunk of chunks) {
    bytes = Buffer.concat([bytes, chunk]);
    const row = parseHeaderRow(bytes, false, { delimiter, quote });
    if (row !== undefined) return { cells: row.cells, rest: bytes.subarray(row.byteLength) };
  }
  const row = parseHeaderRow(bytes, true, { delimiter, quote });
  if (row !== undefined) return { cells: row.cells, rest: new Uint8Array(0) };
  throw new SluiceError('ROW_MALFORMED', `${path} is empty: not even the names of columns are there`, {
    hint: 'Check whether the file was written to its end.',
  });
}

async function* withoutHeader(
  bytes: ReturnType<typeof plainBytes>,
  columns: readonly string[],
  path: string,
): AsyncGenerator<Uint8Array> {
  const chunks = bytes.chunks[Symbol.asyncIterator]();
  // The iteration goes on behind the row.
  const shared = { [Symbol.asyncIterator]: () => ({ next: () => chunks.next() }) };
  try {
    const { cells, rest } = await firstRow({ ...bytes, chunks: shared }, path);
    if (cells.length !== columns.length || cells.some((name, index) => name !== columns[index])) {
      throw new SluiceError('SCHEMA_CHANGED', `${path} has not the columns of the first file`, {
        hint: 'Give files of one kind a folder of their own.',
      });
    }
    if (rest.length > 0) yield rest;
    yield* shared;
  } finally {
    await chunks.return?.();
  }
}

async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    const isMarked = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    yield isMarked ? chunk.subarray(3) : chunk;
    isFirst = false;
  }
}

function inFile(path: string, error: unknown): unknown {
  if (!SluiceError.is(error) || error.code !== 'ROW_MALFORMED' || error.message.startsWith(path)) return error;
  const { hint, details } = error;
  return new SluiceError('ROW_MALFORMED', `${path}: ${error.message}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details: details satisfies Json }),
  });
}
