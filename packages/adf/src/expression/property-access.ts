import { type ExpressionObject, type ExpressionValue, isArray } from './expression-value.ts';
import { didYouMean } from './nearest-name.ts';

const LISTED_NAMES = 20;

/** The member of that name, else the only one that differs in case alone; `undefined` where there is none. */
export function selectMember(object: ExpressionObject, name: string): ExpressionValue | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const wanted = name.toLowerCase();
  const similar = Object.keys(object).filter((key) => key.toLowerCase() === wanted);
  return similar.length === 1 ? object[similar[0]!] : undefined;
}

export interface Missing {
  readonly message: string;
  readonly hint: string | undefined;
}

/**
 * Says that a name is not there and what is. `name` is `undefined` where it is not written in the expression but
 * computed: a value does not get into messages.
 */
export function missingName(what: string, name: string | undefined, names: readonly string[]): Missing {
  const more = names.length > LISTED_NAMES ? ` and ${names.length - LISTED_NAMES} more` : '';
  const list = names.length === 0 ? 'nothing' : names.slice(0, LISTED_NAMES).join(', ') + more;
  return {
    message: `there is no ${what} ${name === undefined ? 'of that name' : JSON.stringify(name)}; there is: ${list}`,
    hint: name === undefined ? undefined : didYouMean(name, names),
  };
}

/** `undefined` for an index outside of the array, or that is no integer. */
export function selectItem(array: readonly ExpressionValue[], index: ExpressionValue): ExpressionValue | undefined {
  return typeof index === 'number' && Number.isInteger(index) && index >= 0 ? array[index] : undefined;
}

export function memberNames(value: ExpressionObject): readonly string[] {
  return isArray(value) ? [] : Object.keys(value).filter((name) => value[name] !== undefined);
}
