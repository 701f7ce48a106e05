import { expect, inject, it } from 'vitest';

import { playSchedules } from './random-schedule.ts';

const SCHEDULES = 100;

it('ends in exact data or in one clear error, whatever goes wrong together and wherever processes die', async () => {
  const exact = await playSchedules(inject('seed'), SCHEDULES);

  // A campaign in which everything fails would prove little.
  expect(exact).toBeGreaterThan(SCHEDULES / 2);
  expect(exact).toBeLessThan(SCHEDULES);
}, 300_000);
