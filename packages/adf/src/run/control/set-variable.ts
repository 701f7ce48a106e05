import { SluiceError } from '@sluice/core';

import type { AppendVariableActivity, SetVariableActivity } from '../../definition/activity/activity.ts';
import { type ExpressionObject, type ExpressionValue, isArray, isObject } from '../../expression/expression-value.ts';
import type { ActivityParts } from '../run-engine.ts';
import type { ActivityOutcome } from '../run-record.ts';
import type { RunScope } from '../run-scope.ts';
import { requireBoolean } from '../run-value.ts';

export function runSetVariable(
  { typeProperties }: SetVariableActivity,
  { state }: RunScope,
  { evaluate, setInput }: ActivityParts,
): ActivityOutcome {
  const { variableName, setSystemVariable } = typeProperties;
  const value = evaluate(typeProperties.value ?? null, 'typeProperties.value');
  setInput({ variableName, value });
  const path = 'typeProperties.setSystemVariable';
  if (requireBoolean(evaluate(setSystemVariable, path), path)) {
    const returned = returnValues(value);
    state.returnValues.set(returned);
    return { status: 'Succeeded', output: { name: variableName, value: returned } };
  }
  const kept = state.variables.set(variableName, value);
  return { status: 'Succeeded', output: { name: variableName, value: kept } };
}

export function runAppendVariable(
  { typeProperties }: AppendVariableActivity,
  { state }: RunScope,
  { evaluate, setInput }: ActivityParts,
): ActivityOutcome {
  const { variableName } = typeProperties;
  const value = evaluate(typeProperties.value, 'typeProperties.value');
  setInput({ variableName, value });
  const kept = state.variables.append(variableName, value);
  return { status: 'Succeeded', output: { name: variableName, value: kept } };
}

/** A list of `{ key, value: { type, content } }`, as the editor of Data Factory writes it. */
function returnValues(value: ExpressionValue): ExpressionObject {
  if (!isArray(value)) throw notReturnable();
  const entries = value.map((entry): readonly [string, ExpressionValue] => {
    if (!isObject(entry)) throw notReturnable();
    const { key, value: returned = null } = entry;
    if (typeof key !== 'string' || key === '') throw notReturnable();
    return [key, returnedValue(returned)];
  });
  return Object.fromEntries(entries);
}

function returnedValue(value: ExpressionValue): ExpressionValue {
  if (!isObject(value) || !Object.hasOwn(value, 'type')) return value;
  if (value['type'] === 'Null') return null;
  const content = value['content'] ?? null;
  return value['type'] === 'Array' && isArray(content) ? content.map((item) => returnedValue(item)) : content;
}

function notReturnable(): SluiceError {
  return new SluiceError('CONFIG_INVALID', 'typeProperties.value must be a list of key and value', {
    hint: 'Write each as { "key": "…", "value": { "type": "String", "content": "…" } }.',
  });
}
