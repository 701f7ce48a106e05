import type { Journal, RunJournal } from '../contract/journal.ts';
import type { LeftBehind } from '../contract/source.ts';
import { abandonRun, memosLeft } from './abandon-run.ts';
import type { LinkedController } from './abort.ts';
import { processBudgets } from './budget.ts';
import { leftBehindBy, settledInTime, withinBound } from './clean-up.ts';
import { commitParts } from './commit.ts';
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
import { type Ends, type PlannedRun, planRun, requireSameRun, runFingerprint } from './run-plan.ts';
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
  if (log.state.ended === undefined) {
    const { clock, random, logger, batch, retry, cleanupMs } = options;
    const run: RunParts = { log, clock, random, logger, batch, retry, cleanupMs, budgets: processBudgets, emit };
    try {
      await runToEnd(copy, run);
    } finally {
      processBudgets.release(run);
    }
  }
  return receiptOf(id, log.state);
}

function openLog({ id, ends, options, emit, progress }: CopyRunOptions, held: RunJournal): RunLog {
  const log = new RunLog({ journal: held, clock: options.clock, fingerprint: runFingerprint(ends), emit });
  requireSameRun(id, log);
  progress.start(log.state);
  return log;
}

async function runToEnd(copy: CopyRunOptions, run: RunParts): Promise<void> {
  const { id, journal, options, controller, emit } = copy;
  const { signal } = controller;
  const { log, clock, cleanupMs } = run;
  try {
    signal.throwIfAborted();
    await settledInTime(copyAll(copy, run), { signal, clock, graceMs: cleanupMs });
    // From here on the run has succeeded, whatever becomes of the rest.
    const leftBehind = await finishSource(copy, run);
    await log.append({ kind: 'ended', end: 'committed', leftBehind, calls: log.takeCalls() });
  } catch (error) {
    controller.abort(error);
    const isKept = journal.durable && log.isBegun;
    const leftBehind = isKept ? [] : await endFailed(copy, run);
    if (isKept) emit({ kind: 'ended', end: 'kept', leftBehind });
    // Whatever was thrown on the way: what the run was aborted with came first.
    throw explainFailure(signal.reason, {
      id,
      signal: options.signal,
      leftBehind,
      keptAt: isKept ? (journal.location ?? 'its journal') : undefined,
    });
  }
}

/** A run that was not planned is not journalled as ended, so that its id can be used again. */
async function endFailed({ ends, emit }: CopyRunOptions, run: RunParts): Promise<readonly LeftBehind[]> {
  const { state } = run.log;
  if (state.planned !== undefined) return await abandonRun(run, ends);
  const leftBehind = memosLeft(state);
  emit({ kind: 'ended', end: 'abandoned', leftBehind });
  return leftBehind;
}

async function copyAll(options: CopyRunOptions, run: RunParts): Promise<void> {
  const { ends, controller, progress } = options;
  const { log } = run;
  const copy = copyParts(options, run, await planRun(run, ends, controller.signal));
  const { source, sink, plan, limit, signal } = copy;
  progress.setPhase('copying');
  limit.check();
  const commitsParts = sink.traits.commit === 'part';
  if (commitsParts) {
    for (const part of partsOf(log.state)) if (part.committed === undefined) await commitParts(copy, [part]);
  }
  {
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    await using queue = new SplitQueue(source, plan, log, ctx);
    await copySplits(copy, queue);
  }
  progress.setPhase('committing');
  if (!commitsParts) await commitParts(copy, partsOf(log.state));
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

async function finishSource({ ends: { source } }: CopyRunOptions, run: RunParts): Promise<readonly LeftBehind[]> {
  const { plan } = run.log.state.planned!;
  return await withinBound(run.cleanupMs, run.clock, (signal) => {
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    return leftBehindBy(source.name, signal, async () => await source.finish(plan, 'committed', ctx));
  });
}
