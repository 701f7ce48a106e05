import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runExample } from '../run-example.ts';

describe('the demo', () => {
  it('copies every row of the org to files that another library reads, and those into another org and back', async () => {
    const { code, stdout, stderr } = await runExample(fileURLToPath(new URL('main.ts', import.meta.url)));

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/countries: 249 rows read = 249 written \+ 0 rejected/);
    expect(stdout).toMatch(/navaids: 11,008 rows read = 11,008 written \+ 0 rejected/);
    expect(stdout).toMatch(/runways: 48,184 rows read = 48,184 written \+ 0 rejected/);
    expect(stdout).toMatch(/companies: 503 rows read = 503 written \+ 0 rejected/);
    expect(stdout).toMatch(/navaids, read back with DuckDB: 11,008 rows/);
    expect(stdout).toMatch(/Latitude__c +DECIMAL\(18,15\) +52\.558898925781250/);
    expect(stdout).toMatch(/by default a rejected row fails the run: 1 row was rejected/);
    expect(stdout).toMatch(/navaids, one of a kind unknown: 11,008 rows read = 11,007 written \+ 1 rejected/);
    expect(stdout).toMatch(/rejected: 1 × INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST: .*restricted picklist/);
    expect(stdout).toMatch(/navaids: 11,008 records are there, each as it was meant to be/);
    expect(stdout).toMatch(/companies: 503 records are there, each as it was meant to be/);
  });
});
