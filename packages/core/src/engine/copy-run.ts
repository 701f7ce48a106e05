import type { Journal, RunJournal } from '../contract/journal.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { abandonRun, memosLeft } from './abandon-run.ts';
import type { LinkedController } from './abort.ts';
import { processBudgets } from './budget.ts';
import { leftBehindBy, lettingGo, settledInTime, withinBound } from './clean-up.ts';
import { copyAll } from './copy-all.ts';
import { KeptRows } from './kept-rows.ts';
import { abortOpened, type OpenedTarget } from './open-targets.ts';
import { unsettledCalls } from './pending-calls.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import type { ProgressMeter } from './progress.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { accountOf, type RunAccount } from './run-account.ts';
import { type Ends, pluginsIn, requireSameRun, runFingerprint } from './run-ends.ts';
import type { RunEvent } from './run-events.ts';
import { explainFailure } from './run-failure.ts';
import { RunLog } from './run-log.ts';
import type { ParsedRunOptions } from './run-options.ts';
import { isRead, uncommitted } from './run-state.ts';
import { SOURCE_SCOPE } from './split-reader.ts';

export interface CopyRunOptions {
  readonly id: string;
  readonly journal: Journal;
  readonly ends: Ends;
  readonly options: ParsedRunOptions;
  /** Times a row is sent, at most. */
  readonly rowAttempts: number;
  readonly maxInDoubt: number;
  readonly controller: LinkedController;
  readonly progress: ProgressMeter;
  readonly emit: (event: RunEvent) => void;
  /** Told at the end of a run that was planned. */
  readonly settled: (account: RunAccount) => void;
}

/** One run from its journal's first entry, or wherever an earlier process left it, to its receipt. */
export async function runCopy(copy: CopyRunOptions): Promise<Receipt> {
  const { id, journal, options, emit, settled } = copy;
  await using held = await journal.open(id);
  const log = openLog(copy, held);
  if (log.state.ended === undefined) {
    const { clock, random, logger, batch, retry, cleanupMs } = options;
    const kept = new KeptRows(held.filesFolder);
    const run: RunParts = { log, kept, clock, random, logger, batch, retry, cleanupMs, budgets: processBudgets, emit };
    try {
      await runToEnd(copy, run);
    } finally {
      log.close();
      copy.controller.abort(new SluiceError('INTERNAL', 'the run has settled'));
      await lettingGo('the engine', logger, () => (log.state.ended === undefined ? kept.close() : kept.remove()));
      processBudgets.release(run);
    }
  }
  settled(accountOf(log.state, () => false));
  return receiptOf(id, log.state);
}

function openLog({ id, ends, options, emit, progress }: CopyRunOptions, held: RunJournal): RunLog {
  const log = new RunLog({ journal: held, clock: options.clock, fingerprint: runFingerprint(ends), emit });
  requireSameRun(id, log);
  // What an earlier process has begun to commit, nobody knows.
  if (ends.sink.traits.commit === 'part' || isRead(log.state)) log.setUnsure(uncommitted(log.state), true);
  progress.start(log.state);
  return log;
}

async function runToEnd(copy: CopyRunOptions, run: RunParts): Promise<void> {
  const { id, journal, options, controller, emit, ends, settled } = copy;
  const { signal } = controller;
  const { log, logger, clock, cleanupMs } = run;
  let unsettled: readonly LeftBehind[] = [];
  const opened: OpenedTarget[] = [];
  try {
    signal.throwIfAborted();
    // Commits under way are given that time themselves before they are told to end.
    const graceMs = ends.sink.traits.commit === 'part' ? 2 * cleanupMs : cleanupMs;
    const onOverdue = (): void => {
      unsettled = unsettledCalls(
        pluginsIn(ends).flatMap(({ pending }) => pending.takeUnnamed()),
        graceMs,
      );
      for (const { id, reason } of unsettled) logger.warn(`left alone: ${id}`, { reason });
    };
    await settledInTime(copyAll(copy, run, opened), { signal, clock, graceMs, onOverdue });
    // From here on the run has succeeded, whatever becomes of the rest.
    const leftBehind = await finishSource(copy, run);
    await log.append({ kind: 'ended', end: 'committed', leftBehind, calls: log.takeCalls() });
  } catch (error) {
    controller.abort(error);
    const isKept = journal.durable && log.isBegun;
    const leftBehind = isKept ? unsettled : await endFailed(copy, run, unsettled, opened);
    if (isKept) emit({ kind: 'ended', end: 'kept', leftBehind });
    const account = log.state.planned === undefined ? undefined : accountOf(log.state, log.isUnsure);
    if (account !== undefined) settled(account);
    // Whatever was thrown on the way: what the run was aborted with came first.
    throw explainFailure(signal.reason, {
      id,
      signal: options.signal,
      leftBehind,
      account,
      keptAt: isKept ? (journal.location ?? 'its journal') : undefined,
    });
  }
}

/** A run that was not planned is not journalled as ended, so that its id can be used again. */
async function endFailed(
  { ends, emit }: CopyRunOptions,
  run: RunParts,
  unsettled: readonly LeftBehind[],
  opened: readonly OpenedTarget[],
): Promise<readonly LeftBehind[]> {
  const { state } = run.log;
  if (state.planned !== undefined) return await abandonRun(run, ends, unsettled);
  // What a plugin remembers of a target that it has opened is its own to end.
  const ended = opened.map(({ memoScope }) => memoScope);
  const leftBehind = [...unsettled, ...(await abortOpened(run, opened)), ...memosLeft(state, ended)];
  emit({ kind: 'ended', end: 'abandoned', leftBehind });
  return leftBehind;
}

async function finishSource({ ends: { source } }: CopyRunOptions, run: RunParts): Promise<readonly LeftBehind[]> {
  const { plan } = run.log.state.planned!;
  return await withinBound(run.cleanupMs, run.clock, (signal) => {
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    return leftBehindBy(source, signal, async () => await source.finish(plan, 'committed', ctx));
  });
}
