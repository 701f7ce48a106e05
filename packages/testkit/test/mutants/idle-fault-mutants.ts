import type { FaultKind, Faults } from '../../src/index.ts';
import { sinkHarness, sourceHarness } from '../memory-harness.ts';
import type { Mutant } from './mutant.ts';

const SOURCE_CHECKS: readonly (readonly [check: string, fault: FaultKind])[] = [
  ['S14', 'lost'],
  ['S17', 'miscount'],
  ['S18', 'cut'],
  ['S18-truncated', 'truncate'],
  ['S23', 'schemaChange'],
  ['S25', 'expireSession'],
  ['S26', 'rateLimit'],
];

const PLUGIN_CHECKS: readonly (readonly [check: string, fault: FaultKind])[] = [
  ['B4', 'forbidden'],
  ['B6-credentials', 'badCredentials'],
  ['B6-unreachable', 'unreachable'],
  ['B11-forbidden', 'forbidden'],
  ['B11-quota', 'quota'],
  ['B11-unavailable', 'unavailable'],
  ['B11-rate', 'rateLimit'],
  ['B12', 'unavailable'],
];

function withIdle<T extends { readonly faults?: Faults }>(side: T, kind: FaultKind): T {
  return { ...side, faults: { ...side.faults, [kind]: () => ({ hits: 0 }) } };
}

function idleSource(check: string, kind: FaultKind): Mutant {
  return {
    check,
    is: `has a remote side on which the fault "${kind}" never strikes`,
    says: new RegExp(`^the fault never struck: "${kind}" was armed`),
    harness: () =>
      sourceHarness({
        harness: (correct) => ({ ...correct, fixture: async (table) => withIdle(await correct.fixture(table), kind) }),
      }),
  };
}

/** Plugins are correct here, and harnesses arm nothing: a check that looks at the plugin alone would pass. */
export const IDLE_SOURCE_MUTANTS: readonly Mutant[] = SOURCE_CHECKS.map(([check, kind]) => idleSource(check, kind));
export const IDLE_PLUGIN_MUTANTS: readonly Mutant[] = PLUGIN_CHECKS.map(([check, kind]) => idleSource(check, kind));
export const IDLE_SINK_MUTANTS: readonly Mutant[] = [
  {
    check: 'K25',
    is: 'has a target that never fills up',
    says: /^the fault never struck: "full" was armed/,
    harness: () =>
      sinkHarness({
        harness: (correct) => ({ ...correct, target: async () => withIdle(await correct.target(), 'full') }),
      }),
  },
];
