import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadFactory, memoryVault, type PipelineRun, runPipeline } from '@sluice/adf';
import { answerWith, startEmulator } from '@sluice/salesforce-emulator';
import { describe, expect, it } from 'vitest';

import { runExample } from '../run-example.ts';

describe('the example of a data factory', () => {
  it('INC-02 copies each row once in two runs, and remembers how far it came', async () => {
    const { code, stdout, stderr } = await runExample(fileURLToPath(new URL('main.ts', import.meta.url)));

    expect(stderr).toBe('');
    expect(code).toBe(0);
    const copied = [...stdout.matchAll(/CopyChanges: Succeeded, (\d+) rows/g)].map(([, rows]) => Number(rows));
    expect(copied).toHaveLength(4);
    expect(Math.min(...copied)).toBeGreaterThan(0);
    expect(copied.reduce((sum, rows) => sum + rows)).toBe(249 + 503);
  });

  it('INC-03 advances no mark beyond a copy that failed, so that the next run copies the rows', async () => {
    await using emulator = await startEmulator();
    const folder = await mkdtemp(join(tmpdir(), 'sluice-factory-'));
    for (const part of ['factory', 'one-row.csv']) {
      await cp(fileURLToPath(new URL(part, import.meta.url)), join(folder, part), { recursive: true });
    }
    const { factory } = await loadFactory(join(folder, 'factory'));
    const run = async (until: string): Promise<PipelineRun> => {
      const result = await runPipeline(factory, {
        pipeline: 'LoadChanges',
        parameters: { until, objects: [{ object: 'Country__c', columns: 'Id, SystemModstamp' }] },
        factoryFolder: join(folder, 'factory'),
        vaults: memoryVault({
          'sf-url': emulator.url,
          'sf-client-id': emulator.clientId,
          'sf-secret': emulator.clientSecret,
        }),
        clock: { now: () => Date.now(), sleep },
      });
      return result.run;
    };
    try {
      const failing = emulator.faults.add({
        match: { method: 'POST', path: '/jobs/query' },
        action: answerWith(400, { errorCode: 'API_ERROR', message: 'not today' }),
      });
      const failed = await run('2025-02-01T00:00:00Z');
      failing[Symbol.dispose]();
      const succeeded = await run('2026-01-01T00:00:00Z');

      expect(failed.status).toBe('Failed');
      expect(succeeded.status).toBe('Succeeded');
      expect(copiedRows(succeeded)).toBe(249);
      expect(await readFile(join(folder, 'out/marks/country__c.csv'), 'utf8')).toContain('2026-01-01T00:00:00Z');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Waits between attempts are over at once; time-outs and the bound of clean-up never come. */
async function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (delayMs <= 60_000 && delayMs !== 10_000) return;
  await new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function copiedRows({ activityRuns }: PipelineRun): unknown {
  const copy = activityRuns.find(({ activityName }) => activityName === 'CopyChanges')?.output;
  return typeof copy === 'object' && copy !== null && 'rowsCopied' in copy ? copy['rowsCopied'] : undefined;
}
