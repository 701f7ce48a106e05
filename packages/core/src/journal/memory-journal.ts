import type { Journal, JournalEntry, RunJournal } from '../contract/journal.ts';
import { entryText } from './entry-text.ts';
import { appendedAfterClose, runLocked } from './journal-fault.ts';
import { checkRunId } from './run-id.ts';
import { inOrderOfStart, summarise, summaryEntries } from './run-summary.ts';

interface MemoryRun {
  /** JSON, so that nothing is shared with whoever appended. */
  readonly texts: string[];
  isHeld: boolean;
}

/** A journal that ends with the process. Runs are kept as long as the journal is. */
export function memoryJournal(): Journal {
  const runs = new Map<string, MemoryRun>();
  return {
    durable: false,
    location: undefined,

    async open(runId) {
      checkRunId(runId);
      const run = runs.get(runId) ?? { texts: [], isHeld: false };
      if (run.isHeld) throw runLocked(runId);
      runs.set(runId, run);
      run.isHeld = true;
      return memoryRun(runId, run, () => {
        run.isHeld = false;
        if (run.texts.length === 0) runs.delete(runId);
      });
    },

    async peek(runId) {
      checkRunId(runId);
      const texts = runs.get(runId)?.texts ?? [];
      return texts.length === 0 ? undefined : texts.map(parsed);
    },

    async list() {
      return inOrderOfStart(
        [...runs].flatMap(([id, { texts, isHeld }]) => {
          const entries = summaryEntries(texts.map(parsed));
          return entries === undefined ? [] : [summarise(id, isHeld, entries)];
        }),
      );
    },
  };
}

function memoryRun(id: string, run: MemoryRun, release: () => void): RunJournal {
  let isOpen = true;
  return {
    id,
    entries: run.texts.map(parsed),
    async append(entry) {
      if (!isOpen) throw appendedAfterClose(id);
      run.texts.push(entryText(entry));
    },
    async [Symbol.asyncDispose]() {
      if (isOpen) release();
      isOpen = false;
    },
  };
}

function parsed(text: string): JournalEntry {
  // Written by `append` as an entry.
  return JSON.parse(text) as JournalEntry;
}
