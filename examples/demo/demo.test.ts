import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

describe('the demo', () => {
  it('copies every row of the org to files that another library reads', async () => {
    const { code, stdout, stderr } = await runNode(fileURLToPath(new URL('main.ts', import.meta.url)));

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/countries: 249 rows read = 249 written \+ 0 rejected/);
    expect(stdout).toMatch(/navaids: 11,008 rows read = 11,008 written \+ 0 rejected/);
    expect(stdout).toMatch(/runways: 48,184 rows read = 48,184 written \+ 0 rejected/);
    expect(stdout).toMatch(/companies: 503 rows read = 503 written \+ 0 rejected/);
    expect(stdout).toMatch(/navaids, read back with DuckDB: 11,008 rows/);
    expect(stdout).toMatch(/Latitude__c +DECIMAL\(18,15\) +52\.558898925781250/);
  });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function runNode(path: string): Promise<Ended> {
  const child = spawn(process.execPath, ['--conditions=@sluice/source', path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  return { code: await promise, stdout, stderr };
}
