import type { Journal } from '../contract/journal.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { sqliteJournal } from '../journal/sqlite-journal.ts';
import { processBudgets } from './budget.ts';
import { disposeAll } from './clean-up.ts';
import { abandonRun } from './copy-run.ts';
import type { CopyOptions } from './copy.ts';
import type { RunParts } from './plugin-context.ts';
import { RunLog } from './run-log.ts';
import { parseRunOptions } from './run-options.ts';
import { runFingerprint } from './run-plan.ts';

export interface AbandonOptions extends CopyOptions {
  readonly id: string;
  readonly journal: Journal | string;
}

/**
 * Gives up an unfinished run: ends and removes what it has started, never what it has committed. Takes the options it was
 * started with. Returns what could not be ended or removed; of a run that is abandoned already, what was left then.
 *
 * @throws `RUN_NOT_FOUND`, `RUN_MISMATCH`, `RUN_LOCKED`; `CONFIG_INVALID` for a run that is finished.
 */
export async function abandon(options: AbandonOptions): Promise<readonly LeftBehind[]> {
  const { id, from: source, to: sink, map: mapping, mode = 'create', keys, truncateWhenEmpty } = options;
  const journal = typeof options.journal === 'string' ? sqliteJournal(options.journal) : options.journal;
  const parsed = parseRunOptions('abandon', options);
  const intent = {
    mode,
    ...(keys === undefined ? {} : { keys }),
    ...(truncateWhenEmpty === undefined ? {} : { truncateWhenEmpty }),
  };
  const ends = { source, sink, mapping, intent };
  const { clock, random, logger, batch, retry } = parsed;
  const emit = (): void => {};
  try {
    await using held = await journal.open(id);
    const log = new RunLog({ journal: held, clock, fingerprint: runFingerprint(ends), emit });
    const { planned, ended } = log.state;
    if (log.isEmpty) {
      throw new SluiceError('RUN_NOT_FOUND', `there is no run ${JSON.stringify(id)}`, {
        hint: 'List the runs there are.',
      });
    }
    if (ended?.end === 'abandoned') return ended.leftBehind;
    if (ended !== undefined) {
      throw new SluiceError('CONFIG_INVALID', `run ${JSON.stringify(id)} is finished, so there is nothing to abandon`);
    }
    if (log.isOfAnother) {
      throw new SluiceError('RUN_MISMATCH', `run ${JSON.stringify(id)} was started with another configuration`, {
        hint: 'Give the configuration it was started with.',
      });
    }
    const run: RunParts = { log, clock, random, logger, batch, retry, budgets: processBudgets, emit };
    try {
      if (planned !== undefined) return await abandonRun({ ends, options: parsed }, run, planned);
      await log.append({ kind: 'ended', end: 'abandoned', leftBehind: [], calls: {} });
      return [];
    } finally {
      processBudgets.release(run);
    }
  } finally {
    await disposeAll([source, sink], logger);
  }
}
