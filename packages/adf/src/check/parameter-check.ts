import { PARAMETER_TYPES, VARIABLE_TYPES } from '../definition/value/parameter.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord, type JsonValue } from '../reading/canonical-json.ts';
import { typedValue } from '../run/parameter-value.ts';
import { holdsExpression } from './expression-check.ts';

/** Holds default values against types, for parameters and variables alike. */
export function checkDefaults(declared: JsonValue | undefined, path: JsonPath, report: ProblemReport): void {
  if (!isRecord(declared)) return;
  for (const [name, declaration] of Object.entries(declared)) {
    if (!isRecord(declaration)) continue;
    const { type, defaultValue } = declaration;
    if (typeof type !== 'string' || defaultValue === undefined || defaultValue === null) continue;
    if (fitsType(type, defaultValue)) continue;
    report.error([...path, name, 'defaultValue'], `is no value of type ${type}`);
  }
}

/** Whether a value is of a type, or a text that says one. An expression may be anything. */
export function fitsType(type: string, value: JsonValue): boolean {
  if (typeof value === 'string' && holdsExpression(value)) return true;
  if (isRecord(value) && value['type'] === 'Expression') return true;
  const known = [...PARAMETER_TYPES, ...VARIABLE_TYPES].find((candidate) => candidate === type);
  return known === undefined || typedValue(known, value) !== undefined;
}
