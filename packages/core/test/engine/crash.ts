import type { Journal, JournalEntry } from '../../src/contract/journal.ts';
import { entryText } from '../../src/journal/entry-text.ts';
import type { MemoryDisk } from './memory-disk.ts';

/** A process that may die. What it does afterwards reaches nobody, and what it waits for never comes. */
export interface Process {
  readonly isAlive: boolean;
  readonly died: Promise<void>;
  die(): void;
  /** Never resolves once the process is dead, nor throws until it is buried. */
  breathe(): Promise<void>;
  /** Lets what is left of the process come to an end, so that the files it holds open are closed. */
  bury(): void;
}

export function newProcess(): Process {
  let isAlive = true;
  const { promise: died, resolve } = Promise.withResolvers<void>();
  const grave = Promise.withResolvers<never>();
  grave.promise.catch(() => {});
  return {
    died,
    get isAlive() {
      return isAlive;
    },
    die() {
      isAlive = false;
      resolve();
    },
    breathe: () => (isAlive ? Promise.resolve() : grave.promise),
    bury: () => grave.reject(new Error('this process was killed in a test')),
  };
}

export interface Death {
  /** Of the appends of this process, from 0. */
  readonly append: number;
  readonly when: 'before' | 'after';
}

/** Entries of runs that outlive the processes that write them. */
export type JournalTexts = Map<string, string[]>;

/** A durable journal as one process sees it, which dies at one of its appends. */
export function crashJournal(
  texts: JournalTexts,
  process: Process = newProcess(),
  death?: Death,
  filesFolder?: string,
): Journal {
  let appends = 0;
  // Written by `append`.
  const entriesOf = (id: string): JournalEntry[] =>
    (texts.get(id) ?? []).map((text) => JSON.parse(text) as JournalEntry);
  return {
    durable: true,
    location: '/journal',
    async open(id) {
      return {
        id,
        entries: entriesOf(id),
        ...(filesFolder === undefined ? {} : { filesFolder }),
        async append(entry) {
          await process.breathe();
          const isLast = appends++ === death?.append;
          if (isLast && death.when === 'before') process.die();
          await process.breathe();
          texts.set(id, [...(texts.get(id) ?? []), entryText(entry)]);
          if (isLast) process.die();
          await process.breathe();
        },
        async [Symbol.asyncDispose]() {},
      };
    },
    peek: async (id) => (texts.has(id) ? entriesOf(id) : undefined),
    list: async () => [],
  };
}

/** The disk as a process sees it: what a dead one writes is not there. */
export function diskOf(disk: MemoryDisk, process: Process): MemoryDisk {
  return {
    get targets() {
      return disk.targets;
    },
    get staged() {
      return disk.staged;
    },
    get published() {
      return disk.published;
    },
    update(change) {
      if (process.isAlive) disk.update(change);
    },
  };
}
