import { FAULT_CATALOGUE, REQUEST_KINDS, type RequestKind, type ScheduledFault } from '@sluice/salesforce-emulator';
import * as fc from 'fast-check';

import { playToTheEnd, type Schedule } from './play-schedule.ts';

/** A run makes about as many of each kind at most, those of its resumes included. */
const MOST_REQUESTS: Readonly<Record<RequestKind, number>> = {
  login: 2,
  versions: 3,
  resources: 3,
  restQuery: 6,
  describe: 2,
  limits: 3,
  create: 3,
  poll: 5,
  pageLinks: 4,
  page: 14,
  abort: 1,
  delete: 2,
};
/** Journal entries of an undisturbed run. */
const MOST_APPENDS = 45;

const kinds = Object.keys(REQUEST_KINDS) as readonly RequestKind[];

/** First the request, then what befalls it, so that pages do not hide the rest. */
const fault: fc.Arbitrary<ScheduledFault> = fc
  .oneof({ weight: 2, arbitrary: fc.constantFrom(...kinds) }, { weight: 1, arbitrary: fc.constant('page' as const) })
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
  faults: fc.array(fault, { maxLength: 4 }),
  deaths: fc.array(death, { maxLength: 2 }),
  paging: fc.constantFrom('parallel' as const, 'sequence' as const),
  gzip: fc.boolean(),
});

/** Schedules played side by side, since most of the time of each is waiting. */
const LANES = 4;

/** Plays schedules drawn from the seed. The message of a failure holds the smallest schedule that fails alike. */
export async function playSchedules(seed: number, count: number): Promise<void> {
  const played = fc.asyncProperty(schedule, async (drawn) => {
    const problems = await playToTheEnd(drawn);
    if (problems.length > 0) throw new Error(problems.join('\n'));
  });
  const lanes = Array.from({ length: LANES }, async (_, lane) => {
    await fc.assert(played, { seed: seed + lane, numRuns: Math.ceil(count / LANES) });
  });
  await Promise.all(lanes);
}
