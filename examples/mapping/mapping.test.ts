import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runExample } from '../run-example.ts';

describe('the example of a mapping', () => {
  it('gives the columns it names, rejects what has no room, and refuses what does not suit the source', async () => {
    const { code, stdout, stderr } = await runExample(fileURLToPath(new URL('main.ts', import.meta.url)));

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('503 rows read = 195 written + 308 rejected\n');
    expect(stdout).toContain('308 rows: column "ebitda" from "EBITDA__c": expected a whole number');
    expect(stdout).toMatch(/price: '\d+\.\d\d',\n/);
    expect(stdout).toMatch(/created: '2025-01-\d\d',\n {2}source: 'crm'/);
    expect(stdout).toMatch(/the mapping: 2 problems: .* "Symbol"; .* never becomes Date32<DAY>\n$/);
  });
});
