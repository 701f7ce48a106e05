import type { JournalEntry, RunSummary } from '../contract/journal.ts';

/** The entries a summary is made of: the first, the plan, and the last that ended the run. */
export interface SummaryEntries {
  readonly first: JournalEntry;
  readonly planned: JournalEntry | undefined;
  readonly ended: JournalEntry | undefined;
}

export function summaryEntries(entries: readonly JournalEntry[]): SummaryEntries | undefined {
  const [first] = entries;
  if (first === undefined) return undefined;
  return {
    first,
    planned: entries.find(({ kind }) => kind === 'planned'),
    ended: entries.findLast(({ kind }) => kind === 'ended'),
  };
}

export function summarise(id: string, isHeld: boolean, { first, planned, ended }: SummaryEntries): RunSummary {
  const plan = planned?.kind === 'planned' ? planned : undefined;
  const end = ended?.kind === 'ended' ? ended.end : undefined;
  return {
    id,
    startedMs: first.atMs,
    state: end ?? (isHeld ? 'running' : 'unfinished'),
    source: plan?.source,
    sink: plan?.sink,
  };
}

/** Oldest first. */
export function inOrderOfStart(summaries: readonly RunSummary[]): readonly RunSummary[] {
  return summaries.toSorted((a, b) => a.startedMs - b.startedMs || (a.id < b.id ? -1 : 1));
}
