import { expect, inject, it } from 'vitest';

import { playSchedules } from './random-schedule.ts';

const SCHEDULES = 100;

it('ends in exact data or in one clear error, whatever goes wrong together and wherever processes die', async () => {
  await expect(playSchedules(inject('seed'), SCHEDULES)).resolves.toBeUndefined();
}, 300_000);
