import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';
import * as z from 'zod';

const SCRIPT = fileURLToPath(new URL('join-process.ts', import.meta.url));
/** What is needed is measured, not what Node and the allocator keep. */
const NODE_OPTIONS = ['--max-old-space-size=64', '--max-semi-space-size=8', '--conditions=@sluice/source'];
const ENV = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_TRIM_THRESHOLD_: '262144' };
const MOST_GROWTH = 1.3;

const news = z.object({ rejectedRows: z.number(), inOrder: z.number(), peakBytes: z.number() });

async function peakOf(rows: number): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_OPTIONS, SCRIPT, String(rows)], {
    env: { ...process.env, ...ENV },
  });
  const { rejectedRows, inOrder, peakBytes } = news.parse(JSON.parse(stdout));
  expect({ rejectedRows, inOrder }).toEqual({ rejectedRows: rows, inOrder: rows });
  return peakBytes;
}

it(
  'a million failures with a million texts are joined in hardly more memory than a tenth of them',
  async () => {
    const before = await peakOf(100_000);
    const peak = await peakOf(1_000_000);

    process.stdout.write(
      `peak memory: ${Math.round(before / 1_048_576)} MiB, then ${Math.round(peak / 1_048_576)} MiB\n`,
    );
    expect(peak / before).toBeLessThan(MOST_GROWTH);
  },
  10 * 60_000,
);
