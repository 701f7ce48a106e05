import type { Json } from '../contract/json.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { Secret } from '../secret/secret.ts';

const MAX_DEPTH = 500;

/**
 * Makes sure that a value comes back from JSON as it went in, apart from properties that are undefined.
 *
 * @throws `CONTRACT_BROKEN` saying what `what` holds where, never the value.
 */
export function checkJson(value: unknown, what: string): asserts value is Json {
  visit(value, what, []);
}

type Path = (string | number)[];

function visit(value: unknown, what: string, path: Path): void {
  if (path.length > MAX_DEPTH) throw notJson(what, `something within itself or nested too deep`, path.slice(0, 5));
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (Array.isArray(value)) {
    // By index, so that holes are seen.
    for (let i = 0; i < value.length; i++) visitMember(value[i], what, path, i);
    return;
  }
  if (!isPlainObject(value)) throw notJson(what, nameOf(value), path);
  for (const [key, member] of Object.entries(value)) {
    if (member !== undefined) visitMember(member, what, path, key);
  }
}

function visitMember(value: unknown, what: string, path: Path, key: string | number): void {
  path.push(key);
  visit(value, what, path);
  path.pop();
}

/** Objects of another realm are plain too. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Secret.is(value)) return false;
  // Every prototype is an object or null.
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function nameOf(value: unknown): string {
  if (typeof value === 'number') return `the number ${value}`;
  if (Secret.is(value)) return 'a secret';
  if (typeof value !== 'object' || value === null) return value === undefined ? 'undefined' : `a ${typeof value}`;
  const name: unknown = value.constructor?.name;
  return typeof name === 'string' && name !== '' ? `an object of class ${name}` : 'an object of a class';
}

function notJson(what: string, found: string, path: Path): SluiceError {
  const place = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return new SluiceError(
    'CONTRACT_BROKEN',
    `${what} holds ${found} at ${place === '' ? 'its top' : place}, which is not JSON`,
    {
      hint: 'Let the plugin give plain JSON there.',
    },
  );
}
