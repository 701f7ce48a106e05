import type { RecordBatch } from 'apache-arrow';

import type { Context } from '../contract/context.ts';
import type { JournalRecord } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { PartId, Reject, Sink, WriteOutcome, Writer } from '../contract/sink.ts';
import { createPartDigest } from '../digest/part-digest.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { checkJson } from '../json/json-check.ts';
import { lettingGo } from './clean-up.ts';
import { type CopyParts, mayRetry } from './copy-parts.ts';
import { rowsBetween } from './delivered-rows.ts';
import type { PartKeeper, PartPiece, RefusedRow } from './kept-rows.ts';
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

export type PreparedEntry = Omit<Extract<JournalRecord, { readonly kind: 'partPrepared' }>, 'kind' | 'calls'>;

/** A failure of the sink before the part was prepared, which writing the part anew may get over. */
export class PartFailure {
  readonly error: SluiceError;
  /** Rows read for the part, all of which are kept where rows are. */
  readonly readRows: number;

  constructor(error: SluiceError, readRows: number) {
    this.error = error;
    this.readRows = readRows;
  }
}

/**
 * Writes rows from the cursor on until the part has what it may have, the writer is full, or the split ends, and
 * prepares it. There is at least one row left.
 */
export async function writePart(
  copy: CopyParts,
  cursor: RowCursor,
  writing: PartWriting,
): Promise<PreparedEntry | PartFailure> {
  const { run, sink } = copy;
  const from = cursor.point;
  const writer = await openWriter(copy, writing);
  if (writer instanceof PartFailure) return writer;
  try {
    await using keeper = copy.keeps === 'none' ? undefined : await run.kept.writer(writing.part);
    const prepared = await fillPart(copy, cursor, writing, { writer, keeper });
    return prepared instanceof PartFailure ? prepared : { ...prepared, from };
  } catch (error) {
    // Before the writer is disposed of, which waits for what may never end of itself.
    return copy.fail(error);
  } finally {
    await lettingGo(sink.name, run.logger, () => writer[Symbol.asyncDispose]());
  }
}

interface Filling {
  readonly writer: Writer;
  readonly keeper: PartKeeper | undefined;
}

async function fillPart(
  copy: CopyParts,
  cursor: RowCursor,
  { part, startRow, ctx }: PartWriting,
  { writer, keeper }: Filling,
): Promise<Omit<PreparedEntry, 'from'> | PartFailure> {
  const { sink, sourceSchema, limit, progress, keeps } = copy;
  const account = new PartAccount(part, startRow, createPartDigest(sourceSchema));
  const bound = new PartBound(sink.traits.part);
  const retries = mayRetry(copy, part);
  const takeRefused = (row: RefusedRow): void => {
    if (copy.sides.rejected !== undefined) keeper?.refuse(row);
  };
  let rows = await cursor.current();
  while (rows !== undefined) {
    const start = cursor.passedMapped;
    const [firstRow, firstRead, before] = [cursor.passed, account.readRows, account.rejects.rows];
    const end = bound.take(rows.batch, start);
    let isFull = end < rows.batch.numRows;
    takeRows(account, cursor, rows, end);
    progress.setReading(part.split, account.readRows, account.batchBytes);
    if (keeper !== undefined && keeps === 'all') await keeper.add(pieceOf(rows, firstRow, cursor.passed, firstRead));
    if (end > start) {
      try {
        const outcome = await writer.write(sliceOf(rows.batch, start, end));
        forEachRefused(sink, outcome, bound.rows - (end - start), bound.rows, (reject) => {
          if (retries && reject.retryable) account.addRetry(reject.row);
          else takeRefused(account.addRefused(reject));
        });
        isFull ||= outcome.full === true;
      } catch (error) {
        return failure(sink, error, ctx, account.readRows);
      }
    }
    if (keeper !== undefined && keeps === 'rejected' && account.rejects.rows > before) {
      await keeper.add(pieceOf(rows, firstRow, cursor.passed, firstRead));
    }
    limit.check(account.rejects);
    rows = isFull ? undefined : await cursor.current();
  }
  try {
    const message = await writer.prepare();
    checkJson(message, `the message of ${partName(part)} from ${sink.name}`);
    await keeper?.end();
    return { part, to: cursor.point, message, ...account.summary() };
  } catch (error) {
    return failure(sink, error, ctx, account.readRows);
  }
}

async function openWriter(
  { sink, target, sinkSchema }: CopyParts,
  { part, after, ctx }: PartWriting,
): Promise<Writer | PartFailure> {
  try {
    return await sink.writer(target, sinkSchema, part, ctx, after);
  } catch (error) {
    return failure(sink, error, ctx, 0);
  }
}

function takeRows(account: PartAccount, cursor: RowCursor, rows: MappedRows, mappedEnd: number): void {
  const from = cursor.passed;
  account.addChanges(cursor.pass(rows, mappedEnd));
  account.addRead(rows, from, cursor.passed);
}

function pieceOf({ delivered }: MappedRows, from: number, to: number, row: number): PartPiece {
  return { row, rows: rowsBetween(delivered, from, to) };
}

function sliceOf(batch: RecordBatch, from: number, to: number): RecordBatch {
  return from === 0 && to === batch.numRows ? batch : batch.slice(from, to);
}

/** The rows a writer refuses of those it was just given. @throws `CONTRACT_BROKEN` for any others. */
export function forEachRefused(
  sink: Sink,
  { rejects = [] }: WriteOutcome,
  fromRow: number,
  toRow: number,
  take: (reject: Reject) => void,
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
    take(reject);
  }
}

function failure(sink: Sink, error: unknown, ctx: Context, readRows: number): PartFailure {
  ctx.signal.throwIfAborted();
  const fault = pluginFault(sink.name, error, ctx.signal);
  if (SluiceError.is(fault) && fault.retryable) return new PartFailure(fault, readRows);
  throw fault;
}
