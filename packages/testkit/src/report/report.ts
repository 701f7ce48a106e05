import type { Harness, Level } from '../check/check.ts';

/**
 * `excepted`: fails as the harness says it does. `inapplicable`: the plugin or its harness lacks something the check
 * needs.
 */
export type Outcome = 'passed' | 'failed' | 'excepted' | 'inapplicable';

export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly outcome: Outcome;
  /** Why it failed, why it may, or what is lacking. */
  readonly message?: string;
  readonly durationMs: number;
}

export interface Report {
  readonly plugin: string;
  readonly kind: Harness['kind'];
  /** Repeats the run. */
  readonly seed: number;
  readonly results: readonly CheckResult[];
}

/** Nothing failed, apart from exceptions. */
export function isPassed({ results }: Report): boolean {
  return results.every(({ outcome }) => outcome !== 'failed');
}

/** Nothing failed, and no check that a plugin must pass is excepted. */
export function conforms({ results }: Report): boolean {
  return results.every((result) => !isAgainst(result));
}

function isAgainst({ outcome, level }: CheckResult): boolean {
  return outcome === 'failed' || (outcome === 'excepted' && level === 'must');
}

/** Whether the plugin conforms, and what is against it: a sentence without an end. */
export function verdictOf({ results }: Report): string {
  const against = results
    .filter(isAgainst)
    .map(({ id, outcome }) => (outcome === 'failed' ? `${id} fails` : `${id} is a must and excepted`));
  return against.length === 0 ? 'conforms' : `does not conform: ${against.join(', ')}`;
}

export function countOutcomes({ results }: Report): Readonly<Record<Outcome, number>> {
  const counts = { passed: 0, failed: 0, excepted: 0, inapplicable: 0 };
  for (const { outcome } of results) counts[outcome]++;
  return counts;
}
