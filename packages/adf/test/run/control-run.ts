import { type Logger, SluiceError } from '@sluice/core';

import type { CopyActivity, LookupActivity, ScriptActivity } from '../../src/definition/activity/activity.ts';
import type { ExpressionObject, ExpressionValue } from '../../src/expression/expression-value.ts';
import { activityError } from '../../src/run/activity-error.ts';
import { Redaction } from '../../src/run/redaction.ts';
import type { ActivityParts, DataActivities, PipelineEvent } from '../../src/run/run-engine.ts';
import type { PastRun, RunHistories } from '../../src/run/run-history.ts';
import { type PipelineResult, runFactoryPipeline } from '../../src/run/run-pipeline.ts';
import type { ActivityOutcome, ActivityRun, PipelineRun } from '../../src/run/run-record.ts';
import {
  accountDataset,
  crm,
  disk,
  type FactoryParts,
  factoryOf,
  parquetDataset,
  reference,
} from '../definitions/factory-files.ts';
import { VirtualClock } from './virtual-clock.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a scripted copy or lookup does at its nth attempt, from 0. */
export type Script = (parts: ActivityParts, attempt: number) => Promise<ExpressionObject> | ExpressionObject;

export interface ControlRun {
  readonly activities: readonly Json[];
  readonly parameters?: Json;
  readonly variables?: Json;
  readonly concurrency?: number;
  /** Other pipelines, by their properties. */
  readonly pipelines?: Readonly<Record<string, Json>>;
  readonly given?: ExpressionObject;
  /** By the name of the activity; others give an empty output. */
  readonly scripts?: Readonly<Record<string, Script>>;
  readonly clock?: VirtualClock;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: PipelineEvent) => void;
  readonly histories?: RunHistories;
  readonly past?: PastRun;
  readonly log?: Logger;
}

/** Runs the pipeline `Main` of the activities, its copies and lookups scripted, on a clock of its own. */
export async function runControl(control: ControlRun): Promise<PipelineResult & { readonly clock: VirtualClock }> {
  const { activities, parameters, variables, concurrency, pipelines = {}, scripts = {}, given = {} } = control;
  const { clock = new VirtualClock(), signal, onEvent, histories, past } = control;
  const parts: FactoryParts = {
    linkedServices: { crm, disk },
    datasets: { account: accountDataset, parquet: parquetDataset },
    pipelines: {
      Main: {
        activities,
        ...(parameters === undefined ? {} : { parameters }),
        ...(variables === undefined ? {} : { variables }),
        ...(concurrency === undefined ? {} : { concurrency }),
      },
      ...pipelines,
    },
  };
  const read = factoryOf(parts);
  read.requireValid();
  let ids = 0;
  const result = await runFactoryPipeline({
    factory: read.factory,
    pipeline: 'Main',
    parameters: given,
    data: scriptedData(scripts),
    redaction: new Redaction(),
    clock,
    newId: () => `00000000-0000-4000-8000-${String(++ids + (past === undefined ? 0 : 1_000)).padStart(12, '0')}`,
    ...(signal === undefined ? {} : { signal }),
    ...(onEvent === undefined ? {} : { onEvent }),
    ...(histories === undefined ? {} : { histories }),
    ...(past === undefined ? {} : { past }),
    ...(control.log === undefined ? {} : { log: control.log }),
  });
  return { ...result, clock };
}

function scriptedData(scripts: Readonly<Record<string, Script>>): DataActivities {
  const attempts = new Map<string, number>();
  const run = async (
    { name }: CopyActivity | LookupActivity | ScriptActivity,
    parts: ActivityParts,
  ): Promise<ActivityOutcome> => {
    const attempt = attempts.get(name) ?? 0;
    attempts.set(name, attempt + 1);
    try {
      return { status: 'Succeeded', output: (await scripts[name]?.(parts, attempt)) ?? {} };
    } catch (error) {
      parts.signal.throwIfAborted();
      return { status: 'Failed', error: activityError(error, name) };
    }
  };
  return { copy: run, lookup: run, script: run };
}

export function refuse(message = 'it does not work'): never {
  throw new SluiceError('REMOTE_REFUSED', message);
}

export function after(...entries: readonly (string | readonly [string, ...string[]])[]): Json {
  return {
    dependsOn: entries.map((entry) => {
      const [activity, ...conditions] = typeof entry === 'string' ? [entry, 'Succeeded'] : entry;
      return { activity, dependencyConditions: conditions };
    }),
  };
}

export function lookup(name: string, more: Json = {}): Json {
  return {
    name,
    type: 'Lookup',
    typeProperties: { source: { type: 'SalesforceV2Source' }, dataset: reference('account', 'DatasetReference') },
    ...more,
  };
}

export function setVariable(name: string, variableName: string, value: unknown, more: Json = {}): Json {
  return { name, type: 'SetVariable', typeProperties: { variableName, value }, ...more };
}

export function appendVariable(name: string, variableName: string, value: unknown, more: Json = {}): Json {
  return { name, type: 'AppendVariable', typeProperties: { variableName, value }, ...more };
}

export function wait(name: string, seconds: unknown, more: Json = {}): Json {
  return { name, type: 'Wait', typeProperties: { waitTimeInSeconds: seconds }, ...more };
}

export function fail(name: string, message = 'no more', more: Json = {}): Json {
  return { name, type: 'Fail', typeProperties: { message, errorCode: 'E-42' }, ...more };
}

/** Statuses by name, in the order the activities began; of several rounds each. */
export function statusesOf({ activityRuns }: PipelineRun): readonly string[] {
  return activityRuns.map(({ activityName, status }) => `${activityName} ${status}`);
}

export function activityOf({ activityRuns }: PipelineRun, name: string): ActivityRun {
  const found = activityRuns.findLast(({ activityName }) => activityName === name);
  if (found === undefined) throw new Error(`there is no run of ${name}`);
  return found;
}

export function outputOf(run: PipelineRun, name: string): ExpressionValue {
  return activityOf(run, name).output;
}
