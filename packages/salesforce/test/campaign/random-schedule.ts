import { FAULT_CATALOGUE, QUERY_KINDS, type QueryKind, type ScheduledFault } from '@sluice/salesforce-emulator';
import * as fc from 'fast-check';

import { playToTheEnd, type Schedule } from './play-schedule.ts';

/** A run makes about as many of each kind at most, those of its resumes included. */
const MOST_REQUESTS: Readonly<Record<QueryKind, number>> = {
  login: 1,
  versions: 2,
  resources: 2,
  restQuery: 4,
  describe: 1,
  limits: 2,
  create: 2,
  poll: 3,
  pageLinks: 2,
  page: 8,
  abort: 1,
  delete: 1,
};
/** Journal entries of an undisturbed run. */
const MOST_APPENDS = 45;

/** First the request, then what befalls it, so that pages do not hide the rest. */
const fault: fc.Arbitrary<ScheduledFault> = fc
  .oneof(
    { weight: 2, arbitrary: fc.constantFrom(...QUERY_KINDS) },
    { weight: 1, arbitrary: fc.constant('page' as const) },
  )
  .chain((on) =>
    fc.record({
      fault: fc.constantFrom(...FAULT_CATALOGUE.filter((entry) => entry.on.includes(on)).map(({ id }) => id)),
      on: fc.constant(on),
      nth: fc.integer({ min: 1, max: MOST_REQUESTS[on] }),
      times: fc.constantFrom(1, 1, 1, 2),
      seed: fc.nat(1_000_000),
    }),
  );

const death = fc.record({ append: fc.nat(MOST_APPENDS), when: fc.constantFrom('before' as const, 'after' as const) });

const schedule: fc.Arbitrary<Schedule> = fc.record({
  faults: fc.array(fault, { minLength: 1, maxLength: 5 }),
  deaths: fc.array(death, { maxLength: 2 }),
  resumes: fc.constantFrom(0, 0, 1, 5),
  paging: fc.constantFrom('parallel' as const, 'sequence' as const),
  gzip: fc.boolean(),
});

/** Schedules played side by side, since most of the time of each is waiting. */
const LANES = 4;

/**
 * Plays schedules drawn from the seed, and says how many ended in exact data; the others ended in an error. The message
 * of a failure holds the smallest schedule that fails alike.
 */
export async function playSchedules(seed: number, count: number): Promise<number> {
  let exact = 0;
  const played = fc.asyncProperty(schedule, async (drawn) => {
    const { problems, isExact } = await playToTheEnd(drawn);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    if (isExact) exact += 1;
  });
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    await fc.assert(played, { seed: seed + lane, numRuns: Math.ceil(count / LANES) });
  });
  await Promise.all(lanes);
  return exact;
}
