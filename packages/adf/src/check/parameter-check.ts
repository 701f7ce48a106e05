import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isList, isRecord, type JsonValue } from '../reading/canonical-json.ts';
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
  switch (type) {
    case 'String':
      return typeof value !== 'object';
    case 'SecureString':
      return typeof value !== 'object' || (isRecord(value) && value['type'] === 'SecureString');
    case 'Int':
      return (
        typeof value === 'bigint' ||
        (typeof value === 'number' && Number.isInteger(value)) ||
        isText(value, /^[+-]?\d+$/)
      );
    case 'Float':
      return (
        typeof value === 'number' || typeof value === 'bigint' || isText(value, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i)
      );
    case 'Bool':
      return typeof value === 'boolean' || isText(value, /^(true|false)$/i);
    case 'Array':
      return isList(value) || isText(value, /^\s*\[/);
    case 'Object':
      return isRecord(value) || isList(value) || isText(value, /^\s*[{[]/);
    default:
      return true;
  }
}

function isText(value: JsonValue, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value.trim());
}
