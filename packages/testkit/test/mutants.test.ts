import { afterEach, describe, expect, inject, it } from 'vitest';

import { CHECKS, probeCapabilities, runCheck } from '../src/index.ts';
import { DEMAND_MUTANTS } from './mutants/demand-mutants.ts';
import { ERROR_MUTANTS } from './mutants/error-mutants.ts';
import { FORMAT_MUTANTS } from './mutants/format-mutants.ts';
import { IDLE_PLUGIN_MUTANTS, IDLE_SINK_MUTANTS, IDLE_SOURCE_MUTANTS } from './mutants/idle-fault-mutants.ts';
import { LATE_SINK_MUTANTS } from './mutants/late-sink-mutants.ts';
import type { Mutant } from './mutants/mutant.ts';
import { clearLeaks, PLUGIN_MUTANTS } from './mutants/plugin-mutants.ts';
import { SINK_MUTANTS } from './mutants/sink-mutants.ts';
import { SOURCE_FAULT_MUTANTS } from './mutants/source-fault-mutants.ts';
import { SOURCE_MUTANTS } from './mutants/source-mutants.ts';
import { STORE_MUTANTS } from './mutants/store-mutants.ts';

const MUTANTS: Readonly<Record<string, readonly Mutant[]>> = {
  plugin: [...PLUGIN_MUTANTS, ...ERROR_MUTANTS, ...IDLE_PLUGIN_MUTANTS],
  source: [...SOURCE_MUTANTS, ...DEMAND_MUTANTS, ...SOURCE_FAULT_MUTANTS, ...IDLE_SOURCE_MUTANTS],
  sink: [...SINK_MUTANTS, ...LATE_SINK_MUTANTS, ...IDLE_SINK_MUTANTS],
  format: FORMAT_MUTANTS,
  store: STORE_MUTANTS,
};

afterEach(clearLeaks);

describe.each(Object.entries(MUTANTS))('a %s', (side, mutants) => {
  it.each(mutants.map((mutant) => [mutant.is, mutant.check, mutant] as const))(
    'that %s fails %s',
    async (_is, id, mutant) => {
      const check = CHECKS.find((one) => one.id === id && one.side === side)!;
      const harness = mutant.harness();
      const capabilities = await probeCapabilities(harness);

      const result = await runCheck(check, harness, { seed: inject('seed') });

      expect(check.needs.filter((need) => !capabilities.has(need))).toEqual([]);
      expect(result).toMatchObject({ outcome: 'failed', message: expect.stringMatching(mutant.says) });
    },
  );

  it('has, for every check with a fault, a mutant whose fault never strikes', () => {
    const ids = CHECKS.filter((check) => check.side === side && check.needs.some((need) => need.startsWith('fault:')));
    const idle = new Set(mutants.flatMap(({ says, check }) => (says.source.includes('never struck') ? [check] : [])));

    expect(ids.map(({ id }) => id).filter((id) => !idle.has(id))).toEqual([]);
  });

  it('has a mutant for every check', () => {
    const ids = CHECKS.filter((check) => check.side === side && check.isLong !== true).map(({ id }) => id);

    expect(ids.filter((id) => !mutants.some(({ check }) => check === id))).toEqual([]);
  });
});
