import type { Schema } from 'apache-arrow';

import type { Context } from '../contract/context.ts';
import type { SideName, SideTarget } from '../contract/journal.ts';
import type { Json, JsonObject } from '../contract/json.ts';
import type { Mapping } from '../contract/mapping.ts';
import type { Intent } from '../contract/sink.ts';
import type { Plan, Source } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { fingerprint } from '../fingerprint/fingerprint.ts';
import { checkJson } from '../json/json-check.ts';
import { decodeSchema, encodeSchema } from '../schema/schema-codec.ts';
import { type MappingPlan, planMapping } from './map-rows.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { fromPlugin } from './plugin-fault.ts';
import type { RunLog } from './run-log.ts';
import { sideSchema } from './side-rows.ts';
import { type Sides, SideSink } from './side-sink.ts';
import { SOURCE_SCOPE } from './split-reader.ts';
import { SINK_SCOPE } from './staged-parts.ts';
import type { WatchedSink, WatchedSource } from './watched-plugin.ts';

/** Of the contract that plans, targets and journals of this version follow. */
const CONTRACT_VERSION = 1;

export interface Ends {
  readonly source: WatchedSource;
  readonly sink: WatchedSink;
  readonly mapping: Mapping | undefined;
  readonly intent: Intent;
  readonly sides: Readonly<Partial<Record<SideName, SideEnd>>>;
}

/** A sink beside the sink, as it is to be opened. */
export interface SideEnd {
  readonly sink: WatchedSink;
  readonly intent: Intent;
}

export interface PlannedRun {
  readonly plan: Json;
  readonly target: Json;
  readonly sourceSchema: Schema;
  readonly sinkSchema: Schema;
  readonly mapping: MappingPlan | undefined;
}

/** Recognises what a run is asked to do, secrets left out. */
export function runFingerprint({ source, sink, mapping, intent, sides }: Ends): string {
  return fingerprint({
    contractVersion: CONTRACT_VERSION,
    source: { name: source.name, config: source.config },
    sink: { name: sink.name, config: sink.config },
    mapping: mapping?.config ?? null,
    intent: { ...intent },
    ...Object.fromEntries(sideEnds({ sides }).map(([name, side]) => [name, sideConfig(side)])),
  });
}

function sideConfig({ sink, intent }: SideEnd): JsonObject {
  return { name: sink.name, config: sink.config, intent: { ...intent } };
}

export function sideEnds({ sides }: Pick<Ends, 'sides'>): readonly (readonly [SideName, SideEnd])[] {
  return (['rejected', 'written'] as const).flatMap((name) => {
    const side = sides[name];
    return side === undefined ? [] : [[name, side] as const];
  });
}

/** Everything that is disposed of when a run has settled. */
export function pluginsIn(ends: Ends): readonly (WatchedSource | WatchedSink)[] {
  return [ends.source, ends.sink, ...sideEnds(ends).map(([, { sink }]) => sink)];
}

/** @throws `RUN_MISMATCH`. */
export function requireSameRun(id: string, log: RunLog): void {
  if (!log.isOfAnother) return;
  throw new SluiceError('RUN_MISMATCH', `run ${JSON.stringify(id)} was started with another configuration`, {
    hint: 'Give the configuration it was started with, or another id.',
  });
}

/** Checks both ends, then plans the run or takes up the plan it has. Nothing is started and no row is read. */
export async function planRun(run: RunParts, ends: Ends, signal: AbortSignal): Promise<PlannedRun> {
  const { source, sink, mapping, intent } = ends;
  const sourceCtx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
  const sinkCtx = pluginContext(run, { plugin: sink.name, side: 'write', memoScope: SINK_SCOPE, signal });
  await fromPlugin(source.name, signal, () => source.check(sourceCtx));
  await fromPlugin(sink.name, signal, () => sink.check(sinkCtx));
  for (const [name, side] of sideEnds(ends)) {
    await fromPlugin(side.sink.name, signal, () => side.sink.check(sideContext(run, name, side, signal)));
  }
  const { planned } = run.log.state;
  if (planned !== undefined) {
    requireContract(planned.contractVersion);
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
  const sides = await openSides(run, ends, plan.schema, signal);
  const target = await fromPlugin(sink.name, signal, () => sink.open(sinkSchema, intent, sinkCtx));
  checkJson(target, `the target of ${sink.name}`);
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

/** All of them are known to fit before the first is opened. */
async function openSides(
  run: RunParts,
  ends: Ends,
  source: Schema,
  signal: AbortSignal,
): Promise<Partial<Record<SideName, SideTarget>>> {
  const planned = sideEnds(ends).map(([name, side]) => ({ name, side, schema: sideSchema(name, source) }));
  const sides: Partial<Record<SideName, SideTarget>> = {};
  for (const { name, side, schema } of planned) {
    const { sink, intent } = side;
    const ctx = sideContext(run, name, side, signal);
    const target = await fromPlugin(sink.name, signal, () => sink.open(schema, intent, ctx));
    checkJson(target, `the target of ${sink.name}`);
    sides[name] = { sink: sink.name, target, schema: encodeSchema(schema) };
  }
  return sides;
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

function sideContext(run: RunParts, name: SideName, { sink }: SideEnd, signal: AbortSignal): Context {
  return pluginContext(run, { plugin: sink.name, side: 'write', memoScope: name, signal });
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

function requireContract(version: number): void {
  if (version === CONTRACT_VERSION) return;
  throw new SluiceError(
    'POSITION_UNSUPPORTED',
    `the run was planned under version ${version} of the contract, and this program has version ${CONTRACT_VERSION}`,
    { hint: 'Go on with the version of the program that started the run, or abandon it there.' },
  );
}
