import { SluiceError } from '../error/sluice-error.ts';

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html, read 2026-11). */
const SQLITE = { ERROR: 1, BUSY: 5, CORRUPT: 11, FULL: 13, NOTADB: 26 } as const;

export function runLocked(runId: string, cause?: unknown): SluiceError {
  return new SluiceError('RUN_LOCKED', `run ${JSON.stringify(runId)} is held by a process that is still alive`, {
    cause,
    hint: 'Wait until it has ended, or end it.',
  });
}

export function appendedAfterClose(runId: string): SluiceError {
  return new SluiceError('INTERNAL', `something was appended to run ${JSON.stringify(runId)} after it was let go`);
}

export function unreadable(path: string, reason: string, cause?: unknown): SluiceError {
  return new SluiceError('JOURNAL_UNREADABLE', `the journal ${path} ${reason}`, {
    cause,
    hint: 'Restore the file from a copy, or move it away and start the run anew.',
  });
}

export function fromLaterVersion(path: string, found: number, known: number): SluiceError {
  return new SluiceError(
    'JOURNAL_UNREADABLE',
    `the journal ${path} is of version ${found}, and this program reads versions up to ${known}`,
    { hint: 'Go on with the version of the program that wrote it, or with a later one.' },
  );
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === SQLITE.BUSY;
}

/** What went wrong with a journal's file, as an error that names the file. */
export function journalFault(path: string, error: unknown): SluiceError {
  if (SluiceError.is(error)) return error;
  const code = sqliteCode(error);
  // The statements are always the same, so what is an error in one of them is an error in the file.
  if (code === SQLITE.ERROR || code === SQLITE.CORRUPT || code === SQLITE.NOTADB)
    return unreadable(path, 'is damaged or no journal', error);
  if (code === SQLITE.FULL || systemCode(error) === 'ENOSPC') {
    return new SluiceError('STORAGE_FULL', `no space is left for the journal ${path}`, {
      cause: error,
      hint: 'Free some space, then resume the run.',
    });
  }
  if (code === undefined && systemCode(error) === undefined) {
    return new SluiceError('INTERNAL', `the journal ${path} was used in a way it cannot be`, { cause: error });
  }
  return new SluiceError('IO_FAILED', `the journal ${path} cannot be opened, read or written`, {
    cause: error,
    hint: 'Check that the folder exists, is on a local disk, and may be read and written by this process.',
  });
}

/** The lowest byte of what SQLite returned; undefined for other errors. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return error.errcode & 0xff;
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'errno' in error && 'code' in error ? String(error.code) : undefined;
}
