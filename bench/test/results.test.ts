import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { renderBarChart } from '../harness/bar-chart.ts';
import { parseBaseline, regressions } from '../harness/compare-runs.ts';
import { withSuite } from '../harness/performance-page.ts';
import type { SuiteResult } from '../harness/run-suite.ts';
import { TARGETS } from '../harness/targets.ts';
import { SUITES } from '../suites.ts';
import { contender } from './some-results.ts';

const MACHINE = {
  processor: 'One',
  cores: 2,
  memoryBytes: 2 ** 33,
  system: 'linux 1',
  node: 'v24.0.0',
  measuredAt: '2026-11-25T10:00:00.000Z',
};

function suite(oursMs: number, peerMs: number, memory = 100): SuiteResult {
  return {
    name: 'decode',
    title: 'a & b',
    rows: 10,
    bytes: 1000,
    rounds: 1,
    contenders: [contender('ours', oursMs, memory, true), contender('peer <1>', peerMs, 500)],
  };
}

const baseline = parseBaseline(JSON.stringify({ results: [suite(100, 300)] }));

describe('a baseline', () => {
  it('is held on a machine that is slower for everyone', () => {
    expect(regressions(baseline, [suite(200, 600)], 0.15)).toEqual([]);
    expect(regressions(baseline, [suite(114, 300)], 0.15)).toEqual([]);
  });

  it('is broken by more time in relation to a peer, and by more memory', () => {
    expect(regressions(baseline, [suite(150, 300)], 0.15)).toEqual([
      'decode, ours: 1.50 times the CPU time, against peer <1>',
    ]);
    expect(regressions(baseline, [suite(100, 300, 130)], 0.15)).toEqual(['decode, ours: 1.30 times the peak memory']);
  });

  it('of other rows or suites is refused, and so is another file', () => {
    expect(() => regressions(baseline, [{ ...suite(1, 1), rows: 11 }], 0.15)).toThrow(TypeError);
    expect(() => parseBaseline('{"results": 1}')).toThrow('no file of results');
  });
});

describe('a chart', () => {
  it('has a bar for each contender, as long as its throughput', () => {
    const chart = renderBarChart(suite(100, 400));

    expect(chart.match(/<rect x="210"/g)).toHaveLength(2);
    expect(chart).toContain('width="400" height="18" fill="#0b7285"');
    expect(chart).toContain('width="100" height="18" fill="#adb5bd"');
    expect(chart).toContain('peer &lt;1&gt;');
  });
});

describe('the page', () => {
  it('gets the table between the marks of the suite, again and again', () => {
    const page = 'before\n\n<!-- bench: decode -->\n\n<!-- end -->\n\nafter\n';
    const once = withSuite(page, suite(100, 400), MACHINE);

    expect(once).toContain('before\n\n<!-- bench: decode -->\n\n![a & b](performance/decode.svg)\n\nOne, 2 cores');
    expect(once).toContain('2026-11-25. 10 rows');
    expect(once.endsWith('|\n\n<!-- end -->\n\nafter\n')).toBe(true);
    expect(withSuite(once, suite(100, 400), MACHINE)).toBe(once);
  });

  it('has marks for every suite, and every target is one of a suite', async () => {
    let page = await readFile(new URL('../../docs/performance.md', import.meta.url), 'utf8');

    for (const name of Object.keys(SUITES)) page = withSuite(page, { ...suite(1, 1), name }, MACHINE);

    expect(page.match(/One, 2 cores/g)).toHaveLength(Object.keys(SUITES).length);
    expect(TARGETS.filter((target) => SUITES[target.suite] === undefined)).toEqual([]);
  });

  it('without marks is refused', () => {
    expect(() => withSuite('nothing', suite(1, 1), MACHINE)).toThrow('no marks for the suite decode');
  });
});
