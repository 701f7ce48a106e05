import type { ExpressionScope } from '../expression-scope.ts';
import type { ExpressionObject, ExpressionValue } from '../expression-value.ts';
import type { FunctionCall } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { memberNames, missingName, selectMember } from '../property-access.ts';

/** What `pipeline()` has besides the parameters. */
export const SYSTEM_VARIABLES: readonly string[] = [
  'DataFactory',
  'Pipeline',
  'RunId',
  'TriggerType',
  'TriggerId',
  'TriggerName',
  'TriggerTime',
  'GroupId',
  'TriggeredByPipelineName',
  'TriggeredByPipelineRunId',
];

/** Why a part of the scope is not there. */
export const NOT_READABLE = {
  pipeline: 'cannot be read here: linked services and datasets see only their own parameters',
  variables: 'cannot be read here: variables belong to pipelines',
  activities: 'cannot be read here: activities belong to pipelines',
  item: 'can be read only within a ForEach or Filter activity',
  dataset: 'can be read only within a dataset',
  linkedService: 'can be read only within a linked service',
  trigger: 'cannot be read here: no trigger started this',
} as const satisfies Record<keyof ExpressionScope, string>;

export const SCOPE_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('pipeline', '', (call) => partOf(call, 'pipeline')),
  defineFunction('dataset', '', (call) => partOf(call, 'dataset')),
  defineFunction('linkedService', '', (call) => partOf(call, 'linkedService')),
  defineFunction('trigger', '', (call) => partOf(call, 'trigger')),
  defineFunction('variables', 'name', (call) => named(call, 'variables', 'variable')),
  defineFunction('activity', 'name', (call) => named(call, 'activities', 'activity')),
  defineFunction('item', '', (call) => {
    const { item } = call.context.scope;
    if (item === undefined) throw call.fail(NOT_READABLE.item);
    return item;
  }),
];

function partOf(call: FunctionCall, part: Exclude<keyof ExpressionScope, 'item'>): ExpressionObject {
  const value = call.context.scope[part];
  if (value === undefined) throw call.fail(NOT_READABLE[part]);
  return value;
}

function named(call: FunctionCall, part: 'variables' | 'activities', what: string): ExpressionValue {
  const values = partOf(call, part);
  const value = selectMember(values, call.text(0));
  if (value !== undefined) return value;
  const { message, hint } = missingName(what, call.literal(0), memberNames(values));
  throw call.fail(`finds nothing: ${message}`, undefined, hint);
}
