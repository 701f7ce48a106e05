import { FAULT_CATALOGUE, INGEST_KINDS, type IngestKind, type ScheduledFault } from '@sluice/salesforce-emulator';
import * as fc from 'fast-check';

import { playLoad, type LoadSchedule } from './play-load.ts';

/** A load makes about as many of each at most, those of its resumes included. */
const MOST_REQUESTS: Readonly<Record<IngestKind, number>> = {
  login: 1,
  versions: 1,
  resources: 1,
  restQuery: 2,
  describe: 2,
  limits: 2,
  ingestCreate: 6,
  upload: 6,
  close: 6,
  ingestPoll: 9,
  successful: 4,
  failed: 2,
  unprocessed: 2,
  ingestAbort: 2,
  ingestDelete: 4,
};
/** Journal entries of an undisturbed load. */
const MOST_APPENDS = 60;

/** First the request, then what befalls it. */
export const loadFault: fc.Arbitrary<ScheduledFault> = fc.constantFrom(...INGEST_KINDS).chain((on) =>
  fc.record({
    fault: fc.constantFrom(...FAULT_CATALOGUE.filter((entry) => entry.on.includes(on)).map(({ id }) => id)),
    on: fc.constant(on),
    nth: fc.integer({ min: 1, max: MOST_REQUESTS[on] }),
    times: fc.constantFrom(1, 1, 1, 2),
    seed: fc.nat(1_000_000),
  }),
);

const death = fc.record({ append: fc.nat(MOST_APPENDS), when: fc.constantFrom('before' as const, 'after' as const) });

const schedule: fc.Arbitrary<LoadSchedule> = fc.record({
  faults: fc.array(loadFault, { minLength: 1, maxLength: 4 }),
  deaths: fc.array(death, { maxLength: 2 }),
  resumes: fc.constantFrom(0, 0, 1, 5),
  hasParents: fc.boolean(),
  hasTwins: fc.boolean(),
  deleteJobs: fc.boolean(),
  takesRejects: fc.boolean(),
});

/** Schedules played side by side, since most of the time of each is waiting. */
const LANES = 4;

/**
 * Plays schedules drawn from the seed, and says how many ended with every row in the org. The message of a failure holds
 * the smallest schedule that fails alike.
 */
export async function playLoads(seed: number, count: number): Promise<number> {
  let whole = 0;
  const played = fc.asyncProperty(schedule, async (drawn) => {
    const { problems, isWhole } = await playLoad(drawn);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    if (isWhole) whole += 1;
  });
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    await fc.assert(played, { seed: seed + lane, numRuns: Math.ceil(count / LANES) });
  });
  await Promise.all(lanes);
  return whole;
}
