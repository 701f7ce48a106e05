import type { Note } from '../contract/context.ts';
import type { JournalEntry, JournalRecord, ResumePoint } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { PartId } from '../contract/sink.ts';

type EntryOf<K extends JournalRecord['kind']> = Extract<JournalEntry, { readonly kind: K }>;

export interface PartState {
  /** Row of the split that the part begins with. */
  readonly startRow: number;
  readonly prepared: EntryOf<'partPrepared'>;
  committed?: EntryOf<'partCommitted'>;
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
    case 'partPrepared': {
      const split = state.splits[entry.part.split]!;
      split.parts[entry.part.part] = { startRow: preparedRowsOf(split), prepared: entry };
      addCalls(state, entry.calls);
      return;
    }
    case 'partCommitted':
      state.splits[entry.part.split]!.parts[entry.part.part]!.committed = entry;
      addCalls(state, entry.calls);
      return;
    case 'splitDone':
      state.splits[entry.split]!.isDone = true;
      return;
    case 'ended':
      state.ended = entry;
      addCalls(state, entry.calls);
  }
}

function setMemo({ memos }: RunState, scope: string, key: string, value: Json): void {
  const memo = memos.get(scope) ?? new Map<string, Json>();
  memo.set(key, value);
  memos.set(scope, memo);
}

function addCalls({ calls }: RunState, more: Readonly<Record<string, number>>): void {
  for (const [account, count] of Object.entries(more)) calls.set(account, (calls.get(account) ?? 0) + count);
}

/** In the order of splits and of parts within them. */
export function partsOf({ splits }: RunState): readonly PartState[] {
  return splits.flatMap(({ parts }) => parts);
}

/** Where a split is read on from: behind its last prepared part. */
export function resumePointOf({ parts }: SplitState): ResumePoint {
  return parts.at(-1)?.prepared.to ?? { skipRows: 0 };
}

export function preparedRowsOf({ parts }: SplitState): number {
  const last = parts.at(-1);
  return last === undefined ? 0 : last.startRow + last.prepared.readRows;
}

export function partName({ split, part }: PartId): string {
  return `part ${part} of split ${split}`;
}
