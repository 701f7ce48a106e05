import type { AppendVariableActivity, SetVariableActivity } from '../definition/activity/activity.ts';
import type { ExpressionNode } from '../expression/expression-ast.ts';
import { didYouMean } from '../expression/nearest-name.ts';
import { parseTemplate } from '../expression/template-parser.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord, type JsonValue } from '../reading/canonical-json.ts';
import { nameKey } from './factory-index.ts';
import { fitsType } from './parameter-check.ts';

/** The variable that returns values to the pipeline that runs this one. */
const RETURN_VALUE = 'pipelineReturnValue';

export function checkVariable(
  { type, typeProperties }: SetVariableActivity | AppendVariableActivity,
  declared: JsonValue | undefined,
  report: ProblemReport,
): void {
  const { variableName } = typeProperties;
  const namePath = ['typeProperties', 'variableName'];
  if (type === 'SetVariable' && typeProperties.setSystemVariable === true) {
    if (variableName === RETURN_VALUE) return;
    report.error(namePath, `must be "${RETURN_VALUE}" where setSystemVariable is true`);
    return;
  }
  const variables = isRecord(declared) ? declared : {};
  const name = Object.keys(variables).find((candidate) => nameKey(candidate) === nameKey(variableName));
  if (name === undefined) {
    report.error(namePath, `the pipeline has no variable ${JSON.stringify(variableName)}`, {
      hint: didYouMean(variableName, Object.keys(variables)) ?? 'Add it to the variables of the pipeline.',
    });
    return;
  }
  const variable = variables[name];
  const variableType = isRecord(variable) ? variable['type'] : undefined;
  if (typeof variableType !== 'string') return;
  if (type === 'AppendVariable') {
    if (variableType !== 'Array')
      report.error(namePath, `the variable is of type ${variableType}; only an Array can be appended to`);
    return;
  }
  // The schema let only JSON through.
  const value = typeProperties.value as JsonValue | undefined;
  const valuePath = ['typeProperties', 'value'];
  if (value === undefined) report.error(valuePath, 'is missing');
  else if (!fitsType(variableType, value)) report.error(valuePath, `is no value of type ${variableType}`);
  else if (readsVariable(value, name)) {
    report.error(valuePath, `reads the variable ${JSON.stringify(name)}, which it sets`, {
      hint: 'Set another variable first, and this one from that.',
    });
  }
}

function readsVariable(value: JsonValue, name: string): boolean {
  const text = isRecord(value) ? value['value'] : value;
  if (typeof text !== 'string') return false;
  try {
    const { content } = parseTemplate(text);
    if (content.kind === 'text') return false;
    const parts = content.kind === 'expression' ? [content.expression] : content.parts;
    return parts.some((part) => typeof part !== 'string' && calls(part, name));
  } catch {
    // Reported with the expressions.
    return false;
  }
}

function calls(node: ExpressionNode, name: string): boolean {
  if (node.kind === 'literal') return false;
  if (node.kind === 'path') {
    return calls(node.root, name) || node.steps.some((step) => step.kind === 'index' && calls(step.index, name));
  }
  const [arg] = node.args;
  const isRead =
    node.name.toLowerCase() === 'variables' &&
    arg?.kind === 'literal' &&
    typeof arg.value === 'string' &&
    nameKey(arg.value) === nameKey(name);
  return isRead || node.args.some((argument) => calls(argument, name));
}
