import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

import { isBusy, journalFault, runLocked } from './journal-fault.ts';
import { createFile } from './private-file.ts';

/** Longer than somebody takes who only looks whether the lock is held. */
const LOOK_MS = 250;

/** What this process holds is refused without waiting. */
const heldHere = new Set<string>();

/**
 * Holds a run for this process: a transaction left open on a database of its own, which the operating system ends with
 * the process. The file stays, since removing it could let two processes hold two files of one name.
 *
 * @throws `RUN_LOCKED`, `IO_FAILED`.
 */
export function lockRun(path: string, runId: string): Disposable {
  if (heldHere.has(path)) throw runLocked(runId);
  let database: DatabaseSync | undefined;
  try {
    createFile(path);
    database = new DatabaseSync(path, { timeout: LOOK_MS });
    // Nothing is ever written, so there is nothing to roll back.
    database.exec('PRAGMA journal_mode = OFF; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    throw isBusy(error) ? runLocked(runId, error) : journalFault(path, error);
  }
  const held = database;
  heldHere.add(path);
  return {
    [Symbol.dispose]() {
      heldHere.delete(path);
      held.close();
    },
  };
}

/** Whether some process holds the lock, this one included. Whoever wants to take it meanwhile waits for the answer. */
export function isLocked(path: string): boolean {
  if (!existsSync(path)) return false;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: 0 });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw journalFault(path, error);
  } finally {
    database?.close();
  }
}
