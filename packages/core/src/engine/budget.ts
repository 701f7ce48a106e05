import { Semaphore } from './semaphore.ts';

export type Side = 'read' | 'write';

const DEFAULT_CONNECTIONS = 8;

interface Share {
  readonly semaphore: Semaphore;
  /** What each run allows, by a token of the run. */
  readonly limits: Map<object, number>;
}

/**
 * Connections of remote accounts, shared by all runs of the process. Reading and writing draw from shares of their own,
 * so that a copy within one account cannot wait for itself. The smallest limit of the runs under way counts.
 */
export class Budgets {
  readonly #shares = new Map<string, Share>();

  share(accountId: string, side: Side, run: object, connections = DEFAULT_CONNECTIONS): Semaphore {
    const key = `${side} ${accountId}`;
    let share = this.#shares.get(key);
    if (share === undefined) {
      share = { semaphore: new Semaphore(connections), limits: new Map() };
      this.#shares.set(key, share);
    }
    if (share.limits.get(run) !== connections) {
      share.limits.set(run, connections);
      share.semaphore.capacity = Math.min(...share.limits.values());
    }
    return share.semaphore;
  }

  /** Forgets the limits of a run that has ended. */
  release(run: object): void {
    for (const [key, { semaphore, limits }] of this.#shares) {
      if (!limits.delete(run)) continue;
      if (limits.size === 0) this.#shares.delete(key);
      else semaphore.capacity = Math.min(...limits.values());
    }
  }
}

export const processBudgets = new Budgets();
