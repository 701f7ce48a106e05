import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

const PAGE = new URL('../../../docs/salesforce-org-behaviour.md', import.meta.url);

describe('the page on what a real org does', () => {
  it('names for every id tests that cite it', async () => {
    const page = await readFile(PAGE, 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('| RW-'));
    const missing: string[] = [];
    for (const row of rows) {
      const [, id = ''] = row.split('|').map((cell) => cell.trim());
      const files = [...row.matchAll(/`([\w-]+\.test\.ts)`/g)].map(([, name]) => name ?? '');
      if (files.length === 0) missing.push(`${id} in no test`);
      for (const file of files) {
        const test = await readFile(new URL(file, import.meta.url), 'utf8');
        if (!test.includes(`${id}:`)) missing.push(`${id} in ${file}`);
      }
    }

    expect(rows).toHaveLength(40);
    expect(missing).toEqual([]);
  });
});
