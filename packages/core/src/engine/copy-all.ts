import { lateSignal } from './abort.ts';
import { commitParts } from './commit.ts';
import { type CopyParts, rowsToKeep } from './copy-parts.ts';
import type { CopyRunOptions } from './copy-run.ts';
import { copySplits } from './copy-splits.ts';
import { DoubtLimit } from './doubt-limit.ts';
import type { OpenedTarget } from './open-targets.ts';
import { PartsUnderWay } from './parts-under-way.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { RejectLimit } from './reject-limit.ts';
import { planRun, type PlannedRun, sidesOf } from './run-plan.ts';
import { isPending, type PartState, partsOf } from './run-state.ts';
import { SplitQueue } from './split-queue.ts';
import { SOURCE_SCOPE } from './split-reader.ts';

/** Everything of a run up to where it has succeeded, apart from what is there of it already. */
export async function copyAll(options: CopyRunOptions, run: RunParts, opened: OpenedTarget[]): Promise<void> {
  const { ends, controller, progress } = options;
  const planned = await planRun(run, ends, controller.signal, opened);
  using late = lateSignal(controller.signal, run.cleanupMs, run.clock);
  const copy = copyParts(options, run, planned, late.signal);
  const { sink, limit, doubt, sides, signal } = copy;
  progress.setPhase('copying');
  limit.check();
  doubt.check();
  const underWay = new PartsUnderWay(copy);
  try {
    await goOnWithParts(copy, underWay);
    await copyRows(copy, underWay);
  } finally {
    await underWay.settled();
  }
  limit.checkAll();
  progress.setPhase('committing');
  if (sink.traits.commit === 'end') await commitAtEnd(copy, partsOf(run.log.state));
  limit.checkAll();
  for (const side of Object.values(sides)) await side.finish(signal);
}

/** Without a part, nothing in the journal says whether it has been done. */
async function commitAtEnd(copy: CopyParts, parts: readonly PartState[]): Promise<void> {
  const isDone = parts.length > 0 && parts.every(({ committed }) => committed !== undefined);
  if (!isDone) await commitParts(copy, parts);
}

/** Parts that were prepared before, by this process or another, and have rows without a verdict. */
async function goOnWithParts({ run, sink }: CopyParts, underWay: PartsUnderWay): Promise<void> {
  if (sink.traits.commit === 'end') return;
  for (const original of run.log.state.splits.flatMap(({ parts }) => parts).filter(isPending)) {
    underWay.settle(original, await underWay.begin());
    if (sink.traits.writers === 1) await underWay.settled();
  }
}

async function copyRows(copy: CopyParts, underWay: PartsUnderWay): Promise<void> {
  const { run, source, plan, signal } = copy;
  const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
  await using queue = new SplitQueue(source, plan, run.log, ctx);
  await copySplits(copy, queue, underWay);
}

function copyParts(
  { ends, options, controller, progress, rowAttempts, maxInDoubt }: CopyRunOptions,
  run: RunParts,
  planned: PlannedRun,
  late: AbortSignal,
): CopyParts {
  const { source, sink } = ends;
  const { commit } = sink.traits;
  const limit = new RejectLimit(options.maxRejects);
  const doubt = new DoubtLimit(maxInDoubt);
  for (const part of partsOf(run.log.state)) {
    limit.addPrepared(part, commit);
    limit.addCommitted(part, commit);
    doubt.addCommitted(part);
  }
  const sides = sidesOf(run, ends);
  return {
    run,
    source,
    sink,
    ...planned,
    sides,
    rowAttempts,
    keeps: rowsToKeep(sink, sides),
    limit,
    doubt,
    progress,
    parallelism: Math.min(options.parallelism, source.traits.connections ?? Infinity),
    prefetch: options.prefetch,
    signal: controller.signal,
    lateSignal: late,
    fail(error) {
      controller.abort(error);
      throw controller.signal.reason;
    },
  };
}
