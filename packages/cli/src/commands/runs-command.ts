import type { PipelineRunSummary } from '@sluice/adf';
import { type Journal, type JournalEntry, type RunSummary, SluiceError, sqliteJournal } from '@sluice/core';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { countText, plural, timeText } from '../render/quantity-text.ts';
import { tableLines } from '../render/table-text.ts';
import { pipelineHistories } from '../state/pipeline-histories.ts';
import type { CommandContext } from './command-context.ts';
import { pruneRuns } from './prune-runs.ts';

/** A run as the list shows it. */
interface ListedRun extends RunSummary {
  /** Read, and safe in parts that are prepared. */
  readonly rows: number;
}

export interface RunsFlags {
  /** Milliseconds: what ended before that is no longer kept. */
  readonly prune?: number;
}

/** Every run of the journal and then every run of a pipeline, the latest last. */
export async function runsCommand({ prune }: RunsFlags, { state, output }: CommandContext): Promise<ExitCode> {
  const journal = sqliteJournal(state.journals);
  const histories = await pipelineHistories(state);
  const pruned = prune === undefined ? undefined : await pruneRuns(journal, histories, Date.now() - prune);
  const summaries = await journal.list();
  const runs = await Promise.all(summaries.map((summary) => listedRun(journal, summary)));
  const pipelineRuns = (await histories?.list()) ?? [];
  const lines = [...runLines(runs), ...pipelineRunLines(pipelineRuns)];
  if (pruned !== undefined) output.say(`${plural(pruned.length, 'run')} removed`);
  output.result(lines.length === 0 ? [`There are no runs in ${state.path}.`] : lines, {
    state: state.path,
    ...(pruned === undefined ? {} : { pruned }),
    runs: runs.map((run) => ({ ...run, started: new Date(run.startedMs).toISOString() })),
    pipelineRuns,
  });
  return EXIT_CODES.done;
}

async function listedRun(journal: Journal, summary: RunSummary): Promise<ListedRun> {
  if (summary.state === 'unreadable') return { ...summary, rows: 0 };
  try {
    const entries = (await journal.peek(summary.id)) ?? [];
    return { ...summary, rows: entries.reduce((rows, entry) => rows + preparedRows(entry), 0) };
  } catch (error) {
    // Its first and last entries can be read, and one between them cannot.
    if (!SluiceError.is(error) || error.code !== 'JOURNAL_UNREADABLE') throw error;
    return { ...summary, state: 'unreadable', reason: error.message, rows: 0 };
  }
}

function preparedRows(entry: JournalEntry): number {
  return entry.kind === 'partPrepared' ? entry.readRows : 0;
}

function runLines(runs: readonly ListedRun[]): readonly string[] {
  if (runs.length === 0) return [];
  const table = tableLines([
    ['run', 'started', 'state', 'rows', 'from', 'to'],
    ...runs.map(({ id, startedMs, state, rows, source = '', sink = '' }) => [
      id,
      timeText(startedMs),
      state,
      state === 'unreadable' ? '' : countText(rows),
      source,
      sink,
    ]),
  ]);
  const reasons = runs.flatMap(({ id, reason }) => (reason === undefined ? [] : [`${id} is unreadable: ${reason}`]));
  return [...table, ...reasons];
}

function pipelineRunLines(runs: readonly PipelineRunSummary[]): readonly string[] {
  if (runs.length === 0) return [];
  const table = tableLines([
    ['run of a pipeline', 'started', 'status', 'pipeline'],
    ...runs.map(({ runId, runStart, status, pipelineName }) => [
      runId,
      runStart === '' ? '' : timeText(Date.parse(runStart)),
      status,
      pipelineName,
    ]),
  ]);
  const reasons = runs.flatMap(({ runId, reason }) =>
    reason === undefined ? [] : [`${runId} is unreadable: ${reason}`],
  );
  return [...table, ...reasons];
}
