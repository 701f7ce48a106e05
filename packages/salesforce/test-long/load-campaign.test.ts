import { expect, inject, it } from 'vitest';

import { playLoads } from '../test/campaign/load-schedules.ts';
import { countFromEnv } from './count-from-env.ts';

const count = countFromEnv('SLUICE_LOAD_SCHEDULES', 1000);

it(
  `${count} loads end with every row once, or name those that are not, whatever goes wrong and wherever processes die`,
  async () => {
    const whole = await playLoads(inject('seed'), count);

    process.stdout.write(`${whole} of ${count} loads ended with every row in the org\n`);
    expect(whole).toBeGreaterThan(count / 3);
  },
  120 * 60_000,
);
