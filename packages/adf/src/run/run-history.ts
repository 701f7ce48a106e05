import { access, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { SluiceError } from '@sluice/core';

import { CopyStates } from '../copy/copy-states.ts';
import { isObject } from '../expression/expression-value.ts';
import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import { parseJsonText } from '../expression/json-text.ts';
import type { ActivityRun, PipelineRun } from './run-record.ts';
import { type PipelineRunSummary, summaryOf, unreadableSummary } from './run-summary.ts';

/** What is kept of a run of a pipeline while it goes on, for people and for running it again. Holds no secret. */
export type HistoryEntry =
  | {
      readonly kind: 'started';
      readonly runId: string;
      readonly pipelineName: string;
      readonly runStart: string;
      readonly parameters: ExpressionObject;
    }
  | {
      readonly kind: 'activityEnded';
      readonly run: ActivityRun;
      /** Whether it succeeded and its output is all there: nothing of it is hidden. */
      readonly isReusable: boolean;
      readonly variables: ExpressionObject;
      /** Whether the values above are all there. */
      readonly hasVariables: boolean;
    }
  | { readonly kind: 'ended'; readonly run: PipelineRun };

export interface RunHistory {
  /** Durable when it resolves. */
  append(entry: HistoryEntry): Promise<void>;
}

/** What a run that is run again brings along. */
export interface PastRun {
  readonly runId: string;
  readonly pipelineName: string;
  readonly parameters: ExpressionObject;
  readonly variables: ExpressionObject;
  /** Activities of the pipeline itself that succeeded and need not run again, by name in lower case. */
  readonly activities: ReadonlyMap<string, ActivityRun>;
}

/** Histories of runs in a folder, a file each: `<run id>.jsonl`, for its owner alone. */
export class RunHistories {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws `IO_FAILED` from `append`. */
  open(runId: string): RunHistory {
    const path = this.#pathOf(runId);
    let last: Promise<void> = Promise.resolve();
    const write = async (entry: HistoryEntry): Promise<void> => {
      try {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        await using file = await open(path, 'a', 0o600);
        await file.write(`${JSON.stringify({ v: 1, ...entry })}\n`);
        await file.datasync();
      } catch (cause) {
        throw new SluiceError('IO_FAILED', `the history of the run cannot be kept in ${this.#folder}`, {
          cause,
          hint: 'Make the folder writable, or choose another one.',
        });
      }
    };
    return {
      async append(entry) {
        const before = last;
        const written = (async () => {
          await before;
          await write(entry);
        })();
        last = written;
        await written;
      },
    };
  }

  /** Whether there is a run of that id. */
  async has(runId: string): Promise<boolean> {
    if (!/^[\w-]+$/.test(runId)) return false;
    try {
      await access(this.#pathOf(runId));
      return true;
    } catch {
      return false;
    }
  }

  /** Every run there is, the latest last. */
  async list(): Promise<readonly PipelineRunSummary[]> {
    const files = await filesIn(this.#folder);
    const ids = files.filter((name) => name.endsWith('.jsonl')).map((name) => name.slice(0, -'.jsonl'.length));
    const summaries = await Promise.all(ids.map(async (runId) => await this.#summary(runId)));
    return summaries.toSorted((a, b) => a.runStart.localeCompare(b.runStart) || a.runId.localeCompare(b.runId));
  }

  async #summary(runId: string): Promise<PipelineRunSummary> {
    try {
      return summaryOf(runId, await this.#entries(runId));
    } catch (error) {
      if (!SluiceError.is(error)) throw error;
      return unreadableSummary(runId, error.message);
    }
  }

  /**
   * Forgets a run that has ended: it can no longer be run again. Returns whether it could be, which it cannot while its
   * copies have left something behind.
   *
   * @throws `RUN_NOT_FOUND`; `JOURNAL_UNREADABLE`; `IO_FAILED`.
   */
  async remove(runId: string): Promise<boolean> {
    const { runEnd } = summaryOf(runId, await this.#entries(runId));
    const path = this.#pathOf(runId);
    if (runEnd === '' || (await filesIn(path.replace(/jsonl$/, 'copies'))).length > 0) return false;
    await rm(path, { force: true });
    return true;
  }

  /** Where the copies of a run are kept while they go on. */
  copiesOf(runId: string): CopyStates {
    return new CopyStates(this.#pathOf(runId).replace(/jsonl$/, 'copies'));
  }

  /**
   * A run as far as it came.
   *
   * @throws `RUN_NOT_FOUND`; `JOURNAL_UNREADABLE`; `CONFIG_INVALID` where its variables held secrets, which are not kept.
   */
  async past(runId: string): Promise<PastRun> {
    return pastRun(runId, await this.#entries(runId));
  }

  async #entries(runId: string): Promise<readonly HistoryEntry[]> {
    const path = this.#pathOf(runId);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      throw new SluiceError('RUN_NOT_FOUND', `there is no run ${JSON.stringify(runId)} in ${this.#folder}`, { cause });
    }
    // A process that was killed may have left half a line.
    const lines = text.split('\n').slice(0, -1);
    return lines.map((line) => entryOf(line, path));
  }

  #pathOf(runId: string): string {
    if (/^[\w-]+$/.test(runId)) return join(this.#folder, `${runId}.jsonl`);
    throw new SluiceError('RUN_NOT_FOUND', `${JSON.stringify(runId)} is no id of a run`);
  }
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new SluiceError('IO_FAILED', `the runs in ${folder} cannot be listed`, {
      cause,
      hint: 'Check that this process may read the folder.',
    });
  }
}

/** Whether it has what is made use of, which it may not when it is of another version. */
function isWhole({ kind, run, ...entry }: ExpressionObject): boolean {
  const isText = (...values: readonly unknown[]): boolean => values.every((value) => typeof value === 'string');
  const { runId, pipelineName, runStart, parameters, variables } = entry;
  switch (kind) {
    case 'started':
      return isText(runId, pipelineName, runStart) && isObject(parameters ?? null);
    case 'activityEnded':
      return isObject(run ?? null) && isText((run as ExpressionObject)['activityName']) && isObject(variables ?? null);
    case 'ended':
      return isObject(run ?? null) && isText((run as ExpressionObject)['status'], (run as ExpressionObject)['runEnd']);
    default:
      return false;
  }
}

function pastRun(runId: string, entries: readonly HistoryEntry[]): PastRun {
  const [started] = entries;
  if (started?.kind !== 'started')
    throw new SluiceError('JOURNAL_UNREADABLE', `the history of run ${runId} has no beginning`);
  const ended = entries.filter((entry) => entry.kind === 'activityEnded');
  const last = ended.at(-1);
  if (last?.hasVariables === false) {
    throw new SluiceError('CONFIG_INVALID', `run ${runId} cannot be run again from where it failed`, {
      hint: 'Its variables held secrets, which are not kept. Start a new run.',
    });
  }
  const { pipelineName, parameters } = started;
  return {
    runId,
    pipelineName,
    parameters,
    variables: last?.variables ?? {},
    activities: new Map(
      ended.flatMap(({ run, isReusable }) => (isReusable ? [[run.activityName.toLowerCase(), run] as const] : [])),
    ),
  };
}

function entryOf(line: string, path: string): HistoryEntry {
  const entry: ExpressionValue | undefined = parseJsonText(line);
  if (entry !== undefined && isObject(entry) && entry['v'] === 1 && isWhole(entry)) {
    // What this class has written.
    return entry as unknown as HistoryEntry;
  }
  throw new SluiceError('JOURNAL_UNREADABLE', `${path} is damaged, or of another version`);
}
