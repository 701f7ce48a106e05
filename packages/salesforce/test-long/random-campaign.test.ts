import { expect, inject, it } from 'vitest';

import { playSchedules } from '../test/campaign/random-schedule.ts';
import { countFromEnv } from './count-from-env.ts';

const schedules = countFromEnv('SLUICE_SCHEDULES', 2000);

it(
  `${schedules} schedules of faults and deaths end in exact data or in one clear error each`,
  async () => {
    const exact = await playSchedules(inject('seed'), schedules);

    process.stdout.write(`${exact} of ${schedules} schedules ended in exact data, the others in an error\n`);
    // A campaign in which everything fails would prove little.
    expect(exact).toBeGreaterThan(schedules / 2);
  },
  120 * 60_000,
);
