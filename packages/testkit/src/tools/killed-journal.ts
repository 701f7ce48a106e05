import type { Journal, JournalEntry } from '@sluice/core';

/** Which append of a process is its last, from 0, and whether it still takes effect. */
export interface Death {
  readonly append: number;
  readonly when: 'before' | 'after';
}

/** A durable journal in memory, whose runs outlive the processes that write them. */
export interface KilledJournal {
  /** Entries of all runs so far, as JSON. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
  /** The journal as one process sees it, which dies at one of its appends: it never gets an answer. */
  process(death?: Death): { readonly journal: Journal; readonly died: Promise<void> };
  /** Lets the dead come to an end, so that what they hold open is closed. Call when all has been looked at. */
  bury(): void;
}

export function killedJournal(): KilledJournal {
  const texts = new Map<string, string[]>();
  const grave = Promise.withResolvers<never>();
  grave.promise.catch(() => {});
  // Written by `append`.
  const entriesOf = (id: string): JournalEntry[] =>
    (texts.get(id) ?? []).map((text) => JSON.parse(text) as JournalEntry);
  return {
    texts,
    bury: () => grave.reject(new Error('this process was killed in a test')),
    process(death) {
      const { promise: died, resolve: die } = Promise.withResolvers<void>();
      let isDead = false;
      let appends = 0;
      const kill = async (): Promise<never> => {
        isDead = true;
        die();
        return await grave.promise;
      };
      const journal: Journal = {
        durable: true,
        location: 'memory',
        async open(id) {
          return {
            id,
            entries: entriesOf(id),
            async append(entry) {
              if (isDead) await grave.promise;
              const isLast = appends++ === death?.append;
              if (isLast && death.when === 'before') await kill();
              texts.set(id, [...(texts.get(id) ?? []), JSON.stringify(entry)]);
              if (isLast) await kill();
            },
            async [Symbol.asyncDispose]() {},
          };
        },
        peek: async (id) => (texts.has(id) ? entriesOf(id) : undefined),
        list: async () => [],
      };
      return { journal, died };
    },
  };
}
