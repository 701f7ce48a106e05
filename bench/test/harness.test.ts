import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import type { Facts, Suite } from '../harness/contender.ts';
import { renderSuite } from '../harness/report.ts';
import { runContender } from '../harness/run-contender.ts';
import { runSuite } from '../harness/run-suite.ts';
import { spreadOf } from '../harness/spread.ts';
import { RowFacts } from '../query/row-facts.ts';

const modulePath = fileURLToPath(new URL('adding-contender.ts', import.meta.url));

function contender(name: string, terms: number) {
  return { name, modulePath, input: { terms } };
}

describe('a contender', () => {
  it('runs in a process of its own and shows what it did', async () => {
    const { facts, wallMs, peakRssBytes } = await runContender(contender('adding', 10), { sum: 45 });

    expect(facts).toEqual({ sum: 45 });
    expect(wallMs).toBeGreaterThan(0);
    expect(peakRssBytes).toBeGreaterThan(1_000_000);
  });

  it('fails when it did other work than the rest', async () => {
    const run = runContender(contender('adding', 11), { sum: 45 });

    await expect(run).rejects.toThrow('adding: sum is 55, expected 45');
  });

  it('counts what processes took that it started', async () => {
    const { cpuMs, facts } = await runContender(
      { ...contender('adding', 10), input: { terms: 10, childMs: 5000 } },
      { sum: 45 },
    );

    expect(cpuMs).toBeGreaterThanOrEqual(5000);
    expect(facts).toEqual({ sum: 45 });
  });

  it('fails when it shows nothing', async () => {
    const run = runContender(contender('idle', 0), { sum: 0 });

    await expect(run).rejects.toThrow('idle shows nothing that could be checked');
  });
});

describe('a suite', () => {
  it('compares every round of a contender with the same round of the first', async () => {
    const expected: Facts = { sum: 45 };
    await using suite: Suite = {
      name: 'adding',
      title: 'numbers',
      expected,
      rows: 10,
      bytes: 80,
      contenders: [contender('one', 10), { ...contender('other', 10), caveat: 'the same thing' }],
      absent: ['a third'],
      async [Symbol.asyncDispose]() {},
    };
    const told: string[] = [];

    const result = await runSuite(suite, { rounds: 2, tell: (line) => told.push(line) });

    expect(told.map((line) => line.replace(/ [\d.]+ s$/, ''))).toEqual([
      'adding 1/2: one',
      'adding 1/2: other',
      'adding 2/2: one',
      'adding 2/2: other',
    ]);
    expect(result.contenders.map(({ ratio }) => ratio.min > 0)).toEqual([true, true]);
    expect(result.contenders[0]?.ratio).toEqual({ min: 1, median: 1, max: 1 });
    expect(renderSuite(result)).toContain('- other: the same thing\n- a third: not available here');
  });
});

describe('the spread of values', () => {
  it.each([
    [[3], { min: 3, median: 3, max: 3 }],
    [[4, 1, 3], { min: 1, median: 3, max: 4 }],
    [[4, 1, 3, 2], { min: 1, median: 2.5, max: 4 }],
  ])('of %j is %j', (values, spread) => {
    expect(spreadOf(values)).toEqual(spread);
  });

  it('of nothing is refused', () => {
    expect(() => spreadOf([])).toThrow(RangeError);
  });
});

describe('facts of rows', () => {
  it('are the same in any order and any notation of numbers', () => {
    const [one, other] = [new RowFacts(), new RowFacts()];
    const rows = [
      { id: 'a', description: 'first', amount: '1.5E7', startedMs: 1 },
      { id: 'b', description: '', amount: '0.125', startedMs: null },
      { id: 'c', description: null, amount: null, startedMs: 5 },
    ];
    for (const row of rows) one.add(row);

    for (const row of rows.toReversed())
      other.add({ ...row, amount: row.amount === '1.5E7' ? '15000000.00' : row.amount });

    expect(other.facts()).toEqual(one.facts());
    expect(one.facts()).toMatchObject({ rows: 3, emptyDescriptions: 2, amount: '1500000013', startedMs: '6' });
  });
});
