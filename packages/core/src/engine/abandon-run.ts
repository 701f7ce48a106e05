import type { LeftBehind } from '../contract/source.ts';
import { decodeSchema } from '../schema/schema-codec.ts';
import { leftBehindBy, withinBound } from './clean-up.ts';
import { planMapping } from './map-rows.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import type { Ends } from './run-plan.ts';
import type { RunState } from './run-state.ts';
import { SOURCE_SCOPE } from './split-reader.ts';
import { SINK_SCOPE, stagedParts } from './staged-parts.ts';

/** Ends and removes everything a run has started, and journals what could not be. Never fails. */
export async function abandonRun(run: RunParts, ends: Ends): Promise<readonly LeftBehind[]> {
  const { log, logger, emit } = run;
  const leftBehind = await endAll(run, ends);
  try {
    await log.append({ kind: 'ended', end: 'abandoned', leftBehind, calls: log.takeCalls() });
  } catch (error) {
    logger.error('that the run was abandoned could not be journalled', {
      reason: error instanceof Error ? error.message : '',
    });
    emit({ kind: 'ended', end: 'abandoned', leftBehind });
  }
  return leftBehind;
}

async function endAll(run: RunParts, { source, sink, mapping }: Ends): Promise<readonly LeftBehind[]> {
  const { log, clock, cleanupMs } = run;
  const { planned } = log.state;
  if (planned === undefined) return memosLeft(log.state);
  const { plan, target } = planned;
  const sourceSchema = decodeSchema(planned.sourceSchema);
  const sinkSchema = decodeSchema(planned.sinkSchema);
  return await withinBound(cleanupMs, clock, async (signal) => {
    const sourceCtx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    const sinkCtx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal });
    const left = await Promise.all([
      leftBehindBy(sink.name, signal, async () => {
        const mapped = planMapping(mapping, sourceSchema);
        const parts = stagedParts({ run, source, plan, sourceSchema, prefetch: 0, signal, mapping: mapped });
        return (await sink.abort(target, sinkSchema, parts, sinkCtx)).leftBehind;
      }),
      leftBehindBy(source.name, signal, async () => await source.finish(plan, 'abandoned', sourceCtx)),
    ]);
    return left.flat();
  });
}

/** Without a target nothing can be ended, but what a plugin wrote down before it acted is known. */
export function memosLeft({ memos }: RunState): readonly LeftBehind[] {
  return [SOURCE_SCOPE, SINK_SCOPE].flatMap((scope) =>
    [...(memos.get(scope) ?? [])].map(([key, value]) => ({
      kind: `${scope} memo`,
      id: key,
      reason: 'The run ended before its target was open.',
      hint: 'Look whether what the memo names is still there.',
      handle: value,
    })),
  );
}
