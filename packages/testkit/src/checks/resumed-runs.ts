import type { Random } from '@sluice/core';

import { fail } from '../check/check-failure.ts';
import type { CheckTools, EngineRun } from '../check/check-tools.ts';
import { type Death, killedJournal } from '../tools/killed-journal.ts';

export interface ResumedRuns {
  /** Where processes die, one after the other; or one run for each place there is. */
  readonly deaths: readonly Death[] | 'everywhere';
  /** Before each run. */
  begin?(): Promise<void> | void;
  /** Both ends of the run, made anew for every process. */
  run(): Omit<EngineRun, 'journal' | 'id'>;
  /** When a run has ended, with the entries of its journal as JSON. */
  ended?(where: string, entries: readonly string[]): Promise<void> | void;
}

/** Places a run is killed at, when not all of them are asked for. */
const MOST_DEATHS = 24;

/** Copies, kills the process, and resumes with new instances that have nothing but the journal, until the run ends. */
export async function resumedRuns(tools: CheckTools, runs: ResumedRuns): Promise<void> {
  const { deaths, begin, ended } = runs;
  if (deaths !== 'everywhere') {
    await begin?.();
    // Ahead of the call, which may be none.
    const entries = await killedAndResumed(tools, runs, deaths);
    await ended?.('killed and resumed', entries);
    return;
  }
  await begin?.();
  const undisturbed = await killedAndResumed(tools, runs, []);
  await ended?.('undisturbed', undisturbed);
  for (const death of placesToDie(undisturbed.length, tools)) {
    await begin?.();
    const entries = await killedAndResumed(tools, runs, [death]);
    await ended?.(`killed ${death.when} entry ${death.append + 1} of ${undisturbed.length} and resumed`, entries);
  }
}

/** One to four deaths, at any of the first entries each. */
export function randomDeaths(random: Random): readonly Death[] {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => ({
    append: Math.floor(random() * 12),
    when: random() < 0.5 ? 'before' : 'after',
  }));
}

function placesToDie(entries: number, { isLong, random }: CheckTools): readonly Death[] {
  const all = Array.from({ length: entries }, (_, append) => append).flatMap((append): readonly Death[] => [
    { append, when: 'before' },
    { append, when: 'after' },
  ]);
  if (isLong || all.length <= MOST_DEATHS) return all;
  // Other places with another seed, so that in time all have been.
  const chosen = all.map((death) => ({ death, order: random() })).toSorted((a, b) => a.order - b.order);
  return chosen.slice(0, MOST_DEATHS).map(({ death }) => death);
}

/** Returns the entries of the run. */
async function killedAndResumed(
  tools: CheckTools,
  { run }: ResumedRuns,
  deaths: readonly Death[],
): Promise<readonly string[]> {
  const journal = killedJournal();
  // What the dead hold open is closed when everything has been looked at.
  const dead: Promise<unknown>[] = [];
  tools.atEnd(async () => {
    journal.bury();
    await Promise.allSettled(dead);
  });
  for (const death of deaths) {
    const { journal: own, died } = journal.process(death);
    const copying = tools.copy({ ...run(), journal: own, id: 'run' });
    copying.catch(() => {});
    const outcome = await Promise.race([died.then(() => 'died' as const), copying.then(() => 'ended' as const)]);
    if (outcome === 'died') dead.push(copying);
  }
  const { journal: own } = journal.process();
  const receipt = await tools.copy({ ...run(), journal: own, id: 'run' });
  if (receipt.readRows !== receipt.writtenRows) {
    fail(`a run resumed read ${receipt.readRows} rows and wrote ${receipt.writtenRows}`);
  }
  return journal.texts.get('run') ?? [];
}
