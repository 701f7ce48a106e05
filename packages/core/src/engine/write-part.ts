import type { RecordBatch } from 'apache-arrow';

import type { Context } from '../contract/context.ts';
import type { JournalRecord } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { PartId, Sink, WriteOutcome, Writer } from '../contract/sink.ts';
import { createPartDigest } from '../digest/part-digest.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { checkJson } from '../json/json-check.ts';
import { lettingGo } from './clean-up.ts';
import type { CopyParts } from './copy-parts.ts';
import type { MappedRows } from './map-rows.ts';
import { PartAccount } from './part-account.ts';
import { PartBound } from './part-bound.ts';
import { contractBroken, pluginFault } from './plugin-fault.ts';
import type { RowCursor } from './row-cursor.ts';
import { partName } from './run-state.ts';

export interface PartWriting {
  readonly part: PartId;
  /** Row of the split that the part begins with. */
  readonly startRow: number;
  /** Message of the part before it, where parts come in order. */
  readonly after: Json | undefined;
  readonly ctx: Context;
}

export type PreparedPart = Omit<Extract<JournalRecord, { readonly kind: 'partPrepared' }>, 'kind' | 'calls'>;

/** A failure of the sink before the part was prepared, which writing the part anew may get over. */
export class PartFailure {
  readonly error: SluiceError;

  constructor(error: SluiceError) {
    this.error = error;
  }
}

/**
 * Writes rows from the cursor on until the part has what it may have, the writer is full, or the split ends, and
 * prepares it. Undefined when no row is left.
 */
export async function writePart(
  copy: CopyParts,
  cursor: RowCursor,
  writing: PartWriting,
): Promise<PreparedPart | PartFailure | undefined> {
  const { run, sink } = copy;
  const from = cursor.point;
  if ((await cursor.current()) === undefined) return undefined;
  const writer = await openWriter(copy, writing);
  if (writer instanceof PartFailure) return writer;
  try {
    const prepared = await fillPart(copy, cursor, writing, writer);
    return prepared instanceof PartFailure ? prepared : { ...prepared, from };
  } catch (error) {
    // Before the writer is disposed of, which waits for what may never end of itself.
    return copy.fail(error);
  } finally {
    await lettingGo(sink.name, run.logger, () => writer[Symbol.asyncDispose]());
  }
}

async function fillPart(
  { sink, sourceSchema, limit, progress }: CopyParts,
  cursor: RowCursor,
  { part, startRow, ctx }: PartWriting,
  writer: Writer,
): Promise<Omit<PreparedPart, 'from'> | PartFailure> {
  const account = new PartAccount(part, startRow, createPartDigest(sourceSchema));
  const bound = new PartBound(sink.traits.part);
  let rows = await cursor.current();
  while (rows !== undefined) {
    const start = cursor.passedMapped;
    const end = bound.take(rows.batch, start);
    let isFull = end < rows.batch.numRows;
    takeRows(account, cursor, rows, end);
    progress.setReading(part.split, account.readRows, account.batchBytes);
    if (end > start) {
      try {
        const outcome = await writer.write(sliceOf(rows.batch, start, end));
        takeRefused(sink, account, outcome, bound.rows - (end - start), bound.rows);
        isFull ||= outcome.full === true;
      } catch (error) {
        return failure(sink, error, ctx);
      }
    }
    limit.check(account.rejects);
    rows = isFull ? undefined : await cursor.current();
  }
  try {
    const message = await writer.prepare();
    checkJson(message, `the message of ${partName(part)} from ${sink.name}`);
    return { part, to: cursor.point, message, ...account.summary() };
  } catch (error) {
    return failure(sink, error, ctx);
  }
}

async function openWriter(
  { sink, target, sinkSchema }: CopyParts,
  { part, after, ctx }: PartWriting,
): Promise<Writer | PartFailure> {
  try {
    return await sink.writer(target, sinkSchema, part, ctx, after);
  } catch (error) {
    return failure(sink, error, ctx);
  }
}

function takeRows(account: PartAccount, cursor: RowCursor, rows: MappedRows, mappedEnd: number): void {
  const from = cursor.passed;
  account.addChanges(cursor.pass(rows, mappedEnd));
  account.addRead(rows, from, cursor.passed);
}

function sliceOf(batch: RecordBatch, from: number, to: number): RecordBatch {
  return from === 0 && to === batch.numRows ? batch : batch.slice(from, to);
}

function takeRefused(
  sink: Sink,
  account: PartAccount,
  { rejects = [] }: WriteOutcome,
  fromRow: number,
  toRow: number,
): void {
  const refused = new Set<number>();
  for (const reject of rejects) {
    const { row } = reject;
    if (!(Number.isInteger(row) && row >= fromRow && row < toRow && !refused.has(row))) {
      throw contractBroken(
        sink.name,
        `it refused row ${row} of a part while writing rows ${fromRow} to ${toRow}, or refused it twice`,
      );
    }
    refused.add(row);
    account.addRefused(reject);
  }
}

function failure(sink: Sink, error: unknown, ctx: Context): PartFailure {
  ctx.signal.throwIfAborted();
  const fault = pluginFault(sink.name, error, ctx.signal);
  if (SluiceError.is(fault) && fault.retryable) return new PartFailure(fault);
  throw fault;
}
