import type { ArmedFault } from '../harness/fault-kind.ts';

/** Counts how often a fault strikes. */
export class FaultHits implements ArmedFault {
  #hits = 0;

  get hits(): number {
    return this.#hits;
  }

  strike(): void {
    this.#hits++;
  }
}
