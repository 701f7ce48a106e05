import { expect, inject, it } from 'vitest';

import { playLoads } from './load-schedules.ts';

const SCHEDULES = 40;

it('a load ends with every row once, or names those that are not, whatever goes wrong and wherever processes die', async () => {
  const whole = await playLoads(inject('seed'), SCHEDULES);

  // A campaign in which everything fails would prove little.
  expect(whole).toBeGreaterThan(SCHEDULES / 3);
  expect(whole).toBeLessThan(SCHEDULES);
}, 300_000);
