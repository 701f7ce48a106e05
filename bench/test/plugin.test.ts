import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runSuite } from '../harness/run-suite.ts';
import { loadSubject, rolesOf } from '../plugin/bench-subject.ts';
import { openPluginSuites } from '../plugin/plugin-suites.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

describe('a plugin', () => {
  it('is measured in every role it has, its result checked, beside the nearest of ours', async () => {
    const suites = await openPluginSuites(pathOf('sample-subject.ts'), { rows: 300, isLarge: false });

    expect(suites.map(({ name }) => name)).toEqual(['sample, source', 'sample, encode', 'sample, decode']);
    for (const suite of suites) {
      await using opened = suite;
      const { contenders } = await runSuite(opened, { rounds: 1, tell: () => {} });

      expect(contenders.map(({ isOurs }) => isOurs)).toEqual([true, false]);
    }
  });

  it('that exports nothing to measure is refused', async () => {
    await expect(loadSubject(pathOf('some-results.ts'))).rejects.toThrow('exports no subject with a name');
    expect(rolesOf({ name: 'empty' })).toEqual([]);
  });
});
