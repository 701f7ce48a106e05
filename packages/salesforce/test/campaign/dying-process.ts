import type { Clock, Journal } from '@sluice/core';

/** Where a process dies: at which of its appends, before or after the entry is durable. */
export interface Death {
  /** From 0. */
  readonly append: number;
  readonly when: 'before' | 'after';
}

export interface DyingProcess {
  readonly journal: Journal;
  /** Stands still once the process is dead, so that nothing of it comes back. */
  readonly clock: Clock;
  /** Resolves at its death; never, when it ends before. */
  readonly died: Promise<'died'>;
}

const forever = new Promise<never>(() => {});

/** The journal and clock of a process that dies at an append: nothing it waits for comes any more. */
export function dyingProcess(journal: Journal, clock: Clock, death: Death): DyingProcess {
  const { promise: died, resolve } = Promise.withResolvers<'died'>();
  let appends = 0;
  let isDead = false;
  return {
    died,
    clock: {
      now: () => clock.now(),
      async sleep(delayMs, signal) {
        if (isDead) await forever;
        await clock.sleep(delayMs, signal);
        if (isDead) await forever;
      },
    },
    journal: {
      ...journal,
      async open(runId) {
        const run = await journal.open(runId);
        return {
          ...run,
          async append(entry) {
            if (isDead) await forever;
            const isLast = appends++ === death.append;
            isDead = isLast;
            if (!isLast || death.when === 'after') await run.append(entry);
            if (!isLast) return;
            // With the process goes its hold of the run.
            await run[Symbol.asyncDispose]();
            resolve('died');
            await forever;
          },
        };
      },
    },
  };
}
