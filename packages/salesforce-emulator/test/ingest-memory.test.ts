import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('large-upload.ts', import.meta.url));
const MOST_BYTES = 16_000_000;
const TIMEOUT_MS = 120_000;

it(
  'an upload of 24 MB is processed, and its results are written, without being held in memory',
  async () => {
    const args = ['--conditions=@sluice/source', '--expose-gc', PROGRAM];
    const { stdout } = await promisify(execFile)(process.execPath, args);

    const { mostBytes, resultBytes, ...outcome } = JSON.parse(stdout);
    expect(outcome).toEqual({ statusCode: 201, state: 'JobComplete', numberRecordsFailed: 240 });
    expect(resultBytes).toBeGreaterThan(24_000_000);
    expect(mostBytes).toBeGreaterThan(0);
    expect(mostBytes).toBeLessThan(MOST_BYTES);
  },
  TIMEOUT_MS,
);
