import { defineConfig } from 'vitest/config';

import { RESOLVE_SOURCES, TEST_OPTIONS } from './test/setup/test-options.ts';

/** Where to write the outcome as JSON, for whoever has to count it. */
const resultsFile = process.env['SLUICE_TEST_RESULTS'];

/** Packages whose tests replace no module and keep nothing in one: their files share processes, which start seldom. */
const TOGETHER = [
  'packages/{adf,cli,core,formats,salesforce-emulator}/test/**/*.test.ts',
  'packages/salesforce/test/*.test.ts',
];

export default defineConfig({
  ...RESOLVE_SOURCES,
  test: {
    ...TEST_OPTIONS,
    provide: { seed: 20_261_124, long: false },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: resultsFile === undefined ? ['default'] : ['default', ['json', { outputFile: resultsFile }]],
    projects: [
      { extends: true, test: { name: 'together', isolate: false, include: TOGETHER } },
      {
        extends: true,
        test: {
          name: 'apart',
          include: ['packages/*/test/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...TOGETHER],
        },
      },
    ],
  },
});
