import type { Note } from '../contract/context.ts';
import type { JournalEntry, JournalRecord, ResumePoint, SideName } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { PartId, RowRange } from '../contract/sink.ts';
import { mergeRanges } from './row-ranges.ts';

type EntryOf<K extends JournalRecord['kind']> = Extract<JournalEntry, { readonly kind: K }>;

export interface PartState {
  /** Row of the split that the part begins with. */
  readonly startRow: number;
  readonly prepared: EntryOf<'partPrepared'>;
  committed?: EntryOf<'partCommitted'>;
  /** Of an original part: its rows that went again, time after time. */
  readonly retries: PartState[];
}

export interface SplitState {
  readonly value: Json;
  readonly parts: PartState[];
  isDone: boolean;
}

/** What a run has come to, by its journal. */
export interface RunState {
  readonly startedMs: number;
  planned: EntryOf<'planned'> | undefined;
  ended: EntryOf<'ended'> | undefined;
  readonly memos: Map<string, Map<string, Json>>;
  readonly notes: Note[];
  readonly splits: SplitState[];
  /** Parts of the sinks beside, by name, in the order they were prepared. */
  readonly sides: Readonly<Record<SideName, Map<string, EntryOf<'sidePrepared'>>>>;
  /** There are no more splits than these. */
  areSplitsKnown: boolean;
  readonly calls: Map<string, number>;
}

function emptyState(startedMs: number): RunState {
  return {
    startedMs,
    planned: undefined,
    ended: undefined,
    memos: new Map(),
    notes: [],
    splits: [],
    sides: { rejected: new Map(), written: new Map() },
    areSplitsKnown: false,
    calls: new Map(),
  };
}

export function foldEntries(entries: readonly JournalEntry[], nowMs: number): RunState {
  const state = emptyState(entries[0]?.atMs ?? nowMs);
  for (const entry of entries) applyEntry(state, entry);
  return state;
}

/** Entries come in the order they were appended in, so that what one of them builds on is there. */
export function applyEntry(state: RunState, entry: JournalEntry): void {
  switch (entry.kind) {
    case 'planned':
      state.planned = entry;
      return;
    case 'memo':
      setMemo(state, entry.scope, entry.key, entry.value);
      return;
    case 'note':
      state.notes.push(entry.note);
      return;
    case 'splitFound':
      state.splits[entry.split] = { value: entry.value, parts: [], isDone: false };
      return;
    case 'splitsEnd':
      state.areSplitsKnown = true;
      return;
    case 'partPrepared':
      addPart(state, entry);
      addCalls(state, entry.calls);
      return;
    case 'partCommitted':
      partIn(state, entry.part)!.committed = entry;
      addCalls(state, entry.calls);
      return;
    case 'sidePrepared':
      state.sides[entry.side].set(partName(entry.part), entry);
      return;
    case 'splitDone':
      state.splits[entry.split]!.isDone = true;
      return;
    case 'ended':
      state.ended = entry;
      addCalls(state, entry.calls);
  }
}

function addPart(state: RunState, prepared: EntryOf<'partPrepared'>): void {
  const { split, part, retry } = prepared.part;
  const { parts } = state.splits[split]!;
  if (retry === undefined) {
    parts[part] = { startRow: preparedRowsOf(state.splits[split]!), prepared, retries: [] };
    return;
  }
  const original = parts[part]!;
  original.retries[retry - 1] = { startRow: original.startRow, prepared, retries: [] };
}

function setMemo({ memos }: RunState, scope: string, key: string, value: Json): void {
  const memo = memos.get(scope) ?? new Map<string, Json>();
  memo.set(key, value);
  memos.set(scope, memo);
}

function addCalls({ calls }: RunState, more: Readonly<Record<string, number>>): void {
  for (const [account, count] of Object.entries(more)) calls.set(account, (calls.get(account) ?? 0) + count);
}

/** In the order of splits and of parts within them, each with its retries behind it. */
export function partsOf({ splits }: RunState): readonly PartState[] {
  return splits.flatMap(({ parts }) => parts.flatMap((part) => [part, ...part.retries]));
}

export function partIn({ splits }: RunState, { split, part, retry }: PartId): PartState | undefined {
  const original = splits[split]?.parts[part];
  return retry === undefined ? original : original?.retries[retry - 1];
}

export function uncommitted(state: RunState): readonly PartState[] {
  return partsOf(state).filter(({ committed }) => committed === undefined);
}

/** Whether every row there is has been prepared. */
export function isRead({ splits, areSplitsKnown }: RunState): boolean {
  return areSplitsKnown && splits.every(({ isDone }) => isDone);
}

/** The part that was prepared last of an original one and its retries. */
export function latestOf(original: PartState): PartState {
  return original.retries.at(-1) ?? original;
}

/** Rows of a committed part, counted as read, that are to go again; none while it is not committed. */
export function rowsToRetry({ prepared, committed }: PartState): readonly RowRange[] {
  return committed === undefined ? [] : mergeRanges(prepared.retry, committed.retry);
}

/** Whether something is left to do for an original part. */
export function isPending(original: PartState): boolean {
  const latest = latestOf(original);
  return latest.committed === undefined || rowsToRetry(latest).length > 0;
}

/** Where a split is read on from: behind its last prepared part. */
export function resumePointOf({ parts }: SplitState): ResumePoint {
  return parts.at(-1)?.prepared.to ?? { skipRows: 0 };
}

export function preparedRowsOf({ parts }: SplitState): number {
  const last = parts.at(-1);
  return last === undefined ? 0 : last.startRow + last.prepared.readRows;
}

export function partName({ split, part, retry }: PartId): string {
  const name = `part ${part} of split ${split}`;
  return retry === undefined ? name : `${name}, retry ${retry}`;
}
