import { commitParts } from './commit.ts';
import type { CopyParts } from './copy-parts.ts';
import { writeRetry } from './retry-part.ts';
import { backoffMs } from './retry.ts';
import { countRanges } from './row-ranges.ts';
import { latestOf, partName, type PartState, rowsToRetry } from './run-state.ts';

/**
 * Commits an original part, and sends again what is refused in a way that may pass, until every row of it has a verdict.
 * What has begun to take effect has time to settle when the run is aborted; nothing else is begun then.
 */
export async function settlePart(copy: CopyParts, original: PartState): Promise<void> {
  const { run, keeps, signal, lateSignal } = copy;
  for (;;) {
    const latest = latestOf(original);
    signal.throwIfAborted();
    if (latest.committed === undefined) await commitParts({ ...copy, signal: lateSignal }, [latest]);
    const rows = rowsToRetry(latest);
    if (rows.length === 0) {
      if (keeps !== 'none') await run.kept.drop(latest.prepared.part);
      return;
    }
    await waitBeforeRetry(copy, latest, countRanges(rows));
    await writeRetry(copy, latest, rows);
  }
}

async function waitBeforeRetry(
  { run, signal }: CopyParts,
  { prepared: { part } }: PartState,
  rows: number,
): Promise<void> {
  const { clock, retry, random, emit, logger } = run;
  const attempt = (part.retry ?? 0) + 1;
  const delayMs = backoffMs(attempt, retry, random);
  const what = `write ${rows} rows of ${partName(part)}`;
  const message = `${rows} rows were refused and may be accepted when they are sent again`;
  logger.info(`${what}: sending them again`, { attempt, delayMs: Math.round(delayMs) });
  emit({ kind: 'retry', what, attempt, delayMs, code: 'ROWS_REJECTED', message });
  signal.throwIfAborted();
  await clock.sleep(delayMs, signal);
}
