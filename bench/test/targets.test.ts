import { describe, expect, it } from 'vitest';

import { withTargets } from '../harness/performance-page.ts';
import { renderTargets, TARGETS } from '../harness/targets.ts';
import { contender } from './some-results.ts';

const decode = {
  name: 'decode',
  title: 'decoding',
  rows: 10,
  bytes: 1000,
  rounds: 1,
  contenders: [
    contender('sluice, wasm', 100, 100, true),
    contender('DuckDB, one thread', 300, 100),
    contender('csv-parse', 1400, 100),
  ],
};

const scale = {
  ...decode,
  name: 'scale',
  contenders: [contender('sluice, 5 million rows', 1, 300e6, true), contender('download, 5 million rows', 1, 180e6)],
};

const lineOf = (table: string, ...cells: readonly string[]): string | undefined =>
  table.split('\n').find((line) => cells.every((cell) => line.includes(`| ${cell} `)));

describe('the table of targets', () => {
  it('says of each what was reached, and whether that is enough', () => {
    const table = renderTargets([decode, scale], '');

    expect(table.split('\n')).toHaveLength(TARGETS.length + 2);
    expect(lineOf(table, 'sluice, wasm', 'DuckDB, one thread')).toMatch(/CPU time +\| at least 2.5 x +\| 3 x +\|$/);
    expect(lineOf(table, 'sluice, wasm', 'csv-parse')).toMatch(/\| at least 15 x +\| 14 x, not reached +\|$/);
    expect(lineOf(table, 'download, 5 million rows')).toMatch(/\| at most 150 MB more \| 120 MB more +\|$/);
    expect(lineOf(table, 'csv-stringify')).toMatch(/\| not measured +\|$/);
  });

  it('says where a peer is not on this machine', () => {
    const table = renderTargets([{ ...decode, contenders: decode.contenders.slice(0, 2), absent: ['csv-parse'] }], '');

    expect(lineOf(table, 'sluice, wasm', 'csv-parse')).toMatch(/\| csv-parse is not available here +\|$/);
    expect(lineOf(table, 'sluice, wasm', 'DuckDB, one thread')).toMatch(/\| 3 x +\|$/);
  });

  it('keeps what suites came to that did not run now', () => {
    const page = 'before\n\n<!-- bench: targets -->\n\nnothing yet\n\n<!-- end -->\n\nafter\n';

    const second = withTargets(withTargets(page, [decode]), [scale]);

    expect(lineOf(second, 'DuckDB, one thread')).toContain('| 3 x ');
    expect(lineOf(second, 'download, 5 million rows')).toContain('| 120 MB more ');
    expect(() => withTargets('nothing', [])).toThrow('no marks for the targets');
  });
});
