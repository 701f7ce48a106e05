import { sqliteJournal } from '@sluice/core';
import { scheduledFault } from '@sluice/salesforce-emulator';
import * as fc from 'fast-check';
import { expect, inject, it } from 'vitest';

import { anyIs, areSurvivable } from '../test/campaign/fault-traits.ts';
import { loadFault } from '../test/campaign/load-schedules.ts';
import { endingProblems, LOAD_ROWS } from '../test/campaign/load-verdict.ts';
import { LOAD_EMULATOR, type LoadSchedule } from '../test/campaign/play-load.ts';
import { targetFolder } from '../test/campaign/target-folder.ts';
import { ingestOrg, numbersIn } from '../test/ingest-org.ts';
import { countFromEnv } from './count-from-env.ts';
import { killAt, type KillMoment, scriptProcess } from './killed-copy.ts';
import type { LoadEnd } from './load-process.ts';

/** A load whose processes are killed one after the other, until one is left alone. */
interface KilledLoad {
  readonly schedule: LoadSchedule;
  readonly kills: readonly KillMoment[];
}

/** Requests that an undisturbed load makes: a kill behind the last one finds nobody. */
const MOST_REQUESTS = 35;
const LANES = 2;

/** None stalls, since another process would wait for it in real time. */
const survivable = loadFault.filter((fault) => areSurvivable([fault]) && !anyIs([fault], 'stalls'));

const killedLoad: fc.Arbitrary<KilledLoad> = fc.record({
  schedule: fc.record({
    faults: fc.array(survivable, { maxLength: 2 }).filter(areSurvivable),
    deaths: fc.constant([]),
    resumes: fc.constant(0),
    hasParents: fc.boolean(),
    hasTwins: fc.constant(false),
    deleteJobs: fc.boolean(),
    takesRejects: fc.constant(false),
  }),
  kills: fc.array(fc.record({ requests: fc.integer({ min: 1, max: MOST_REQUESTS }), delayMs: fc.nat(30) }), {
    minLength: 1,
    maxLength: 3,
  }),
});

async function play({
  schedule,
  kills,
}: KilledLoad): Promise<{ readonly problems: readonly string[]; readonly killed: number }> {
  await using target = await ingestOrg({ emulator: LOAD_EMULATOR });
  await using folder = await targetFolder();
  for (const fault of schedule.faults) target.emulator.faults.add(scheduledFault(fault));
  const { url, clientId, clientSecret } = target.emulator;
  const order = { url, clientId, clientSecret, schedule, journalPath: folder.journalPath };
  let killed = 0;
  let end: LoadEnd | undefined;
  for (const kill of [...kills, undefined]) {
    using victim = await scriptProcess('./load-process.ts');
    const ended = victim.run(order);
    // A load that is over sooner makes no more requests; then the emulator ends the wait.
    if (kill !== undefined) killAt(victim, kill, target.emulator).catch(() => {});
    end = await ended;
    if (end !== undefined) break;
    killed += 1;
  }
  if (end?.kind !== 'receipt') return { problems: [JSON.stringify(end)], killed };
  const { receipt } = end;
  const isWhole = receipt.writtenRows === LOAD_ROWS && numbersIn(target).length === LOAD_ROWS;
  return {
    problems: [
      ...(isWhole ? [] : [`${receipt.writtenRows} rows are written, ${numbersIn(target).length} are there`]),
      ...(await endingProblems(target, sqliteJournal(folder.journalPath), { receipt, left: [], hasTwins: false })),
    ],
    killed,
  };
}

const count = countFromEnv('SLUICE_KILL_LOADS', 200);

it(
  `${count} loads killed at any moment and resumed end with every row once, and no job unfinished`,
  async () => {
    // Some are over before their moment comes; enough are drawn for those that are not.
    const drawn = fc.sample(killedLoad, { seed: inject('seed'), numRuns: 2 * count });
    const left = drawn.entries();
    const problems: string[] = [];
    let killedLoads = 0;
    let kills = 0;
    const lane = async (): Promise<void> => {
      while (killedLoads < count) {
        const { value: next } = left.next();
        if (next === undefined) return;
        const [at, load] = next;
        const played = await play(load);
        kills += played.killed;
        if (played.killed > 0) killedLoads += 1;
        problems.push(...played.problems.map((problem) => `load ${at}, ${JSON.stringify(load)}: ${problem}`));
      }
    };

    await Promise.all(Array.from({ length: LANES }, lane));

    process.stdout.write(`${killedLoads} loads killed, ${kills} times in all\n`);
    expect(problems).toEqual([]);
    expect(killedLoads).toBeGreaterThanOrEqual(count);
  },
  120 * 60_000,
);
