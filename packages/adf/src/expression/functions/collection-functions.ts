import { isArray, isObject, type PlainObject, type PlainValue } from '../expression-value.ts';
import type { FunctionCall } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { canonicalJson, textOf } from '../value-text.ts';

export const COLLECTION_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('contains', 'collection, value', contains),
  defineFunction('empty', 'collection', (call) => {
    const value = call.value(0);
    if (value === null || value === '') return true;
    if (isArray(value)) return value.length === 0;
    if (typeof value === 'string') return false;
    return Object.keys(call.object(0)).length === 0;
  }),
  // Nothing is the first of an empty array.
  defineFunction('first', 'collection', (call) => {
    const items = textOrArray(call);
    return typeof items === 'string' ? items.slice(0, 1) : (items[0] ?? null);
  }),
  defineFunction('last', 'collection', (call) => {
    const items = textOrArray(call);
    return typeof items === 'string' ? items.slice(-1) : (items.at(-1) ?? null);
  }),
  defineFunction('length', 'collection', (call) => textOrArray(call).length),
  defineFunction('join', 'collection, delimiter', join),
  defineFunction('skip', 'collection, count', (call) => call.array(0).slice(call.size(1))),
  defineFunction('take', 'collection, count', (call) => textOrArray(call).slice(0, call.size(1))),
  defineFunction('union', 'collection1, ...collection', (call) => {
    if (isObject(call.value(0))) return Object.fromEntries(objects(call).flatMap(Object.entries));
    return [...distinct(arrays(call).flat()).values()];
  }),
  defineFunction('intersection', 'collection1, ...collection', (call) => {
    return isObject(call.value(0)) ? commonMembers(objects(call)) : commonItems(arrays(call));
  }),
];

function contains(call: FunctionCall): boolean {
  const collection = call.value(0);
  if (typeof collection === 'string') return collection.includes(call.text(1));
  if (isObject(collection)) return Object.hasOwn(collection, call.text(1));
  if (!isArray(collection)) throw call.mustBe(0, 'a text, an array or an object', collection);
  const wanted = canonicalJson(call.value(1));
  return collection.some((item) => canonicalJson(item) === wanted);
}

function join(call: FunctionCall): string {
  const texts = call.array(0).map(textOf);
  const delimiter = call.text(1);
  call.requireTextChars(texts.reduce((chars, text) => chars + text.length + delimiter.length, 0));
  return texts.join(delimiter);
}

function textOrArray(call: FunctionCall): string | readonly PlainValue[] {
  const value = call.value(0);
  if (typeof value === 'string' || isArray(value)) return value;
  throw call.mustBe(0, 'a text or an array', value);
}

function arrays(call: FunctionCall): readonly (readonly PlainValue[])[] {
  return call.values().map((_, index) => call.array(index));
}

function objects(call: FunctionCall): readonly PlainObject[] {
  return call.values().map((_, index) => call.object(index));
}

/** Each value once, in order of first appearance. */
function distinct(items: readonly PlainValue[]): Map<string, PlainValue> {
  const found = new Map<string, PlainValue>();
  for (const item of items) {
    const key = canonicalJson(item);
    if (!found.has(key)) found.set(key, item);
  }
  return found;
}

function commonItems([first = [], ...others]: readonly (readonly PlainValue[])[]): readonly PlainValue[] {
  const keys = others.map((items) => new Set(items.map(canonicalJson)));
  return [...distinct(first)].filter(([key]) => keys.every((set) => set.has(key))).map(([, item]) => item);
}

/** Of the members that all objects have, those of the last. */
function commonMembers(all: readonly PlainObject[]): PlainObject {
  const members = Object.entries(all.at(-1) ?? {});
  return Object.fromEntries(members.filter(([name]) => all.every((object) => Object.hasOwn(object, name))));
}
