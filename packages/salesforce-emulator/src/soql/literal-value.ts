import { decimalSortKey, toPlainDecimal } from '../org/decimal-text.ts';
import { isoDate, isoDateTime, isoTime } from '../org/instant-text.ts';
import type { FieldType, SoqlFault } from '../org/org.ts';
import { toLongId } from '../org/record-id.ts';
import { type Expression, TEXT_TYPES } from './expression-compiler.ts';
import type { QueryScope } from './query-scope.ts';
import { midnightText, relativeDays } from './relative-date.ts';
import type { LiteralNode } from './soql-ast.ts';

/** A literal as the field it is compared with holds its values: one, or those from `start` to before `end`. */
export type FilterValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'value'; readonly value: string | number | bigint }
  | { readonly kind: 'range'; readonly start: string; readonly end: string };

export interface LiteralContext {
  readonly scope: QueryScope;
  readonly nowMs: number;
}

const XSD_NAMES: Partial<Record<FieldType, string>> = { datetime: 'dateTime', percent: 'double', currency: 'double' };

/** @throws {SoqlFault} `INVALID_FIELD` when the literal is not of the field's type. */
export function filterValue(literal: LiteralNode, expression: Expression, context: LiteralContext): FilterValue {
  if (literal.type === 'null') return { kind: 'null' };
  const value = presentValue(literal, expression, context);
  if (value === undefined) throw wrongType(literal, expression, context.scope);
  return value;
}

function presentValue(literal: LiteralNode, expression: Expression, context: LiteralContext): FilterValue | undefined {
  const { type } = expression;
  if (TEXT_TYPES.has(type)) {
    if (literal.type !== 'string') return undefined;
    return literal.value === '' ? { kind: 'null' } : { kind: 'value', value: literal.value };
  }
  switch (type) {
    case 'id':
    case 'reference':
      return idValue(literal, context.scope);
    case 'boolean':
      return literal.type === 'boolean' ? { kind: 'value', value: literal.value === 'true' ? 1 : 0 } : undefined;
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return literal.type === 'number' ? numberValue(literal.value, expression, context.scope) : undefined;
    case 'date':
    case 'datetime':
      return instantValue(literal, type, context);
    case 'time':
      return literal.type === 'time' ? present(isoTime(literal.value.toUpperCase())) : undefined;
    default:
      return undefined;
  }
}

function present(value: string | undefined): FilterValue | undefined {
  return value === undefined ? undefined : { kind: 'value', value };
}

function idValue(literal: LiteralNode, scope: QueryScope): FilterValue | undefined {
  if (literal.type !== 'string') return undefined;
  if (literal.value === '') return { kind: 'null' };
  const id = toLongId(literal.value);
  if (id !== undefined) return { kind: 'value', value: id };
  throw scope.fault(literal.offset, 'INVALID_QUERY_FILTER_OPERATOR', `invalid ID field: ${literal.value}`);
}

function numberValue(text: string, { type, isAggregate }: Expression, scope: QueryScope): FilterValue {
  const plain = toPlainDecimal(text) ?? '0';
  if (isDecimalText(type, isAggregate, scope)) return { kind: 'value', value: decimalSortKey(plain) };
  if (type === 'long' && /^-?\d{1,18}$/.test(plain)) return { kind: 'value', value: BigInt(plain) };
  return { kind: 'value', value: Number(plain) };
}

/** Whether the numbers are stored as text, and so compared by a key. */
export function isDecimalText(type: FieldType, isAggregate: boolean, scope: QueryScope): boolean {
  const isDecimal = type === 'double' || type === 'currency' || type === 'percent';
  return isDecimal && !isAggregate && scope.store.policy.exactDecimals;
}

function instantValue(
  literal: LiteralNode,
  type: 'date' | 'datetime',
  context: LiteralContext,
): FilterValue | undefined {
  if (literal.type === type) {
    return present(type === 'date' ? isoDate(literal.value) : isoDateTime(literal.value.toUpperCase(), true));
  }
  if (literal.type !== 'relativeDate') return undefined;
  const days = relativeDays(literal.value, literal.count, context.nowMs);
  if (days === undefined) {
    throw unexpectedWord(literal, context.scope);
  }
  return { kind: 'range', start: midnightText(days.startDay, type), end: midnightText(days.endDay, type) };
}

function wrongType(literal: LiteralNode, { field, type }: Expression, scope: QueryScope): SoqlFault {
  if (literal.type === 'relativeDate' && type !== 'date' && type !== 'datetime') {
    return unexpectedWord(literal, scope);
  }
  const wanted = TEXT_TYPES.has(type) || type === 'id' || type === 'reference' ? 'string' : (XSD_NAMES[type] ?? type);
  const quotes = wanted === 'string' ? 'should be enclosed in quotes' : 'should not be enclosed in quotes';
  const message = `value of filter criterion for field '${field.name}' must be of type ${wanted} and ${quotes}`;
  return scope.fault(literal.offset, 'INVALID_FIELD', message);
}

/** A word that stands where a date literal may, and is none or is compared with another type. */
function unexpectedWord({ offset, value }: LiteralNode, scope: QueryScope): SoqlFault {
  const written = scope.source.slice(offset, offset + value.length);
  return scope.fault(offset, 'MALFORMED_QUERY', `unexpected token: '${written}'`);
}
