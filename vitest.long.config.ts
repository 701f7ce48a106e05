import { defineConfig } from 'vitest/config';

import { RESOLVE_SOURCES, TEST_OPTIONS } from './test/setup/test-options.ts';

const seed = readSeed(process.env['SLUICE_SEED']) ?? Math.floor(Math.random() * 2 ** 31);
const howToRepeat = `seed ${seed}; to repeat: SLUICE_SEED=${seed} npx -y pnpm@12 test:long`;

function readSeed(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** 31) {
    throw new Error('SLUICE_SEED must be a whole number from 0 to 2,147,483,647');
  }
  return value;
}

export default defineConfig({
  ...RESOLVE_SOURCES,
  test: {
    ...TEST_OPTIONS,
    // Every first-party plugin passes the conformance kit at length, too, and processes die at every entry of a journal.
    include: ['packages/*/test-long/**/*.test.ts', 'packages/*/test/**/*{conformance,interrupted,deaths}.test.ts'],
    provide: { seed, long: true },
    testTimeout: 30 * 60_000,
    hookTimeout: 5 * 60_000,
    reporters: [
      'default',
      {
        onInit: () => process.stdout.write(`${howToRepeat}\n`),
        onTestRunEnd: (_modules, _errors, reason) => {
          if (reason !== 'passed') process.stdout.write(`${howToRepeat}\n`);
        },
      },
    ],
  },
});
