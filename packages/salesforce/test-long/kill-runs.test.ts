import { drawFaults, FAULT_CATALOGUE, QUERY_KINDS, type ScheduledFault } from '@sluice/salesforce-emulator';
import * as fc from 'fast-check';
import { expect, inject, it } from 'vitest';

import { faultyOrg, QUERY, type Setting } from '../test/campaign/campaign-org.ts';
import { anyIs } from '../test/campaign/fault-traits.ts';
import { undisturbed } from '../test/campaign/play-schedule.ts';
import { endingProblems } from '../test/campaign/run-verdict.ts';
import { targetFolder } from '../test/campaign/target-folder.ts';
import type { CopyEnd } from './copy-process.ts';
import { countFromEnv } from './count-from-env.ts';
import { copyProcess, killAt, type KillMoment } from './killed-copy.ts';

/** A copy whose processes are killed one after the other, until one is left alone. */
interface KilledRun extends Setting {
  readonly kills: readonly KillMoment[];
  readonly faults: readonly ScheduledFault[];
}

interface Played {
  readonly problems: readonly string[];
  /** Processes that died before their copy ended. */
  readonly killed: number;
}

/** Requests that an undisturbed copy makes: a kill behind the last one finds nobody. */
const MOST_REQUESTS = 20;
const LANES = 2;

const queryKinds: ReadonlySet<string> = new Set(QUERY_KINDS);
const survivable = FAULT_CATALOGUE.filter(({ stalls }) => stalls !== true).flatMap((fault) => {
  const on = fault.survivableOn.filter((kind) => queryKinds.has(kind));
  return on.length === 0 ? [] : [{ ...fault, on }];
});

const killedRun: fc.Arbitrary<KilledRun> = fc.record({
  paging: fc.constantFrom('parallel' as const, 'sequence' as const),
  gzip: fc.boolean(),
  kills: fc.array(fc.record({ requests: fc.integer({ min: 1, max: MOST_REQUESTS }), delayMs: fc.nat(30) }), {
    minLength: 1,
    maxLength: 3,
  }),
  faults: fc
    .record({ seed: fc.nat(1_000_000), count: fc.constantFrom(0, 0, 1, 2) })
    .map((drawn) => drawFaults({ ...drawn, from: survivable })),
});

async function play({ kills, faults, ...setting }: KilledRun): Promise<Played> {
  await using org = await faultyOrg(faults, setting);
  await using target = await targetFolder();
  const { url, clientId, clientSecret } = org.emulator;
  const order = {
    url,
    clientId,
    clientSecret,
    query: QUERY,
    gzip: setting.gzip,
    parallelPages: setting.paging === 'parallel',
    dataPath: target.dataPath,
    journalPath: target.journalPath,
  };
  let killed = 0;
  let end: CopyEnd | undefined;
  for (const kill of [...kills, undefined]) {
    using victim = await copyProcess();
    const ended = victim.run(order);
    // A copy that is over sooner makes no more requests; then the emulator ends the wait.
    if (kill !== undefined) killAt(victim, kill, org.emulator).catch(() => {});
    end = await ended;
    if (end !== undefined) break;
    killed += 1;
  }
  if (end?.kind !== 'receipt') return { problems: [JSON.stringify(end)], killed };
  const files = await undisturbed(setting);
  const { emulator } = org;
  return {
    problems: await endingProblems(end, {
      emulator,
      target,
      undisturbed: [files],
      isInOrder: !anyIs(faults, 'reorders'),
    }),
    killed,
  };
}

const count = countFromEnv('SLUICE_KILL_RUNS', 200);

it(
  `${count} copies killed at any moment and resumed end exact, with nothing left`,
  async () => {
    // Some are over before their moment comes; enough are drawn for those that are not.
    const drawn = fc.sample(killedRun, { seed: inject('seed'), numRuns: 2 * count });
    const left = drawn.entries();
    const problems: string[] = [];
    let killedRuns = 0;
    let kills = 0;
    const lane = async (): Promise<void> => {
      while (killedRuns < count) {
        const { value: next } = left.next();
        if (next === undefined) return;
        const [at, run] = next;
        const played = await play(run);
        kills += played.killed;
        if (played.killed > 0) killedRuns += 1;
        problems.push(...played.problems.map((problem) => `run ${at}, ${JSON.stringify(run)}: ${problem}`));
      }
    };

    await Promise.all(Array.from({ length: LANES }, lane));

    process.stdout.write(`${killedRuns} copies killed, ${kills} times in all\n`);
    expect(problems).toEqual([]);
    expect(killedRuns).toBeGreaterThanOrEqual(count);
  },
  120 * 60_000,
);
