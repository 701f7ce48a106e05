import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runExample } from '../run-example.ts';

describe('the example of a data factory with PostgreSQL', () => {
  // A server and two orgs begin with it.
  it(
    'INC-01 INC-02 moves each row of an org into a database and into another org once, by marks in a control table',
    { timeout: 60_000 },
    async () => {
      const { code, stdout, stderr } = await runExample(fileURLToPath(new URL('main.ts', import.meta.url)));

      expect(stderr).toBe('');
      expect(code).toBe(0);
      const runs = (pipeline: string): readonly number[] =>
        [...stdout.matchAll(new RegExp(`${pipeline}: Succeeded (\\d+) rows, (\\d+) rows`, 'g'))].map(
          ([, one, other]) => Number(one) + Number(other),
        );
      const moved = runs('OrgToWarehouse');
      expect(moved).toHaveLength(2);
      expect(Math.min(...moved)).toBeGreaterThan(0);
      expect(moved.reduce((sum, rows) => sum + rows)).toBe(249 + 503);
      expect(runs('WarehouseToOrg')).toEqual(moved);
      expect(stdout).toContain('752 records, and each of them is in the other org.');
    },
  );
});
