import type { Note } from '../contract/context.ts';
import type { ApiCalls, JournalEntry, RejectGroup } from '../contract/journal.ts';
import type { Change, LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { RejectGroups, rowsOf } from './reject-groups.ts';
import { countRanges } from './row-ranges.ts';
import { inSplit } from './run-account.ts';
import { foldEntries, partsOf, rowsToRetry, type PartState, type RunState, type SplitState } from './run-state.ts';

/** Rows by what became of them: read is written, rejected and in doubt together. */
export interface RowCounts {
  readonly readRows: number;
  readonly writtenRows: number;
  readonly rejectedRows: number;
  /** Nobody can say whether they were written. */
  readonly inDoubtRows: number;
}

/** Rows of a split, `from` included, `to` not. */
export interface SplitRows {
  readonly split: number;
  readonly from: number;
  readonly to: number;
}

/** What a run did, told by its journal alone. */
export interface Receipt extends RowCounts {
  readonly id: string;
  readonly source: string;
  readonly sink: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /** Of the batches read, in memory. */
  readonly batchBytes: number;
  /** Those of rows that were sent again among them. */
  readonly parts: number;
  /** Rows that were refused and sent again, once for each time. */
  readonly retriedRows: number;
  readonly splits: readonly RowCounts[];
  /** Why rows were rejected, the most frequent reason first. */
  readonly rejects: readonly RejectGroup[];
  /** The rows that are in doubt. */
  readonly inDoubt: readonly SplitRows[];
  /** Values altered under a policy, by column. */
  readonly changes: readonly Change[];
  readonly notes: readonly Note[];
  readonly apiCalls: ApiCalls;
  readonly leftBehind: readonly LeftBehind[];
}

/**
 * The receipt of a committed run.
 *
 * @throws `RECEIPT_UNBALANCED` when rows are missing; `RUN_ABANDONED`; `RUN_NOT_FOUND` for a run that has not ended.
 */
export function foldReceipt(id: string, entries: readonly JournalEntry[]): Receipt {
  return receiptOf(id, foldEntries(entries, 0));
}

export function receiptOf(id: string, state: RunState): Receipt {
  const { planned, ended } = state;
  if (ended?.end === 'abandoned') throw runAbandoned(id);
  if (planned === undefined || ended === undefined) {
    throw new SluiceError('RUN_NOT_FOUND', `run ${JSON.stringify(id)} has not ended, so it has no receipt`);
  }
  const splits = state.splits.map(countsOf);
  for (const [split, counts] of splits.entries()) requireBalance(counts, `split ${split}`);
  const total = splits.reduce(addCounts, NO_ROWS);
  requireSides(state, total);
  const parts = partsOf(state);
  return {
    id,
    source: planned.source,
    sink: planned.sink,
    startedMs: state.startedMs,
    endedMs: ended.atMs,
    ...total,
    batchBytes: parts.reduce((bytes, { prepared }) => bytes + prepared.batchBytes, 0),
    parts: parts.length,
    retriedRows: parts.reduce((rows, part) => rows + countRanges(rowsToRetry(part)), 0),
    splits,
    rejects: new RejectGroups(
      parts.flatMap(({ prepared, committed }) => [...prepared.rejects, ...(committed?.rejects ?? [])]),
    ).byRows(),
    inDoubt: parts.flatMap((part) => inSplit(part, part.committed?.inDoubt ?? [])),
    changes: mergeChanges(parts.flatMap(({ prepared }) => prepared.changes)),
    notes: state.notes,
    apiCalls: Object.fromEntries(state.calls),
    leftBehind: ended.leftBehind,
  };
}

function runAbandoned(id: string): SluiceError {
  return new SluiceError('RUN_ABANDONED', `run ${JSON.stringify(id)} was abandoned and cannot go on`, {
    hint: 'Start a run under another id.',
  });
}

const NO_ROWS: RowCounts = { readRows: 0, writtenRows: 0, rejectedRows: 0, inDoubtRows: 0 };

function addCounts(a: RowCounts, b: RowCounts): RowCounts {
  return {
    readRows: a.readRows + b.readRows,
    writtenRows: a.writtenRows + b.writtenRows,
    rejectedRows: a.rejectedRows + b.rejectedRows,
    inDoubtRows: a.inDoubtRows + b.inDoubtRows,
  };
}

function countsOf({ parts }: SplitState): RowCounts {
  return parts
    .flatMap((part) => [part, ...part.retries])
    .map(({ prepared, committed }: PartState): RowCounts => ({
      readRows: prepared.part.retry === undefined ? prepared.readRows : 0,
      writtenRows: committed?.writtenRows ?? 0,
      rejectedRows: rowsOf(prepared.rejects) + rowsOf(committed?.rejects ?? []),
      inDoubtRows: countRanges(committed?.inDoubt ?? []),
    }))
    .reduce(addCounts, NO_ROWS);
}

function requireBalance({ readRows, writtenRows, rejectedRows, inDoubtRows }: RowCounts, where: string): void {
  if (readRows === writtenRows + rejectedRows + inDoubtRows) return;
  throw new SluiceError(
    'RECEIPT_UNBALANCED',
    `${where}: ${readRows} rows were read, ${writtenRows} written, ${rejectedRows} rejected, ${inDoubtRows} are in doubt`,
    { hint: 'This is a defect of a plugin or of the engine; the data written is not complete.' },
  );
}

/** Every rejected row is where those go that are, if they go anywhere. */
function requireSides({ planned, sides }: RunState, { rejectedRows }: RowCounts): void {
  if (planned?.sides?.rejected === undefined) return;
  const rows = [...sides.rejected.values()].reduce((sum, part) => sum + part.rows, 0);
  if (rows === rejectedRows) return;
  throw new SluiceError(
    'RECEIPT_UNBALANCED',
    `${rejectedRows} rows were rejected, and the sink for rejected rows was given ${rows}`,
    { hint: 'This is a defect of a plugin or of the engine; the rejected rows written are not complete.' },
  );
}

export function mergeChanges(changes: readonly Change[]): readonly Change[] {
  const merged = new Map<string, Change>();
  for (const change of changes) {
    const key = JSON.stringify([change.column, change.change]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? change : { ...known, values: known.values + change.values });
  }
  return [...merged.values()];
}
