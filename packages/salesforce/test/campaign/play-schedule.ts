import { abandon, copy, sqliteJournal, type Clock, type CopyOptions, type Journal } from '@sluice/core';
import type { ScheduledFault } from '@sluice/salesforce-emulator';

import type { SalesforceOrg } from '../../src/index.ts';
import { faultyOrg, type FaultyOrg, itemsOf, type Setting } from './campaign-org.ts';
import { dyingProcess, type Death } from './dying-process.ts';
import { fastClock } from './fast-clock.ts';
import { anyIs, areSurvivable } from './fault-traits.ts';
import { endingProblems, type Ending } from './run-verdict.ts';
import { folderSink, targetFolder, type TargetFolder } from './target-folder.ts';

/** What goes wrong, and where; JSON. */
export interface Schedule extends Setting {
  readonly faults: readonly ScheduledFault[];
  /** One process after the other dies there; the last one lives. */
  readonly deaths: readonly Death[];
  /** A run that fails is resumed so often, then abandoned. */
  readonly resumes: number;
}

const RUN = 'run';
const CLOCK_SPEED = 1000;
const CLEANUP_MS = 20_000_000;

const undisturbedFiles = new Map<string, Promise<ReadonlyMap<string, string>>>();

/** Of a run in the same setting that nothing happens to; made once. */
export function undisturbed(setting: Setting): Promise<ReadonlyMap<string, string>> {
  const key = JSON.stringify([setting.paging, setting.gzip]);
  const known = undisturbedFiles.get(key) ?? undisturbedRun(setting);
  undisturbedFiles.set(key, known);
  return known;
}

async function undisturbedRun(setting: Setting): Promise<ReadonlyMap<string, string>> {
  await using org = await faultyOrg([], setting);
  await using target = await targetFolder();
  await copy(options(org.org, { ...setting, faults: [], deaths: [], resumes: 0 }, target, fastClock(CLOCK_SPEED)));
  return await target.published();
}

function options(org: SalesforceOrg, schedule: Schedule, target: TargetFolder, clock: Clock): CopyOptions {
  return {
    from: itemsOf(org, schedule.faults, schedule),
    to: folderSink(target.dataPath),
    clock,
    cleanupMs: CLEANUP_MS,
    batchRows: 6,
    // What a dead process still had in hand must not reach the files of the one after it.
    parallelism: schedule.deaths.length === 0 ? 3 : 1,
  };
}

export interface Played {
  /** What is wrong with the ending. */
  readonly problems: readonly string[];
  /** It ended in data, not in an error. */
  readonly isExact: boolean;
}

/** A run in memory, which nobody can resume, with the faults in their places. What is wrong with its ending. */
export async function playOnce(schedule: Omit<Schedule, 'deaths' | 'resumes'>): Promise<readonly string[]> {
  const whole: Schedule = { ...schedule, deaths: [], resumes: 0 };
  await using org = await faultyOrg(schedule.faults, schedule);
  await using target = await targetFolder();
  const run = copy(options(org.org, whole, target, fastClock(CLOCK_SPEED)));
  const ending = await run.then(
    (receipt): Ending => ({ receipt }),
    (error: unknown): Ending => ({ error, left: run.leftBehind, mayBeCommitted: false }),
  );
  const missed = org.added.filter(({ hits }) => hits === 0).map(() => 'the fault fell on no request');
  return [...missed, ...(await judge(ending, whole, org, target))];
}

/** Processes one after the other, each with nothing but the journal and the files, until one ends the run. */
export async function playToTheEnd(schedule: Schedule): Promise<Played> {
  await using org = await faultyOrg(schedule.faults, schedule);
  await using target = await targetFolder();
  const journal = sqliteJournal(target.journalPath);
  const clock = fastClock(CLOCK_SPEED);
  const given = (client: SalesforceOrg, at: Clock, kept: Journal) => ({
    ...options(client, schedule, target, at),
    id: RUN,
    journal: kept,
  });
  const deaths = [...schedule.deaths];
  let ending: Ending | undefined;
  for (let failures = 0; ending === undefined;) {
    const client = org.connect();
    const death = deaths.shift();
    const mortal = death === undefined ? undefined : dyingProcess(journal, clock, death);
    try {
      const run = copy(given(client, mortal?.clock ?? clock, mortal?.journal ?? journal));
      const receipt = await (mortal === undefined ? run : Promise.race([mortal.died, run]));
      if (receipt !== 'died') ending = { receipt };
    } catch (error) {
      failures += 1;
      if (failures > schedule.resumes) ending = await abandoned(error, given(org.connect(), clock, journal));
    }
    await client[Symbol.asyncDispose]();
  }
  return { problems: await judge(ending, schedule, org, target), isExact: 'receipt' in ending };
}

/** A run that was not even planned has nothing to abandon. */
async function abandoned(error: unknown, given: CopyOptions & { readonly id: string; readonly journal: Journal }) {
  const entries = (await given.journal.peek(given.id)) ?? [];
  const end = entries.find(({ kind }) => kind === 'splitsEnd');
  const done = entries.filter(({ kind }) => kind === 'splitDone').length;
  const mayBeCommitted = end?.kind === 'splitsEnd' && done === end.splits;
  return { error, left: entries.length > 0 ? await abandon(given) : [], mayBeCommitted };
}

async function judge(
  ending: Ending,
  { faults, paging, gzip }: Schedule,
  { emulator }: FaultyOrg,
  target: TargetFolder,
): Promise<readonly string[]> {
  const settings: readonly Setting[] = [
    { paging, gzip },
    { paging: 'sequence', gzip },
  ];
  const files = await Promise.all(settings.map(undisturbed));
  const isInOrder = !anyIs(faults, 'reorders');
  const problems = await endingProblems(ending, { emulator, target, undisturbed: files, isInOrder });
  if ('error' in ending && areSurvivable(faults)) {
    problems.push(`it could be survived, and ended in ${String(ending.error)}`);
  }
  return problems;
}
