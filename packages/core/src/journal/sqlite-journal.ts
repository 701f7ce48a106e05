import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

import type { Journal, JournalEntry, RunJournal, RunSummary } from '../contract/journal.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { readEntryStore, type WritableEntryStore, writeEntryStore } from './entry-store.ts';
import { appendedAfterClose, journalFault } from './journal-fault.ts';
import { createFolder } from './private-file.ts';
import { removeRun } from './remove-run.ts';
import { checkRunId, runFileName, runIdOf } from './run-id.ts';
import { isLocked, lockRun } from './run-lock.ts';
import { inOrderOfStart, summarise } from './run-summary.ts';

const EXTENSION = '.sqlite';
/** What a single file may be to blame for. */
const UNREADABLE: ReadonlySet<string> = new Set(['JOURNAL_UNREADABLE', 'IO_FAILED']);

/** A journal on a disk, which grows with every run until runs are removed. */
export interface DiskJournal extends Journal {
  /**
   * Removes a run that has ended, but for its lock, a file without content: two processes could hold two files of one
   * name. Returns whether there was one.
   *
   * @throws `CONFIG_INVALID` for a run that has not ended; `RUN_LOCKED`; `JOURNAL_UNREADABLE`.
   */
  remove(runId: string): Promise<boolean>;
}

/**
 * A journal in a folder on a local disk: one SQLite file a run, in write-ahead mode, every entry on the disk before
 * `append` resolves. A run has a file from its first entry on. Folder and files are the owner's alone. Rows that the engine
 * keeps of a run lie in a folder beside its file until the run has ended.
 *
 * One process holds a run, by a lock that dies with it; others may read meanwhile. Locks are those of the file system
 * (https://www.sqlite.org/lockingv3.html, read 2026-11), which network file systems may not keep.
 *
 * @throws from its methods: `RUN_LOCKED`; `JOURNAL_UNREADABLE` for a file that is damaged, no journal or of a later
 * version; `STORAGE_FULL`, `IO_FAILED`.
 */
export function sqliteJournal(folder: string): DiskJournal {
  const location = resolve(folder);
  const dataPath = (runId: string): string => join(location, `${runFileName(runId)}${EXTENSION}`);
  return {
    durable: true,
    location,

    async open(runId) {
      checkRunId(runId);
      try {
        createFolder(location);
      } catch (error) {
        throw journalFault(location, error);
      }
      const path = dataPath(runId);
      const lock = lockRun(lockPath(path), runId);
      let store: WritableEntryStore | undefined;
      try {
        if (existsSync(path)) store = writeEntryStore(path, runId);
        return heldRun({ path, runId, lock, store, filesFolder: rowsPath(path), entries: store?.entries() ?? [] });
      } catch (error) {
        store?.[Symbol.dispose]();
        lock[Symbol.dispose]();
        throw error;
      }
    },

    async peek(runId) {
      checkRunId(runId);
      using store = readEntryStore(dataPath(runId));
      const entries = store?.entries() ?? [];
      return entries.length === 0 ? undefined : entries;
    },

    async remove(runId) {
      checkRunId(runId);
      const path = dataPath(runId);
      if (!existsSync(path)) return false;
      const lock = lockRun(lockPath(path), runId);
      try {
        await removeRun(runId, { path, filesFolder: rowsPath(path) });
      } finally {
        lock[Symbol.dispose]();
      }
      return true;
    },

    async list() {
      const names = await namesIn(location);
      const paths = names.filter((name) => name.endsWith(EXTENSION)).map((name) => join(location, name));
      return inOrderOfStart(paths.flatMap(summaryOf));
    },
  };
}

function lockPath(path: string): string {
  return `${path.slice(0, -EXTENSION.length)}.lock`;
}

/** Where the engine keeps rows of the run. */
function rowsPath(path: string): string {
  return `${path.slice(0, -EXTENSION.length)}.rows`;
}

function summaryOf(path: string): readonly RunSummary[] {
  try {
    using store = readEntryStore(path);
    const entries = store?.summary();
    if (store === undefined || entries === undefined) return [];
    return [summarise(store.runId, isLocked(lockPath(path)), entries)];
  } catch (error) {
    if (!SluiceError.is(error) || !UNREADABLE.has(error.code)) throw error;
    return [unreadableRun(path, error)];
  }
}

function unreadableRun(path: string, { message }: SluiceError): RunSummary {
  return {
    id: runIdOf(basename(path, EXTENSION)),
    startedMs: Math.floor(statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0),
    state: 'unreadable',
    source: undefined,
    sink: undefined,
    reason: message,
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw journalFault(folder, error);
  }
}

interface HeldRun {
  readonly path: string;
  readonly runId: string;
  readonly lock: Disposable;
  /** Undefined for a run without a file. */
  readonly store: WritableEntryStore | undefined;
  readonly filesFolder: string;
  readonly entries: readonly JournalEntry[];
}

function heldRun({ path, runId, lock, entries, filesFolder, ...held }: HeldRun): RunJournal {
  let { store } = held;
  let isOpen = true;
  return {
    id: runId,
    entries,
    filesFolder,
    async append(entry) {
      if (!isOpen) throw appendedAfterClose(runId);
      store ??= writeEntryStore(path, runId);
      store.append(entry);
    },
    async [Symbol.asyncDispose]() {
      if (!isOpen) return;
      isOpen = false;
      try {
        store?.[Symbol.dispose]();
      } finally {
        lock[Symbol.dispose]();
      }
    },
  };
}
