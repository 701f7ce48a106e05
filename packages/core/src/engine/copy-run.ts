import type { Journal, RunJournal } from '../contract/journal.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import type { LinkedController } from './abort.ts';
import { processBudgets } from './budget.ts';
import { leftBehindBy, settledInTime, withinBound } from './clean-up.ts';
import { commitParts, SINK_SCOPE, uncommittedParts } from './commit.ts';
import type { CopyParts } from './copy-parts.ts';
import { copySplits } from './copy-splits.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import type { ProgressMeter } from './progress.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { RejectLimit } from './reject-limit.ts';
import type { RunEvent } from './run-events.ts';
import { explainFailure } from './run-failure.ts';
import { RunLog } from './run-log.ts';
import type { ParsedRunOptions } from './run-options.ts';
import { type Ends, type PlannedRun, planRun, runFingerprint } from './run-plan.ts';
import { partsOf } from './run-state.ts';
import { SplitQueue } from './split-queue.ts';
import { SOURCE_SCOPE } from './split-reader.ts';

export interface CopyRunOptions {
  readonly id: string;
  readonly journal: Journal;
  readonly ends: Ends;
  readonly options: ParsedRunOptions;
  readonly controller: LinkedController;
  readonly progress: ProgressMeter;
  readonly emit: (event: RunEvent) => void;
}

/** One run from its journal's first entry, or wherever an earlier process left it, to its receipt. */
export async function runCopy(copy: CopyRunOptions): Promise<Receipt> {
  const { id, journal, options, emit } = copy;
  await using held = await journal.open(id);
  const log = openLog(copy, held);
  if (log.state.ended !== undefined) return receiptOf(id, log.state);
  const { clock, random, logger, batch, retry } = options;
  const run: RunParts = { log, clock, random, logger, batch, retry, budgets: processBudgets, emit };
  try {
    return await runToEnd(copy, run);
  } finally {
    processBudgets.release(run);
  }
}

function openLog({ id, ends, options, emit, progress }: CopyRunOptions, held: RunJournal): RunLog {
  const log = new RunLog({ journal: held, clock: options.clock, fingerprint: runFingerprint(ends), emit });
  if (log.isOfAnother) {
    throw new SluiceError('RUN_MISMATCH', `run ${JSON.stringify(id)} was started with another configuration`, {
      hint: 'Give the configuration it was started with, or another id.',
    });
  }
  progress.start(log.state);
  return log;
}

async function runToEnd(copy: CopyRunOptions, run: RunParts): Promise<Receipt> {
  const { id, journal, ends, options, controller, emit } = copy;
  const { clock, cleanupMs } = options;
  const { signal } = controller;
  let planned: PlannedRun | undefined;
  try {
    const work = async (): Promise<void> => {
      planned = await planRun(run, ends, runFingerprint(ends), signal);
      await copyAll(copyParts(copy, run, planned));
    };
    signal.throwIfAborted();
    await settledInTime(work(), { signal, clock, graceMs: cleanupMs });
    // From here on the run has succeeded, whatever becomes of the rest.
    const leftBehind = await finishSource(copy, run, planned!);
    await run.log.append({ kind: 'ended', end: 'committed', leftBehind, calls: run.log.takeCalls() });
    return receiptOf(id, run.log.state);
  } catch (error) {
    controller.abort(error);
    const isKept = journal.durable && planned !== undefined;
    const leftBehind = isKept || planned === undefined ? [] : await abandonFailed(copy, run, planned);
    if (isKept || planned === undefined) emit({ kind: 'ended', end: isKept ? 'kept' : 'abandoned', leftBehind });
    throw explainFailure(error, {
      id,
      signal: options.signal,
      leftBehind,
      keptAt: isKept ? (journal.location ?? '') : undefined,
    });
  }
}

function copyParts(
  { ends, options, controller, progress }: CopyRunOptions,
  run: RunParts,
  planned: PlannedRun,
): CopyParts {
  const { source, sink } = ends;
  const limit = new RejectLimit(options.maxRejects);
  for (const { prepared, committed } of partsOf(run.log.state)) {
    limit.add(prepared.rejects);
    limit.add(committed?.rejects ?? []);
  }
  return {
    run,
    source,
    sink,
    ...planned,
    limit,
    progress,
    parallelism: Math.min(options.parallelism, source.traits.connections ?? Infinity),
    prefetch: options.prefetch,
    signal: controller.signal,
    fail(error) {
      controller.abort(error);
      throw controller.signal.reason;
    },
  };
}

async function copyAll(copy: CopyParts): Promise<void> {
  const { run, source, sink, plan, progress, limit, signal } = copy;
  const { log } = run;
  progress.setPhase('copying');
  limit.check();
  const commitsParts = sink.traits.commit === 'part';
  if (commitsParts) for (const part of uncommittedParts(log.state)) await commitParts(copy, [part]);
  {
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    await using queue = new SplitQueue(source, plan, log, ctx);
    await copySplits(copy, queue);
  }
  progress.setPhase('committing');
  if (!commitsParts)
    await commitParts(
      copy,
      partsOf(log.state).map(({ prepared }) => prepared.part),
    );
}

async function finishSource(
  { ends: { source }, options }: CopyRunOptions,
  run: RunParts,
  { plan }: PlannedRun,
): Promise<readonly LeftBehind[]> {
  return await withinBound(options.cleanupMs, options.clock, (signal) => {
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    return leftBehindBy(source.name, signal, () => source.finish(plan, 'committed', ctx));
  });
}

/** What went wrong first is what the run fails with. */
async function abandonFailed(copy: CopyRunOptions, run: RunParts, planned: PlannedRun): Promise<readonly LeftBehind[]> {
  try {
    return await abandonRun(copy, run, planned);
  } catch (error) {
    run.logger.error('the run could not be abandoned', { reason: error instanceof Error ? error.message : '' });
    return [];
  }
}

/** Ends and removes everything the run has started, and journals what could not be. */
export async function abandonRun(
  { ends: { source, sink }, options }: Pick<CopyRunOptions, 'ends' | 'options'>,
  run: RunParts,
  { plan, target }: Pick<PlannedRun, 'plan' | 'target'>,
): Promise<readonly LeftBehind[]> {
  const { log } = run;
  const messages = partsOf(log.state).flatMap(({ prepared, committed }) =>
    committed === undefined ? prepared.message : [],
  );
  const leftBehind = await withinBound(options.cleanupMs, options.clock, async (signal) => {
    const sourceCtx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    const sinkCtx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal });
    const left = await Promise.all([
      leftBehindBy(sink.name, signal, () => sink.abort(target, messages, sinkCtx)),
      leftBehindBy(source.name, signal, () => source.finish(plan, 'abandoned', sourceCtx)),
    ]);
    return left.flat();
  });
  await log.append({ kind: 'ended', end: 'abandoned', leftBehind, calls: log.takeCalls() });
  return leftBehind;
}
