import type { IfConditionActivity, SwitchActivity } from '../../definition/activity/activity.ts';
import { runActivities } from '../activity-list.ts';
import type { ActivityParts } from '../run-engine.ts';
import type { ActivityOutcome } from '../run-record.ts';
import type { RunScope } from '../run-scope.ts';
import { requireBoolean, requireText, textOfSecret } from '../run-value.ts';
import { containerOutcome } from './inner-list.ts';

export async function runIfCondition(
  { name, typeProperties }: IfConditionActivity,
  scope: RunScope,
  { evaluate, setInput, signal }: ActivityParts,
): Promise<ActivityOutcome> {
  const { expression, ifTrueActivities, ifFalseActivities } = typeProperties;
  const path = 'typeProperties.expression';
  const isTrue = requireBoolean(evaluate(expression, path), path);
  setInput({ expression: isTrue });
  const outcome = await runActivities(isTrue ? ifTrueActivities : ifFalseActivities, scope.within(), signal);
  return containerOutcome(name, [outcome]);
}

/** Cases are told apart letter by letter. */
export async function runSwitch(
  { name, typeProperties }: SwitchActivity,
  scope: RunScope,
  { evaluate, setInput, signal }: ActivityParts,
): Promise<ActivityOutcome> {
  const { on: onJson, cases, defaultActivities } = typeProperties;
  const on = requireText(evaluate(onJson, 'typeProperties.on'), 'typeProperties.on');
  setInput({ on });
  const chosen = cases.find(({ value }) => value === textOfSecret(on));
  const outcome = await runActivities(chosen?.activities ?? defaultActivities, scope.within(), signal);
  return containerOutcome(name, [outcome]);
}
