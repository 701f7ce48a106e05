import type { ViteUserConfig } from 'vitest/config';

import { memoryFolder } from './memory-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where random tests start: `inject('seed')`. Fixed in `test`, another one on every `test:long`. */
    readonly seed: number;
    /** Whether the conformance kit takes its time, and processes die at every entry: `inject('long')`. Only in `test:long`. */
    readonly long: boolean;
  }
}

type TestOptions = NonNullable<ViteUserConfig['test']>;

/** Packages resolve to their TypeScript sources. */
const conditions = ['@sluice/source'];

export const RESOLVE_SOURCES: ViteUserConfig = { resolve: { conditions }, ssr: { resolve: { conditions } } };

const temporary = memoryFolder();

/** What short and long tests have in common. */
export const TEST_OPTIONS: TestOptions = {
  setupFiles: ['test/setup/quiet-tests.ts'],
  pool: 'forks',
  maxWorkers: 2,
  retry: 0,
  ...(temporary === undefined ? {} : { env: { TMPDIR: temporary } }),
};
