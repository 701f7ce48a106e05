import { Secret } from '@sluice/core';

import { type ExpressionValue, isArray, isObject, type PlainValue } from './expression-value.ts';
import { MAX_VALUE_DEPTH, MAX_VALUE_NODES } from './limits.ts';

export interface Revealed {
  readonly value: PlainValue;
  /** Whether a secret was in it. */
  readonly hadSecret: boolean;
}

/** The value with the texts of its secrets; `undefined` for one that is nested too deep or is too large. */
export function reveal(value: ExpressionValue): Revealed | undefined {
  const walk = { nodes: 0, hadSecret: false };
  const plain = revealWithin(value, walk, 0);
  return plain === undefined ? undefined : { value: plain, hadSecret: walk.hadSecret };
}

/** Makes a secret of every text in the value. The names of properties stay as they are. */
export function conceal(value: ExpressionValue): ExpressionValue {
  if (typeof value === 'string') return new Secret(value);
  if (isArray(value)) return value.map(conceal);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, member === undefined ? member : conceal(member)]),
  );
}

function revealWithin(
  value: ExpressionValue,
  walk: { nodes: number; hadSecret: boolean },
  depth: number,
): PlainValue | undefined {
  walk.nodes += 1;
  if (walk.nodes > MAX_VALUE_NODES || depth > MAX_VALUE_DEPTH) return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (Secret.is(value)) {
    walk.hadSecret = true;
    return value.reveal();
  }
  if (isArray(value)) {
    const items: PlainValue[] = [];
    for (const item of value) {
      const plain = revealWithin(item, walk, depth + 1);
      if (plain === undefined) return undefined;
      items.push(plain);
    }
    return items;
  }
  const members: [string, PlainValue][] = [];
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const plain = revealWithin(member, walk, depth + 1);
    if (plain === undefined) return undefined;
    members.push([name, plain]);
  }
  // A member called __proto__ becomes a member, as it is in JSON.
  return Object.fromEntries(members);
}
