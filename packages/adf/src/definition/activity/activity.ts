import * as z from 'zod';

import { UNAVAILABLE_ACTIVITIES } from '../unavailable/activity-types.ts';
import type { Frozen } from '../value/resolved-value.ts';
import { ACTIVITY_HEAD, EXECUTION_HEAD } from './activity-head.ts';
import { FOR_EACH, IF_CONDITION, SWITCH, SWITCH_CASE, UNTIL } from './container-properties.ts';
import { copyActivity, lookupActivity } from './data-activities.ts';
import { scriptActivity } from './script-activity.ts';
import {
  appendVariableActivity,
  executePipelineActivity,
  failActivity,
  filterActivity,
  setVariableActivity,
  waitActivity,
} from './step-activities.ts';

type Shape<Properties extends z.ZodRawShape> = Frozen<z.output<z.ZodObject<Properties>>>;

export type ActivityHead = Shape<typeof ACTIVITY_HEAD>;
export type ExecutionHead = Shape<typeof EXECUTION_HEAD>;

export type CopyActivity = Frozen<z.output<typeof copyActivity>>;
export type LookupActivity = Frozen<z.output<typeof lookupActivity>>;
export type ScriptActivity = Frozen<z.output<typeof scriptActivity>>;
export type SetVariableActivity = Frozen<z.output<typeof setVariableActivity>>;
export type AppendVariableActivity = Frozen<z.output<typeof appendVariableActivity>>;
export type WaitActivity = Frozen<z.output<typeof waitActivity>>;
export type FailActivity = Frozen<z.output<typeof failActivity>>;
export type FilterActivity = Frozen<z.output<typeof filterActivity>>;
export type ExecutePipelineActivity = Frozen<z.output<typeof executePipelineActivity>>;

export interface ForEachActivity extends ActivityHead {
  readonly type: 'ForEach';
  readonly typeProperties: Shape<typeof FOR_EACH> & { readonly activities: readonly Activity[] };
}

export interface IfConditionActivity extends ActivityHead {
  readonly type: 'IfCondition';
  readonly typeProperties: Shape<typeof IF_CONDITION> & {
    readonly ifTrueActivities: readonly Activity[];
    readonly ifFalseActivities: readonly Activity[];
  };
}

export interface SwitchActivity extends ActivityHead {
  readonly type: 'Switch';
  readonly typeProperties: Shape<typeof SWITCH> & {
    readonly cases: readonly SwitchCase[];
    readonly defaultActivities: readonly Activity[];
  };
}

export type SwitchCase = Shape<typeof SWITCH_CASE> & { readonly activities: readonly Activity[] };

export interface UntilActivity extends ActivityHead {
  readonly type: 'Until';
  readonly typeProperties: Shape<typeof UNTIL> & { readonly activities: readonly Activity[] };
}

/** What Data Factory can do and we cannot. A pipeline with one is refused before it runs. */
export interface UnavailableActivity extends ExecutionHead {
  readonly type: (typeof UNAVAILABLE_ACTIVITIES)[number];
  readonly typeProperties?: unknown;
}

export type ContainerActivity = ForEachActivity | IfConditionActivity | SwitchActivity | UntilActivity;

export type Activity =
  | CopyActivity
  | LookupActivity
  | ScriptActivity
  | SetVariableActivity
  | AppendVariableActivity
  | WaitActivity
  | FailActivity
  | FilterActivity
  | ExecutePipelineActivity
  | ContainerActivity
  | UnavailableActivity;

const activities = z.array(z.lazy((): z.ZodType<Activity> => activity)).default([]);

const forEachActivity = z.object({
  type: z.literal('ForEach').meta({ description: 'Runs activities for each item of an array.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({
    ...FOR_EACH,
    activities: activities.meta({ description: 'What to run; item() is the item.' }),
  }),
});

const ifConditionActivity = z.object({
  type: z.literal('IfCondition').meta({ description: 'Runs one of two lists of activities.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({ ...IF_CONDITION, ifTrueActivities: activities, ifFalseActivities: activities }),
});

const switchActivity = z.object({
  type: z.literal('Switch').meta({ description: 'Runs one of several lists of activities.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({
    ...SWITCH,
    cases: z.array(z.object({ ...SWITCH_CASE, activities })).default([]),
    defaultActivities: activities,
  }),
});

const untilActivity = z.object({
  type: z.literal('Until').meta({ description: 'Repeats activities until a condition holds.' }),
  ...ACTIVITY_HEAD,
  typeProperties: z.object({ ...UNTIL, activities }),
});

const unavailableActivity = z.object({
  type: z.enum(UNAVAILABLE_ACTIVITIES).meta({ description: 'An activity that cannot run here.' }),
  ...EXECUTION_HEAD,
  typeProperties: z.unknown().optional(),
});

/** An activity, with those in it. */
export const activity = z
  .discriminatedUnion('type', [
    copyActivity,
    lookupActivity,
    scriptActivity,
    setVariableActivity,
    appendVariableActivity,
    waitActivity,
    failActivity,
    filterActivity,
    executePipelineActivity,
    forEachActivity,
    ifConditionActivity,
    switchActivity,
    untilActivity,
    unavailableActivity,
  ])
  .meta({ id: 'Activity' });
