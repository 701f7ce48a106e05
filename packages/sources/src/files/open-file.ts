import {
  type Context,
  type Delivery,
  type Format,
  type OpenFile,
  type RowPlace,
  sameSchema,
  SluiceError,
  type Store,
} from '@sluice/core';
import { Field, Schema } from 'apache-arrow';

import type { FilesSplit, PlannedFile } from './files-state.ts';
import { openRange, randomAccess } from './store-bytes.ts';

/** What a file is read as. */
export interface FileReading {
  readonly store: Store;
  readonly format: Format;
  /** Without the columns that say where a row is from. */
  readonly schema: Schema;
  readonly skipsOthers: boolean;
}

export interface SplitBounds {
  readonly splitBytes: number;
  /** The first of them to give. */
  readonly fromPart: number;
}

/** So many runs of a file with a footer are one split at most. */
const MOST_RUNS = 64;

/** The schema a file has by itself, its columns nullable. @throws `CONFIG_INVALID` where the format cannot tell. */
export async function schemaOfFile(store: Store, format: Format, file: PlannedFile, ctx: Context): Promise<Schema> {
  const { signal } = ctx;
  if (format.open !== undefined) return (await format.open(randomAccess(store, file, ctx), { signal })).schema;
  if (format.schema !== undefined) return nullable(await format.schema(store.read(file.path, ctx), signal));
  throw new SluiceError('CONFIG_INVALID', `files: a schema is needed to read files of the format ${format.name}`, {
    hint: 'Declare it by the option schema.',
  });
}

/** How a file is cut. */
export async function* splitsOfFile(
  reading: FileReading,
  file: PlannedFile,
  { splitBytes, fromPart }: SplitBounds,
  ctx: Context,
): AsyncGenerator<Omit<FilesSplit, 'v' | 'file'>> {
  const { format } = reading;
  if (format.open !== undefined) {
    const { splits } = await openWithFooter(reading, file, ctx);
    yield* runSplits(splits, splitBytes, fromPart);
  } else if (format.ranges !== undefined && file.byteLength > splitBytes) {
    yield* rangeSplits(reading, file, { splitBytes, fromPart }, ctx);
  } else if (fromPart === 0) yield { part: 0 };
}

/** The rows of a split behind a place, each delivery with the place behind it. */
export async function* readFile(
  reading: FileReading,
  file: PlannedFile,
  split: FilesSplit,
  from: RowPlace | undefined,
  ctx: Context,
): AsyncGenerator<Delivery<RowPlace>> {
  const { store, format } = reading;
  if (format.open !== undefined) {
    yield* readRuns(await openWithFooter(reading, file, ctx), split, from?.row ?? 0, ctx);
    return;
  }
  const { batch, signal } = ctx;
  const options = { schema: reading.schema, otherColumns: othersOf(reading), batch, signal } as const;
  if (format.decode === undefined) throw unreadable(format);
  const { range } = split;
  if (range === undefined || format.ranges === undefined) {
    const start = from?.byteOffset;
    const bytes = store.read(file.path, ctx, start === undefined ? undefined : { start, end: file.byteLength });
    yield* format.decode(bytes, { ...options, ...(from === undefined ? {} : { from }) });
    return;
  }
  const { rowEndByte } = format.ranges;
  const isFirst = range.from === range.first.byteOffset;
  const at = from?.byteOffset ?? range.from;
  const isRowStart = isFirst || from !== undefined;
  const opened = await openRange(store, file, { from: at, isRowStart, to: range.to, rowEndByte }, ctx);
  if (opened.start === undefined) return;
  const place = from ?? { ...range.first, byteOffset: opened.start };
  yield* format.decode(opened.chunks, { ...options, from: place });
}

