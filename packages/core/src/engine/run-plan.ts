import type { Schema } from 'apache-arrow';

import type { SideName } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { Plan, Source } from '../contract/source.ts';
import { checkJson } from '../json/json-check.ts';
import { CONTRACT_VERSION } from '../plugin/contract-version.ts';
import { decodeSchema, encodeSchema } from '../schema/schema-codec.ts';
import { type MappingPlan, planMapping } from './map-rows.ts';
import { type OpenedTarget, openTargets, sinkContext } from './open-targets.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { fromPlugin } from './plugin-fault.ts';
import { type Ends, sideEnds } from './run-ends.ts';
import { type Sides, SideSink } from './side-sink.ts';
import { SOURCE_SCOPE } from './split-reader.ts';
import { SINK_SCOPE } from './staged-parts.ts';

export interface PlannedRun {
  readonly plan: Json;
  readonly target: Json;
  readonly sourceSchema: Schema;
  readonly sinkSchema: Schema;
  readonly mapping: MappingPlan | undefined;
}

/**
 * Checks both ends, then plans the run or takes up the plan it has. Nothing is started and no row is read. Targets that are
 * `opened` are for whoever called to end when planning fails.
 */
export async function planRun(
  run: RunParts,
  ends: Ends,
  signal: AbortSignal,
  opened: OpenedTarget[],
): Promise<PlannedRun> {
  const { source, sink, mapping } = ends;
  const sourceCtx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
  await fromPlugin(source.name, signal, () => source.check(sourceCtx));
  await fromPlugin(sink.name, signal, () => sink.check(sinkContext(run, sink, SINK_SCOPE, signal)));
  for (const [name, side] of sideEnds(ends)) {
    await fromPlugin(side.sink.name, signal, () => side.sink.check(sinkContext(run, side.sink, name, signal)));
  }
  const { planned } = run.log.state;
  if (planned !== undefined) {
    const sourceSchema = decodeSchema(planned.sourceSchema);
    const sinkSchema = decodeSchema(planned.sinkSchema);
    return {
      plan: planned.plan,
      target: planned.target,
      sourceSchema,
      sinkSchema,
      mapping: planMapping(mapping, sourceSchema),
    };
  }
  const plan = await planSource(source, () => source.plan(sourceCtx), signal);
  const mapped = planMapping(mapping, plan.schema);
  const sinkSchema = mapped?.schema ?? plan.schema;
  const schemas = { source: plan.schema, sink: sinkSchema };
  const { target, sides } = await openTargets(run, ends, schemas, signal, opened);
  // Ahead of the plan, behind which nobody would come back to them.
  for (const note of plan.notes) await run.log.note(note, source.name);
  await run.log.append({
    kind: 'planned',
    contractVersion: CONTRACT_VERSION,
    source: source.name,
    sink: sink.name,
    fingerprint: run.log.fingerprint,
    plan: plan.state,
    sourceSchema: encodeSchema(plan.schema),
    sinkSchema: encodeSchema(sinkSchema),
    target,
    ...(Object.keys(sides).length === 0 ? {} : { sides }),
    estimate: plan.estimate,
  });
  return { plan: plan.state, target, sourceSchema: plan.schema, sinkSchema, mapping: mapped };
}

/** The sinks beside of a planned run. */
export function sidesOf(run: RunParts, ends: Ends): Sides {
  const sides: Partial<Record<SideName, SideSink>> = {};
  for (const [name, { sink }] of sideEnds(ends)) {
    const { target, schema } = run.log.state.planned!.sides![name]!;
    sides[name] = new SideSink({ run, name, sink, target, schema: decodeSchema(schema) });
  }
  return sides;
}

export async function planSource<P extends Json>(
  { name }: Pick<Source, 'name'>,
  work: () => Promise<Plan<P>>,
  signal: AbortSignal,
): Promise<Plan<P>> {
  // With what is wrong with a plan that is none.
  return await fromPlugin(name, signal, async () => {
    const plan = await work();
    checkJson(plan.state, `the plan of ${name}`);
    return plan;
  });
}
