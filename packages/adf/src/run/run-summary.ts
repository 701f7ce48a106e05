import type { HistoryEntry } from './run-history.ts';
import type { PipelineStatus } from './run-record.ts';

/** A run as a list of them shows it. */
export interface PipelineRunSummary {
  readonly runId: string;
  readonly pipelineName: string;
  readonly runStart: string;
  /** Empty of a run that has not ended. */
  readonly runEnd: string;
  /** `Unfinished`: it goes on, or its process has died. `Unreadable`: its history is damaged. */
  readonly status: PipelineStatus | 'Unfinished' | 'Unreadable';
  /** Why it is unreadable. */
  readonly reason?: string;
}

/** What the history of a run tells of it; nothing but its id where it begins with something else. */
export function summaryOf(runId: string, entries: readonly HistoryEntry[]): PipelineRunSummary {
  const [first] = entries;
  if (first?.kind !== 'started') return unreadableSummary(runId, 'its history has no beginning');
  const { pipelineName, runStart } = first;
  const ended = entries.find((entry) => entry.kind === 'ended');
  return { runId, pipelineName, runStart, runEnd: ended?.run.runEnd ?? '', status: ended?.run.status ?? 'Unfinished' };
}

export function unreadableSummary(runId: string, reason: string): PipelineRunSummary {
  return { runId, pipelineName: '', runStart: '', runEnd: '', status: 'Unreadable', reason };
}
