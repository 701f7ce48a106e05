import type { RunHistories } from '@sluice/adf';
import { type DiskJournal, SluiceError } from '@sluice/core';

/**
 * Removes what is kept of runs that ended before an instant, in milliseconds since the epoch. What has not ended stays,
 * and so does what has left something behind, cannot be read, or is held by a process. Returns the ids.
 */
export async function pruneRuns(
  journal: DiskJournal,
  histories: RunHistories | undefined,
  beforeMs: number,
): Promise<readonly string[]> {
  const pruned: string[] = [];
  for (const { id, state } of await journal.list()) {
    if (state !== 'committed' && state !== 'abandoned') continue;
    const isRemoved = await unlessInUse(async () => {
      const ended = (await journal.peek(id))?.findLast((entry) => entry.kind === 'ended');
      if (ended === undefined || ended.atMs >= beforeMs || ended.leftBehind.length > 0) return false;
      return await journal.remove(id);
    });
    if (isRemoved) pruned.push(id);
  }
  if (histories === undefined) return pruned;
  for (const { runId, runEnd } of await histories.list()) {
    if (runEnd === '' || !(Date.parse(runEnd) < beforeMs)) continue;
    if (await histories.remove(runId)) pruned.push(runId);
  }
  return pruned;
}

async function unlessInUse(remove: () => Promise<boolean>): Promise<boolean> {
  try {
    return await remove();
  } catch (error) {
    if (SluiceError.is(error) && (error.code === 'RUN_LOCKED' || error.code === 'JOURNAL_UNREADABLE')) return false;
    throw error;
  }
}