/** Opened for exactly the columns of the reading. @throws `SCHEMA_CHANGED` naming the column. */
async function openWithFooter(reading: FileReading, file: PlannedFile, ctx: Context): Promise<OpenFile> {
  const { store, format, schema, skipsOthers } = reading;
  const { signal } = ctx;
  if (format.open === undefined) throw unreadable(format);
  const access = randomAccess(store, file, ctx);
  const wanted = schema.fields.map(({ name }) => name);
  const whole = skipsOthers ? undefined : await format.open(access, { signal });
  const names = whole?.schema.fields.map(({ name }) => name);
  const other = names?.find((name) => !wanted.includes(name));
  if (other !== undefined) throw changed(`column ${JSON.stringify(other)} is there, and was not expected`);
  const isInOrder = names?.length === wanted.length && names.every((name, i) => name === wanted[i]);
  const opened = whole !== undefined && isInOrder ? whole : await openColumns(format, access, wanted, signal);
  const difference = sameSchema(withoutMetadata(schema), withoutMetadata(opened.schema));
  if (difference !== undefined) throw changed(difference);
  return opened;
}

async function openColumns(
  format: Format,
  access: ReturnType<typeof randomAccess>,
  columns: readonly string[],
  signal: AbortSignal,
): Promise<OpenFile> {
  try {
    return await format.open!(access, { columns, signal });
  } catch (error) {
    if (!SluiceError.is(error) || error.code !== 'FIELD_UNKNOWN') throw error;
    throw new SluiceError('SCHEMA_CHANGED', error.message, { cause: error, hint: CHANGED_HINT });
  }
}

function* runSplits(
  runs: OpenFile['splits'],
  splitBytes: number,
  fromPart: number,
): Generator<Omit<FilesSplit, 'v' | 'file'>> {
  let part = 0;
  for (let first = 0; first < runs.length; part++) {
    let end = first;
    let bytes = 0;
    do bytes += runs[end++]!.bytes;
    while (end < runs.length && end - first < MOST_RUNS && bytes + runs[end]!.bytes <= splitBytes);
    if (part >= fromPart) yield { part, runs: runs.slice(first, end) };
    first = end;
  }
}

async function* rangeSplits(
  reading: FileReading,
  file: PlannedFile,
  { splitBytes, fromPart }: SplitBounds,
  ctx: Context,
): AsyncGenerator<Omit<FilesSplit, 'v' | 'file'>> {
  const { store, format, schema } = reading;
  const { signal } = ctx;
  const first = await format.ranges!.first(store.read(file.path, ctx), {
    schema,
    otherColumns: othersOf(reading),
    signal,
  });
  const { byteOffset } = first;
  if (byteOffset === undefined) {
    if (fromPart === 0) yield { part: 0 };
    return;
  }
  const count = Math.max(1, Math.ceil((file.byteLength - byteOffset) / splitBytes));
  for (let part = fromPart; part < count; part++) {
    const from = byteOffset + part * splitBytes;
    const to = part === count - 1 ? file.byteLength : from + splitBytes;
    yield { part, range: { first, from, to } };
  }
}

async function* readRuns(
  file: OpenFile,
  { runs = [] }: FilesSplit,
  fromRow: number,
  { batch: bounds, signal }: Context,
): AsyncGenerator<Delivery<RowPlace>> {
  let row = 0;
  for (const run of runs) {
    if (row + run.rows <= fromRow) {
      row += run.rows;
      continue;
    }
    for await (const batch of file.read(run, { batch: bounds, signal })) {
      const passed = Math.min(Math.max(0, fromRow - row), batch.numRows);
      row += batch.numRows;
      if (passed < batch.numRows) yield { batch: passed === 0 ? batch : batch.slice(passed), position: { row } };
    }
  }
}

function othersOf({ skipsOthers }: FileReading): 'skip' | 'refuse' {
  return skipsOthers ? 'skip' : 'refuse';
}

function nullable({ fields, metadata }: Schema): Schema {
  return new Schema(
    fields.map((field) => new Field(field.name, field.type, true, field.metadata)),
    metadata,
  );
}

function withoutMetadata({ fields }: Schema): Schema {
  return new Schema(fields.map(({ name, type }) => new Field(name, type, true)));
}

const CHANGED_HINT = 'Give files of one kind a folder of their own, or declare the columns.';

function changed(problem: string): SluiceError {
  return new SluiceError('SCHEMA_CHANGED', problem, { hint: CHANGED_HINT });
}

function unreadable({ name }: Format): SluiceError {
  return new SluiceError('CONFIG_INVALID', `files: files of the format ${name} can only be written`, {
    hint: 'Choose a format that reads.',
  });
}
