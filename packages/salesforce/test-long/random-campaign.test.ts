import { expect, inject, it } from 'vitest';

import { playSchedules } from '../test/campaign/random-schedule.ts';
import { countFromEnv } from './count-from-env.ts';

const schedules = countFromEnv('SLUICE_SCHEDULES', 2000);

it(
  `${schedules} schedules of faults and deaths end in exact data or in one clear error each`,
  async () => {
    await expect(playSchedules(inject('seed'), schedules)).resolves.toBeUndefined();
  },
  120 * 60_000,
);
