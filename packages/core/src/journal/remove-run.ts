import { rm } from 'node:fs/promises';

import { SluiceError } from '../error/sluice-error.ts';
import { writeEntryStore } from './entry-store.ts';
import { journalFault } from './journal-fault.ts';

export interface RunFiles {
  readonly path: string;
  readonly filesFolder: string;
}

/** Removes what is kept of a run; whoever calls holds it. @throws `CONFIG_INVALID` for a run that has not ended. */
export async function removeRun(runId: string, { path, filesFolder }: RunFiles): Promise<void> {
  {
    // Closed by the last one, a database has all its entries in its own file.
    using store = writeEntryStore(path, runId);
    if (store.summary()?.ended === undefined) {
      throw new SluiceError('CONFIG_INVALID', `run ${JSON.stringify(runId)} has not ended, so it is kept`, {
        hint: 'Resume it, or abandon it.',
      });
    }
  }
  try {
    // The log first: beside a new database of that name it would be taken for its own.
    for (const file of [`${path}-wal`, `${path}-shm`, path]) await rm(file, { force: true });
    await rm(filesFolder, { recursive: true, force: true });
  } catch (error) {
    throw journalFault(path, error);
  }
}
