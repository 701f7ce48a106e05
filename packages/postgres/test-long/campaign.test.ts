import * as fc from 'fast-check';
import { expect, inject, it } from 'vitest';

import { type Lane, openLane } from '../test/campaign/lane.ts';
import { loadSchedule, type Played, playLoad } from '../test/campaign/play-load.ts';
import { playRead, readSchedule } from '../test/campaign/play-read.ts';
import { countFromEnv } from './count-from-env.ts';

const LANES = 2;
const HOURS_2 = 2 * 60 * 60_000;

/** Plays until so many were struck; some are over before their moment comes. */
async function playAll<S>(
  schedules: readonly S[],
  count: number,
  play: (lane: Lane, schedule: S) => Promise<Played>,
): Promise<{ readonly problems: readonly string[]; readonly struck: number; readonly faults: number }> {
  const left = schedules.entries();
  const problems: string[] = [];
  let [struck, faults] = [0, 0];
  const inLane = async (): Promise<void> => {
    await using lane = await openLane();
    for (const [at, schedule] of left) {
      if (struck >= count) return;
      const played = await play(lane, schedule).catch((error: unknown): Played => ({
        problems: [error instanceof Error ? error.message : 'it failed'],
        befell: 1,
      }));
      faults += played.befell;
      if (played.befell > 0) struck++;
      problems.push(...played.problems.map((problem) => `${at}, ${JSON.stringify(schedule)}: ${problem}`));
    }
  };
  await Promise.all(Array.from({ length: LANES }, inLane));
  return { problems, struck, faults };
}

const loads = countFromEnv('SLUICE_STRUCK_LOADS', 200);
const reads = countFromEnv('SLUICE_STRUCK_READS', 100);

it(
  `${loads} loads whose client, server or connections are killed at any moment are there whole or not at all`,
  async () => {
    const drawn = fc.sample(loadSchedule, { seed: inject('seed'), numRuns: 2 * loads });
    const { problems, struck, faults } = await playAll(drawn, loads, playLoad);

    process.stdout.write(`${struck} loads struck, ${faults} times in all\n`);
    expect(problems).toEqual([]);
    expect(struck).toBeGreaterThanOrEqual(loads);
  },
  HOURS_2,
);

it(
  `${reads} reads whose client, server or connections are killed at any moment are whole and of one moment, or fail`,
  async () => {
    const drawn = fc.sample(readSchedule, { seed: inject('seed'), numRuns: 2 * reads });
    const { problems, struck, faults } = await playAll(drawn, reads, playRead);

    process.stdout.write(`${struck} reads struck, ${faults} times in all\n`);
    expect(problems).toEqual([]);
    expect(struck).toBeGreaterThanOrEqual(reads);
  },
  HOURS_2,
);
