import { isArray, type PlainObject, type PlainValue } from './expression-value.ts';
import { MAX_TEXT_CHARS } from './limits.ts';

/**
 * A value as `string()` and interpolation write it: texts as they are, null as nothing, booleans as .NET writes them,
 * arrays and objects as compact JSON.
 *
 * @throws {RangeError} above `MAX_TEXT_CHARS`.
 */
export function textOf(value: PlainValue): string {
  if (value === null) return '';
  switch (typeof value) {
    case 'string':
      return value;
    case 'boolean':
      return value ? 'True' : 'False';
    case 'object':
      return writeJson(value, Object.entries);
    default:
      return String(value);
  }
}

/** The same text for values that are equal, whatever the order of their members. */
export function canonicalJson(value: PlainValue): string {
  return writeJson(value, (object) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

type Members = (object: PlainObject) => (readonly [string, PlainValue | undefined])[];

function writeJson(value: PlainValue, members: Members): string {
  let chars = 0;
  const write = (part: PlainValue): string => {
    const text = isArray(part)
      ? `[${part.map(write).join(',')}]`
      : typeof part === 'object' && part !== null
        ? `{${members(part)
            .filter((member): member is [string, PlainValue] => member[1] !== undefined)
            .map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`)
            .join(',')}}`
        : scalarJson(part);
    // Every level counts again, which is no matter for values that come anywhere near the limit.
    if (typeof part !== 'object') chars += text.length;
    if (chars > MAX_TEXT_CHARS) throw new RangeError('the JSON text is too long');
    return text;
  };
  return write(value);
}

function scalarJson(value: null | boolean | number | bigint | string): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
