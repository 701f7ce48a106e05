import type { StoredValue } from '../org/org.ts';

/** SQL with a `?` for each parameter, in order. */
export interface Sql {
  readonly text: string;
  readonly params: readonly StoredValue[];
}

export function sql(text: string, ...params: readonly StoredValue[]): Sql {
  return { text, params };
}

/** Joins conditions as a balanced tree, since SQLite bounds the depth of an expression and not its width. */
export function joinConditions(operator: 'AND' | 'OR', terms: readonly Sql[]): Sql {
  if (terms.length <= 1) return terms[0] ?? sql(operator === 'AND' ? '1' : '0');
  const middle = Math.ceil(terms.length / 2);
  const left = joinConditions(operator, terms.slice(0, middle));
  const right = joinConditions(operator, terms.slice(middle));
  return sql(`(${left.text} ${operator} ${right.text})`, ...left.params, ...right.params);
}
