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

  /** Without a number of connections, the run has the one it named before. */
  share(accountId: string, side: Side, run: object, connections?: number): Semaphore {
    const key = `${side} ${accountId}`;
    const share = this.#shares.get(key) ?? { semaphore: new Semaphore(DEFAULT_CONNECTIONS), limits: new Map() };
    this.#shares.set(key, share);
    const { semaphore, limits } = share;
    const known = limits.get(run);
    const limit = connections ?? known ?? DEFAULT_CONNECTIONS;
    if (limit !== known) {
      limits.set(run, limit);
      semaphore.capacity = Math.min(...limits.values());
    }
    return semaphore;
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
