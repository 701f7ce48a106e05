import { describe, expect, it } from 'vitest';

import { type CheckStep, runSteps } from '../scripts/check/check-step.ts';

const fine: CheckStep = { name: 'fine', run: async () => [] };
const finding: CheckStep = {
  name: 'finding',
  run: async () => [{ where: 'a.ts:3', what: 'is wrong\nin two lines', fix: 'Put it right.' }],
};
const broken: CheckStep = { name: 'broken', run: () => Promise.reject(new Error('no such tool')) };

async function report(
  steps: readonly CheckStep[],
): Promise<{ readonly failed: readonly string[]; readonly text: string }> {
  const lines: string[] = [];
  const failed = await runSteps(steps, (line) => lines.push(line));
  return { failed, text: lines.join('\n') };
}

describe('a check', () => {
  it('passes when no step found anything', async () => {
    const { failed, text } = await report([fine, fine]);

    expect(failed).toEqual([]);
    expect(text).toMatch(/^ok {4}fine .*\nok {4}fine .*\ncheck: 2 steps, nothing found$/);
  });

  it('says what is wrong, where, and what to do, and goes on to the next step', async () => {
    const { failed, text } = await report([finding, fine]);

    expect(failed).toEqual(['finding']);
    expect(text).toMatch(/^FAIL {2}finding /);
    expect(text).toContain('a.ts:3\n        is wrong\n        in two lines\n        -> Put it right.\nok    fine');
    expect(text).toMatch(/check: 2 steps, found something in finding$/);
  });

  it('fails when a step breaks', async () => {
    const { failed, text } = await report([broken]);

    expect(failed).toEqual(['broken']);
    expect(text).toContain('Error: no such tool');
  });
});
