import type { Harness } from '../../src/index.ts';

/** A plugin that is broken in just one way. */
export interface Mutant {
  /** The check that has to notice. */
  readonly check: string;
  readonly is: string;
  readonly harness: () => Harness;
  /** What the failure has to say. */
  readonly says: RegExp;
}
