import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import { parseJsonText } from '../expression/json-text.ts';

/** A cell of a result as JSON, as lookups have it: what the server writes, by the type it says it is of. */
export function resultValue(text: string | null, type: string): ExpressionValue {
  if (text === null) return null;
  switch (type) {
    case 'bool':
      return text === 't';
    case 'int2':
    case 'int4':
    case 'oid':
      return Number(text);
    case 'int8':
      return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
    case 'float4':
    case 'float8':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'numeric':
      return exactNumber(text) ?? text;
    case 'date':
      // `infinity` and years before Christ stay what the server writes.
      return /^\d{4,}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00.000Z` : text;
    case 'timestamp':
      return instantText(text);
    case 'timestamptz':
      return instantText(text);
    case 'json':
    case 'jsonb':
      return parseJsonText(text) ?? text;
    default:
      return text;
  }
}

export function resultRow(
  cells: readonly (string | null)[],
  fields: readonly { readonly name: string; readonly type: string }[],
): ExpressionObject {
  return Object.fromEntries(fields.map(({ name, type }, index) => [name, resultValue(cells[index] ?? null, type)]));
}

/** Undefined for digits that no JSON number holds. */
function exactNumber(text: string): number | undefined {
  const number = Number(text);
  const shortest = String(number);
  const plain = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return plain === shortest || /^-?0$/.test(plain) ? number : undefined;
}

const INSTANT = /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:([+-])(\d\d)(?::?(\d\d))?)?$/;

/** ISO 8601 to the millisecond, and beyond it where there are digits that say more; with a zone, in UTC. */
function instantText(text: string): string {
  const [match, day, time, fraction = '', sign, hours, minutes = '00'] = INSTANT.exec(text) ?? [];
  if (match === undefined) return text;
  const digits = fraction.replace(/0+$/, '').padEnd(3, '0');
  if (sign === undefined) return `${day}T${time}.${digits}`;
  const instant = new Date(`${day}T${time}${sign}${hours}:${minutes}`);
  return Number.isNaN(instant.getTime()) ? text : `${instant.toISOString().slice(0, 19)}.${digits}Z`;
}
