import { describe, expect, it } from 'vitest';

import { CHECKS, checksFor, LEFT_OUT } from '../src/index.ts';

/** The rules of a conformance kit at large: both sides, sources, sinks, runs. */
const RULES = [...numbered('B', 16), ...numbered('S', 28), ...numbered('K', 27), ...numbered('P', 6)];

function numbered(letter: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
}

function ruleOf(id: string): string {
  return id.split('-')[0]!;
}

describe('the checks', () => {
  it('hold every rule, or say why not', () => {
    const held = new Set(CHECKS.map(({ id }) => ruleOf(id)));

    expect(RULES.filter((rule) => !held.has(rule) && LEFT_OUT[rule] === undefined)).toEqual([]);
    expect(RULES.filter((rule) => held.has(rule) && LEFT_OUT[rule] !== undefined)).toEqual([]);
  });

  it('have ids of their own on each side', () => {
    for (const kind of ['source', 'sink', 'format', 'store'] as const) {
      const ids = checksFor(kind, true).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('say in sentences what has to hold and why', () => {
    for (const { title, reason } of CHECKS) {
      expect(title).toMatch(/^[A-Z`].*\.$/);
      expect(reason).toMatch(/^[A-Z`].*\.$/);
    }
  });
});
