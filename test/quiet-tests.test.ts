import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { runTool } from '../scripts/check/tool-run.ts';
import { tempCheckout } from './temp-checkout.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

it('a test fails that says something, forgets a rejection or leaks listeners, and none that expects what is said', async () => {
  await using folder = await tempCheckout({});
  const reportFile = join(folder.root, 'report.json');

  const args = ['run', '--config', 'test/fixtures/noisy.config.ts', `--outputFile=${reportFile}`];
  const { exitCode } = await runTool(ROOT, 'vitest', args);

  const report: unknown = JSON.parse(await readFile(reportFile, 'utf8'));
  expect(exitCode).toBe(1);
  expect(report).toMatchObject({
    testResults: [
      {
        assertionResults: [
          { title: 'expects what is said', status: 'passed' },
          { title: 'says something', failureMessages: [expect.stringContaining('console.warn: careful')] },
          { title: 'forgets a rejection', failureMessages: [expect.stringContaining('rejection: Error: forgotten')] },
          { title: 'leaks listeners', failureMessages: [expect.stringContaining('MaxListenersExceededWarning: ')] },
        ],
      },
    ],
  });
});
