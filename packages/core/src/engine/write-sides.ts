import type { RecordBatch } from 'apache-arrow';

import type { WrittenRow } from '../contract/sink.ts';
import { SluiceError } from '../error/sluice-error.ts';
import type { VerdictParts } from './copy-parts.ts';
import { batchRowAt, countRows } from './delivered-rows.ts';
import type { PartPiece } from './kept-rows.ts';
import { mapRows } from './map-rows.ts';
import type { PartOutcome } from './part-outcome.ts';
import { partRows } from './part-rows.ts';
import { partitionPoint } from './partition-point.ts';
import { rowsOf } from './reject-groups.ts';
import { mergeRanges, rangesOf } from './row-ranges.ts';
import { partName, type PartState } from './run-state.ts';
import { rejectedBatch, type RejectedRow, type RowPlace, type SideRow, sideSchema, writtenBatch } from './side-rows.ts';

/** Hands what became of a part's rows to the sinks beside, ahead of its entry in the journal. */
export async function writeSides(parts: VerdictParts, state: PartState, outcome: PartOutcome): Promise<void> {
  const { sides, signal } = parts;
  const { part, rejects } = state.prepared;
  if (sides.rejected !== undefined) {
    const rows = rowsOf(rejects) + rowsOf(outcome.groups);
    const reasons = rows === 0 ? [] : [...(await refusedWhileWriting(parts, state)), ...lateRejects(outcome)];
    await sides.rejected.write({ part, rows, batches: () => rejectedBatches(parts, state, reasons) }, signal);
  }
  if (sides.written !== undefined) {
    const written = outcome.written.toSorted((a, b) => a.row - b.row);
    await sides.written.write(
      { part, rows: written.length, batches: () => writtenBatches(parts, state, written) },
      signal,
    );
  }
}

async function refusedWhileWriting({ run }: VerdictParts, { prepared }: PartState): Promise<readonly RejectedRow[]> {
  const { part, rejects } = prepared;
  const rows = rowsOf(rejects.filter(({ stage }) => stage === 'write'));
  if (rows === 0) return [];
  const refused = await run.kept.refused(part);
  if (refused?.length === rows) return refused.map((row) => ({ ...row, stage: 'write' }));
  throw new SluiceError('STAGED_DATA_LOST', `which rows of ${partName(part)} were refused is no longer known`, {
    hint: 'Abandon the run: the files that were kept beside its journal are gone.',
  });
}

function lateRejects({ refused }: PartOutcome): readonly RejectedRow[] {
  return refused.map((row) => ({ ...row, stage: 'commit' }));
}

async function* rejectedBatches(
  parts: VerdictParts,
  state: PartState,
  reasons: readonly RejectedRow[],
): AsyncGenerator<RecordBatch> {
  const schema = sideSchema('rejected', parts.sourceSchema);
  const later = reasons.toSorted((a, b) => a.row - b.row);
  const isRetry = state.prepared.part.retry !== undefined;
  // What a retry does not see went another way before.
  const early = isRetry ? [] : state.prepared.unseen;
  const wanted = mergeRanges(early, rangesOf(later.map(({ row }) => row)));
  for await (const piece of partRows(parts, state, wanted)) {
    const rows = [...(isRetry ? [] : rejectedEarly(parts, piece)), ...rowsOfPiece(piece, later)];
    rows.sort((a, b) => a.told.row - b.told.row);
    if (rows.length > 0) yield rejectedBatch(schema, piece.rows.batch, rows, placeOf(state));
  }
}

/** Rows that were rejected while they were read or mapped. */
function rejectedEarly({ mapping }: VerdictParts, { row: first, rows }: PartPiece): readonly SideRow<RejectedRow>[] {
  return mapRows(rows, mapping).rejects.map(({ row, stage, code, message, columns }) => ({
    batchRow: stage === 'map' ? batchRowAt(rows, row) : undefined,
    // No others are rejected that early.
    told: { row: first + row, stage: stage === 'map' ? 'map' : 'read', code, message, columns },
  }));
}

async function* writtenBatches(
  parts: VerdictParts,
  state: PartState,
  written: readonly WrittenRow[],
): AsyncGenerator<RecordBatch> {
  const schema = sideSchema('written', parts.sourceSchema);
  for await (const piece of partRows(parts, state, rangesOf(written.map(({ row }) => row)))) {
    const rows = rowsOfPiece(piece, written);
    if (rows.length > 0) yield writtenBatch(schema, piece.rows.batch, rows, placeOf(state));
  }
}

/** Of rows in ascending order, those of the piece. */
function rowsOfPiece<R extends { readonly row: number }>(
  { row: first, rows }: PartPiece,
  all: readonly R[],
): readonly SideRow<R>[] {
  const end = first + countRows(rows);
  const from = partitionPoint(all.length, (i) => all[i]!.row < first);
  const to = partitionPoint(all.length, (i) => all[i]!.row < end);
  return all.slice(from, to).map((told) => ({ batchRow: batchRowAt(rows, told.row - first), told }));
}

function placeOf({ prepared, startRow }: PartState): RowPlace {
  return { split: prepared.part.split, startRow };
}
