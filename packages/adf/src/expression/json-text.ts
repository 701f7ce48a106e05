import { isArray, type PlainValue } from './expression-value.ts';
import { MAX_VALUE_DEPTH } from './limits.ts';

const INTEGER = /^-?\d+$/;

/**
 * Reads JSON text, integers exactly whatever their size.
 *
 * `undefined` where the text is no JSON, holds a number beyond what a float can hold, or is nested too deep. What the
 * engine says about it quotes the text, so it is not handed on.
 */
export function parseJsonText(text: string): PlainValue | undefined {
  try {
    // JSON.parse gives `any`; the reviver sees every value and leaves only what PlainValue names.
    const value = JSON.parse(text, exactNumber as (name: string, value: unknown) => unknown) as PlainValue;
    return isShallow(value, MAX_VALUE_DEPTH) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The third argument is newer than the typings. */
function exactNumber(_name: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) throw new RangeError('a number is too large');
  if (source !== undefined && !Number.isSafeInteger(value) && INTEGER.test(source)) return BigInt(source);
  return value === 0 ? 0 : value;
}

function isShallow(value: PlainValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  const members = isArray(value) ? value : Object.values(value);
  return members.every((member) => member === undefined || isShallow(member, levels - 1));
}
