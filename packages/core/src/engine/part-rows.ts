import type { RowRange } from '../contract/sink.ts';
import { createPartDigest } from '../digest/part-digest.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { countRows, firstOfRows, withoutRows } from './delivered-rows.ts';
import type { PartPiece } from './kept-rows.ts';
import { rangesWithin } from './row-ranges.ts';
import { partName, type PartState } from './run-state.ts';
import { openReader, type ReadingParts } from './split-reader.ts';

/**
 * The source rows of a prepared part again, as far as they have any of the rows wanted: those that were kept, and where
 * they are lost, read from the source once more.
 *
 * @throws `SOURCE_CHANGED` when the source no longer has them.
 */
export async function* partRows(
  parts: ReadingParts,
  { prepared }: PartState,
  wanted: readonly RowRange[],
): AsyncGenerator<PartPiece, void, undefined> {
  const isWanted = (from: number, to: number): boolean => rangesWithin(wanted, { from, to }).length > 0;
  let passed = 0;
  for await (const piece of parts.run.kept.read(prepared.part, parts.sourceSchema)) {
    if (isWanted(passed, piece.row)) break;
    passed = piece.row + countRows(piece.rows);
    if (isWanted(piece.row, passed)) yield piece;
  }
  if (!isWanted(passed, prepared.readRows)) return;
  for await (const piece of readAgain(parts, prepared)) {
    const end = piece.row + countRows(piece.rows);
    const row = Math.max(piece.row, passed);
    if (end > passed && isWanted(row, end)) yield { row, rows: withoutRows(piece.rows, row - piece.row) };
  }
}

async function* readAgain(
  parts: ReadingParts,
  { part, from, readRows, digest: expected }: PartState['prepared'],
): AsyncGenerator<PartPiece, void, undefined> {
  const { run, sourceSchema } = parts;
  const digest = createPartDigest(sourceSchema);
  await using reader = openReader(parts, { ordinal: part.split, value: run.log.state.splits[part.split]!.value, from });
  for (let row = 0; row < readRows;) {
    const delivered = await reader.next();
    if (delivered === undefined) throw changed(part);
    const rows = firstOfRows(delivered, readRows - row);
    digest.update(rows.batch, 0, rows.batch.numRows);
    const next = row + countRows(rows);
    // Other rows than before are noticed before the last of them are handed out.
    if (next === readRows && digest.value() !== expected) throw changed(part);
    yield { row, rows };
    row = next;
  }
}

function changed(part: PartState['prepared']['part']): SluiceError {
  return new SluiceError('SOURCE_CHANGED', `the source no longer gives the rows that ${partName(part)} had`, {
    hint: 'Abandon the run and start a new one.',
  });
}
