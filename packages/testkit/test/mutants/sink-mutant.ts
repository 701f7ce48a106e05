import type { Sink, Writer } from '@sluice/core';

import type { MemoryTarget } from '../../src/index.ts';
import { type SinkChange, sinkHarness } from '../memory-harness.ts';
import type { Mutant } from './mutant.ts';

type Change = (sink: Sink, target: MemoryTarget) => Partial<Sink>;

/** Methods of the sink in the place of its own. */
export function sink(change: Change): SinkChange {
  return { sink: (correct, target) => ({ ...correct, ...change(correct, target) }) };
}

/** Methods of its writers in the place of their own. */
export function writers(change: (writer: Writer, target: MemoryTarget) => Partial<Writer>): SinkChange {
  return sink((correct, target) => ({
    async writer(...args) {
      const writer = await correct.writer(...args);
      return { ...writer, ...change(writer, target) };
    },
  }));
}

/** The effect of a commit, or what it says. */
export function commits(
  change: (sink: Sink, target: MemoryTarget, ...args: Parameters<Sink['commit']>) => ReturnType<Sink['commit']>,
): SinkChange {
  return sink((correct, target) => ({ commit: (...args) => change(correct, target, ...args) }));
}

export function mutant(check: string, is: string, says: RegExp, change: SinkChange): Mutant {
  return { check, is, says, harness: () => sinkHarness(change) };
}
