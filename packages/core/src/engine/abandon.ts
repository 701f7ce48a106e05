import type { Journal } from '../contract/journal.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { abandonRun } from './abandon-run.ts';
import { processBudgets } from './budget.ts';
import { disposeAll, lettingGo } from './clean-up.ts';
import { type CopyOptions, endsOf, journalOf } from './copy.ts';
import { KeptRows } from './kept-rows.ts';
import type { RunParts } from './plugin-context.ts';
import { type Ends, pluginsIn, requireSameRun, runFingerprint } from './run-ends.ts';
import { RunLog } from './run-log.ts';
import { type ParsedRunOptions, parseRunOptions } from './run-options.ts';

export interface AbandonOptions extends CopyOptions {
  readonly id: string;
  readonly journal: Journal | string;
}

/**
 * Gives up an unfinished run: ends and removes what it has started, never what it has committed. Takes the options it was
 * started with. Returns what could not be ended or removed. Of a run that is abandoned already, what was left then is tried
 * once more.
 *
 * @throws `RUN_NOT_FOUND`, `RUN_MISMATCH`, `RUN_LOCKED`, `POSITION_UNSUPPORTED`; `CONTRACT_UNSUPPORTED`, `CONTRACT_BROKEN`;
 * `CONFIG_INVALID` for a run that is finished.
 */
export async function abandon(options: AbandonOptions): Promise<readonly LeftBehind[]> {
  const parsed = parseRunOptions('abandon', options);
  const ends = endsOf(options, parsed.clock);
  try {
    await using held = await (journalOf(options) ?? memoryJournal()).open(options.id);
    const log = new RunLog({ journal: held, clock: parsed.clock, fingerprint: runFingerprint(ends), emit: () => {} });
    return await abandonLogged(options.id, { log, kept: new KeptRows(held.filesFolder) }, ends, parsed);
  } finally {
    await disposeAll(pluginsIn(ends), parsed);
  }
}

async function abandonLogged(
  id: string,
  { log, kept }: Pick<RunParts, 'log' | 'kept'>,
  ends: Ends,
  { clock, random, logger, batch, retry, cleanupMs }: ParsedRunOptions,
): Promise<readonly LeftBehind[]> {
  const { ended } = log.state;
  if (log.isEmpty) {
    throw new SluiceError('RUN_NOT_FOUND', `there is no run ${JSON.stringify(id)}`, {
      hint: 'List the runs there are.',
    });
  }
  // What was left the last time may be ended or removed now.
  if (ended?.end === 'abandoned' && ended.leftBehind.length === 0) return [];
  if (ended?.end === 'committed') {
    throw new SluiceError('CONFIG_INVALID', `run ${JSON.stringify(id)} is finished, so there is nothing to abandon`);
  }
  requireSameRun(id, log);
  const run: RunParts = {
    log,
    kept,
    clock,
    random,
    logger,
    batch,
    retry,
    cleanupMs,
    budgets: processBudgets,
    emit: () => {},
  };
  try {
    return await abandonRun(run, ends);
  } finally {
    log.close();
    await lettingGo('the engine', logger, () => kept.remove());
    processBudgets.release(run);
  }
}
