import type { Schema } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { Mapping } from '../contract/mapping.ts';
import type { Intent, Sink } from '../contract/sink.ts';
import type { Plan, Source } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { fingerprint } from '../fingerprint/fingerprint.ts';
import { checkJson } from '../json/json-check.ts';
import { decodeSchema, encodeSchema } from '../schema/schema-codec.ts';
import { type MappingPlan, planMapping } from './map-rows.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { fromPlugin } from './plugin-fault.ts';
import type { RunLog } from './run-log.ts';
import { SOURCE_SCOPE } from './split-reader.ts';
import { SINK_SCOPE } from './staged-parts.ts';

/** Of the contract that plans, targets and journals of this version follow. */
const CONTRACT_VERSION = 1;

export interface Ends {
  readonly source: Source;
  readonly sink: Sink;
  readonly mapping: Mapping | undefined;
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
export function runFingerprint({ source, sink, mapping, intent }: Ends): string {
  return fingerprint({
    contractVersion: CONTRACT_VERSION,
    source: { name: source.name, config: source.config },
    sink: { name: sink.name, config: sink.config },
    mapping: mapping?.config ?? null,
    intent: { ...intent },
  });
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
  const target = await fromPlugin(sink.name, signal, () => sink.open(sinkSchema, intent, sinkCtx));
  checkJson(target, `the target of ${sink.name}`);
  // Ahead of the plan, behind which nobody would come back to them.
  for (const note of plan.notes) await run.log.note(note);
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
    estimate: plan.estimate,
  });
  return { plan: plan.state, target, sourceSchema: plan.schema, sinkSchema, mapping: mapped };
}

export async function planSource<P extends Json>(
  { name }: Pick<Source, 'name'>,
  work: () => Promise<Plan<P>>,
  signal: AbortSignal,
): Promise<Plan<P>> {
  const plan = await fromPlugin(name, signal, work);
  checkJson(plan.state, `the plan of ${name}`);
  return plan;
}

function requireContract(version: number): void {
  if (version === CONTRACT_VERSION) return;
  throw new SluiceError(
    'POSITION_UNSUPPORTED',
    `the run was planned under version ${version} of the contract, and this program has version ${CONTRACT_VERSION}`,
    { hint: 'Go on with the version of the program that started the run, or abandon it there.' },
  );
}
