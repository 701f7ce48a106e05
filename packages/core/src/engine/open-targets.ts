import type { Schema } from 'apache-arrow';

import type { Context } from '../contract/context.ts';
import type { SideName, SideTarget } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { LeftBehind } from '../contract/source.ts';
import { checkJson } from '../json/json-check.ts';
import { encodeSchema } from '../schema/schema-codec.ts';
import { leftBehindBy, withinBound } from './clean-up.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { fromPlugin } from './plugin-fault.ts';
import { type Ends, type SideEnd, sideEnds } from './run-ends.ts';
import { sideSchema } from './side-rows.ts';
import { SINK_SCOPE } from './staged-parts.ts';
import type { WatchedSink } from './watched-plugin.ts';

/** A target that is open, though no plan that names it is in the journal yet. */
export interface OpenedTarget {
  readonly sink: WatchedSink;
  readonly memoScope: string;
  readonly target: Json;
  readonly schema: Schema;
}

export interface Targets {
  readonly target: Json;
  readonly sides: Readonly<Partial<Record<SideName, SideTarget>>>;
}

/**
 * Opens the sink, then those beside it: what the sink refuses leaves them untouched. All schemas are known to fit by then.
 * Each that is open is put into `opened`, in case one behind it refuses.
 */
export async function openTargets(
  run: RunParts,
  ends: Ends,
  schemas: { readonly source: Schema; readonly sink: Schema },
  signal: AbortSignal,
  opened: OpenedTarget[],
): Promise<Targets> {
  const planned = sideEnds(ends).map(([name, end]) => ({ name, end, schema: sideSchema(name, schemas.source) }));
  async function open({ sink, intent }: SideEnd, memoScope: string, schema: Schema): Promise<Json> {
    const ctx = sinkContext(run, sink, memoScope, signal);
    const target = await fromPlugin(sink.name, signal, () => sink.open(schema, intent, ctx));
    checkJson(target, `the target of ${sink.name}`);
    opened.push({ sink, memoScope, target, schema });
    return target;
  }
  const target = await open(ends, SINK_SCOPE, schemas.sink);
  const sides: Partial<Record<SideName, SideTarget>> = {};
  for (const { name, end, schema } of planned) {
    sides[name] = { sink: end.sink.name, target: await open(end, name, schema), schema: encodeSchema(schema) };
  }
  return { target, sides };
}

/** Of a run that ends before its plan is in the journal. */
export async function abortOpened(run: RunParts, opened: readonly OpenedTarget[]): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for (const { sink, memoScope, target, schema } of opened) {
    const found = await withinBound(run.cleanupMs, run.clock, (signal) =>
      leftBehindBy(sink, signal, async () => {
        const ctx = sinkContext(run, sink, memoScope, signal);
        return (await sink.abort(target, schema, [], ctx)).leftBehind;
      }),
    );
    left.push(...found);
  }
  return left;
}

export function sinkContext(run: RunParts, { name }: WatchedSink, memoScope: string, signal: AbortSignal): Context {
  return pluginContext(run, { plugin: name, side: 'write', memoScope, signal });
}
