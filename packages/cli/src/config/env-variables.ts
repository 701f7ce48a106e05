import type { Json, JsonObject } from '@sluice/core';

import type { ConfigPath, ConfigProblem } from './config-problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `${env:NAME}`; a `$` before it takes its meaning away. */
const VARIABLE = /\$?\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/g;

export interface FilledIn {
  readonly value: Json;
  readonly problems: readonly ConfigProblem[];
}

/** Puts the values of environment variables into all text, except where a secret is referred to. */
export function fillInVariables(value: Json, env: Environment, secretKeys: ReadonlySet<string>): FilledIn {
  const problems: ConfigProblem[] = [];
  const walk = (node: Json, path: ConfigPath): Json => {
    if (typeof node === 'string') return fillIn(node, env, (name) => problems.push(notSet(name, env, path)));
    if (isList(node)) return node.map((item, i) => walk(item, [...path, i]));
    if (typeof node !== 'object' || node === null) return node;
    return mapValues(node, (item, key) => (secretKeys.has(key) ? item : walk(item, [...path, key])));
  };
  return { value: walk(value, []), problems };
}

/** The names of the variables a configuration takes values from, in order. */
export function variablesOf(value: Json): readonly string[] {
  const names = JSON.stringify(value).matchAll(VARIABLE);
  return [...new Set([...names].filter(([text]) => !text.startsWith('$$')).map(([, name]) => name!))].sort();
}

function fillIn(text: string, env: Environment, report: (name: string) => void): string {
  return text.replaceAll(VARIABLE, (reference: string, name: string) => {
    if (reference.startsWith('$$')) return reference.slice(1);
    const value = env[name];
    if (value === undefined || value === '') report(name);
    return value ?? '';
  });
}

function notSet(name: string, env: Environment, path: ConfigPath): ConfigProblem {
  const state = env[name] === undefined ? 'not set' : 'empty';
  return { path, message: `takes its value from the environment variable ${name}, which is ${state}` };
}

function mapValues(object: JsonObject, map: (value: Json, key: string) => Json): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, value === undefined ? undefined : map(value, key)]),
  );
}

/** `Array.isArray` does not know readonly lists. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
