import type { JournalEntry } from '../contract/journal.ts';
import type { RowRange } from '../contract/sink.ts';
import type { RowCounts, SplitRows } from './receipt.ts';
import { rowsOf } from './reject-groups.ts';
import { countRanges, mergeRanges, otherRanges } from './row-ranges.ts';
import { foldEntries, type PartState, partsOf, rowsToRetry, type RunState } from './run-state.ts';

/**
 * What became of the rows of a run, however it ended: rows read are written, rejected, in doubt and unsent together. Rows
 * that were read for a part that was never prepared count as not read.
 */
export interface RunAccount extends RowCounts {
  /** Read, and neither written nor rejected because the run ended before. A run that is resumed sends them. */
  readonly unsentRows: number;
  readonly inDoubt: readonly SplitRows[];
  readonly unsent: readonly SplitRows[];
}

/**
 * What became of the rows of a run that has ended or whose process has died, by its journal alone; undefined where it was
 * never planned. Where something was left behind, nobody knows of parts that were not committed.
 */
export function foldAccount(entries: readonly JournalEntry[]): RunAccount | undefined {
  const state = foldEntries(entries, 0);
  const isUnsure = (state.ended?.leftBehind.length ?? 0) > 0;
  return state.planned === undefined ? undefined : accountOf(state, () => isUnsure);
}

/** `isUnsure` tells parts that may have taken effect, though the sink has not said so: their rows are in doubt. */
export function accountOf(state: RunState, isUnsure: (part: PartState) => boolean): RunAccount {
  const counts = { readRows: 0, writtenRows: 0, rejectedRows: 0 };
  const inDoubt: SplitRows[] = [];
  const unsent: SplitRows[] = [];
  for (const part of partsOf(state)) {
    const { prepared, committed } = part;
    if (prepared.part.retry === undefined) counts.readRows += prepared.readRows;
    counts.writtenRows += committed?.writtenRows ?? 0;
    counts.rejectedRows += rowsOf(prepared.rejects) + rowsOf(committed?.rejects ?? []);
    if (committed === undefined) {
      (isUnsure(part) ? inDoubt : unsent).push(...inSplit(part, givenRows(part)));
      unsent.push(...inSplit(part, prepared.retry));
    } else {
      inDoubt.push(...inSplit(part, committed.inDoubt));
      if (!hasRetry(state, part)) unsent.push(...inSplit(part, rowsToRetry(part)));
    }
  }
  return { ...counts, inDoubtRows: countRanges(inDoubt), unsentRows: countRanges(unsent), inDoubt, unsent };
}

/** Rows of a part that the sink has and has not refused. */
function givenRows({ prepared: { unseen, refused, retry, readRows } }: PartState): readonly RowRange[] {
  return otherRanges(mergeRanges(unseen, mergeRanges(refused, retry)), readRows);
}

function hasRetry({ splits }: RunState, { prepared: { part } }: PartState): boolean {
  return splits[part.split]!.parts[part.part]!.retries.length > (part.retry ?? 0);
}

export function inSplit({ prepared, startRow }: PartState, rows: readonly RowRange[]): readonly SplitRows[] {
  const { split } = prepared.part;
  return rows.map(({ from, to }) => ({ split, from: startRow + from, to: startRow + to }));
}
