import type { SideName } from '../contract/journal.ts';
import type { PartResult } from '../contract/sink.ts';
import type { LeftBehind } from '../contract/source.ts';
import { decodeSchema } from '../schema/schema-codec.ts';
import { leftBehindBy, withinBound } from './clean-up.ts';
import { takeResults } from './commit.ts';
import type { VerdictParts } from './copy-parts.ts';
import { DoubtLimit } from './doubt-limit.ts';
import { planMapping } from './map-rows.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { RejectLimit } from './reject-limit.ts';
import type { Ends } from './run-ends.ts';
import { sidesOf } from './run-plan.ts';
import { partName, type RunState, uncommitted } from './run-state.ts';
import { SOURCE_SCOPE } from './split-reader.ts';
import { SINK_SCOPE, stagedParts } from './staged-parts.ts';
import type { Watched } from './watched-plugin.ts';

/**
 * Ends and removes everything a run has started, and journals what could not be, behind what is known to be left already.
 * Never fails.
 */
export async function abandonRun(
  run: RunParts,
  ends: Ends,
  known: readonly LeftBehind[] = [],
): Promise<readonly LeftBehind[]> {
  const { log, logger, emit } = run;
  const found = log.state.planned === undefined ? memosLeft(log.state) : await endAll(run, ends);
  const leftBehind = [...known, ...found];
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

async function endAll(run: RunParts, ends: Ends): Promise<readonly LeftBehind[]> {
  const { source, sink, sides } = ends;
  const end = (plugin: Watched, work: (signal: AbortSignal) => Promise<readonly LeftBehind[]>) =>
    withinBound(run.cleanupMs, run.clock, (signal) => leftBehindBy(plugin, signal, () => work(signal)));
  const endSource = () =>
    end(source, async (signal) => {
      const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
      return await source.finish(run.log.state.planned!.plan, 'abandoned', ctx);
    });
  const endSinks = async (): Promise<readonly LeftBehind[]> => {
    let results: readonly PartResult[] = [];
    const left = await end(sink, async (signal) => {
      const outcome = await abortSink(verdictParts(run, ends, signal));
      results = outcome.results ?? [];
      return outcome.leftBehind;
    });
    const untold = await end(sink, async (signal) => {
      await takeResults(verdictParts(run, ends, signal), uncommitted(run.log.state), results);
      return [];
    });
    const beside: LeftBehind[] = [];
    for (const side of Object.values(sidesOf(run, ends))) {
      beside.push(...(await end(side.sink, (signal) => side.giveUp(signal))));
    }
    return [...left, ...untold, ...beside];
  };
  // The source comes last where its rows may be asked for until then.
  if (sink.traits.keepsRows === true || Object.keys(sides).length > 0) {
    return [...(await endSinks()), ...(await endSource())];
  }
  return (await Promise.all([endSinks(), endSource()])).flat();
}

async function abortSink(parts: VerdictParts): ReturnType<VerdictParts['sink']['abort']> {
  const { run, sink, target, sinkSchema, signal } = parts;
  const ctx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal });
  const states = uncommitted(run.log.state);
  // Nobody knows what an earlier process came to, until the sink has told.
  run.log.setUnsure(states, true);
  const outcome = await sink.abort(target, sinkSchema, stagedParts(parts), ctx);
  const told = new Set(outcome.results?.map(({ part }) => partName(part)));
  // Of the others it is known that they have not taken effect.
  run.log.setUnsure(
    states.filter(({ prepared }) => !told.has(partName(prepared.part))),
    false,
  );
  return outcome;
}

function verdictParts(run: RunParts, ends: Ends, signal: AbortSignal): VerdictParts {
  const { source, sink, mapping } = ends;
  const planned = run.log.state.planned!;
  const sourceSchema = decodeSchema(planned.sourceSchema);
  return {
    run,
    source,
    sink,
    plan: planned.plan,
    target: planned.target,
    sourceSchema,
    sinkSchema: decodeSchema(planned.sinkSchema),
    mapping: planMapping(mapping, sourceSchema),
    sides: sidesOf(run, ends),
    // Nothing goes again.
    rowAttempts: 1,
    limit: new RejectLimit(Infinity),
    doubt: new DoubtLimit(Infinity),
    prefetch: 0,
    signal,
  };
}

/** Without a target nothing can be ended, but what a plugin wrote down before it acted is known. */
export function memosLeft({ memos }: RunState, ended: readonly string[] = []): readonly LeftBehind[] {
  const scopes = [SOURCE_SCOPE, SINK_SCOPE, ...(['rejected', 'written'] satisfies readonly SideName[])];
  const left = scopes.filter((scope) => !ended.includes(scope));
  return left.flatMap((scope) =>
    [...(memos.get(scope) ?? [])].map(([key, value]) => ({
      kind: `${scope} memo`,
      id: key,
      reason: 'The run ended before its target was open.',
      hint: 'Look whether what the memo names is still there.',
      handle: value,
    })),
  );
}
