import type * as z from 'zod';

import { expression } from '../definition/value/dynamic-value.ts';
import { didYouMean } from '../expression/nearest-name.ts';
import { type JsonMembers, type JsonNode, type JsonPath, memberOf } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isOptional, schemaShape, typesOf } from './schema-shape.ts';

/** JSON as it was written, without places. */
export type JsonValue = null | boolean | number | bigint | string | readonly JsonValue[] | JsonRecord;
export interface JsonRecord {
  readonly [name: string]: JsonValue | undefined;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `Array.isArray` alone does not narrow to readonly lists. */
export function isList(value: unknown): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/**
 * The JSON with names and words spelled as the schema spells them, and without members that are null and need not be.
 *
 * Data Factory matches names without regard to case and ignores those it does not know: the latter are reported, and
 * kept.
 */
export function canonicalJson(
  node: JsonNode,
  schema: z.core.$ZodType,
  report: ProblemReport,
  path: JsonPath = [],
): JsonValue {
  const shape = schemaShape(schema);
  if (node.kind === 'scalar') {
    const words = shape.kind === 'dynamic' ? schemaShape(shape.value) : shape;
    return words.kind === 'words' && typeof node.value === 'string' ? spelled(node.value, words.words) : node.value;
  }
  if (node.kind === 'list') {
    const list = shape.kind === 'dynamic' ? schemaShape(shape.value) : shape;
    if (list.kind !== 'array') return plainJson(node);
    return node.items.map((item, index) => canonicalJson(item, list.item, report, [...path, index]));
  }
  switch (shape.kind) {
    case 'object':
      return canonicalMembers(node, shape.schema, shape.isOpen, report, path);
    case 'record':
      return record(
        node.members.map(({ name, node: value }) => [name, canonicalJson(value, shape.value, report, [...path, name])]),
      );
    case 'dynamic':
      return canonicalJson(node, typeOf(node)?.toLowerCase() === 'expression' ? expression : shape.value, report, path);
    case 'byType': {
      const option = optionFor(node, shape.options, report, path);
      return option === undefined ? plainJson(node) : canonicalJson(node, option, report, path);
    }
    default:
      return plainJson(node);
  }
}

/** The JSON as it is. */
export function plainJson(node: JsonNode): JsonValue {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainJson);
  return record(node.members.map(({ name, node: value }) => [name, plainJson(value)]));
}

function canonicalMembers(
  { members }: JsonMembers,
  schema: z.ZodObject,
  isOpen: boolean,
  report: ProblemReport,
  path: JsonPath,
): JsonValue {
  const names = Object.keys(schema.shape);
  const seen = new Map<string, string>();
  const entries: [string, JsonValue][] = [];
  for (const { name, node } of members) {
    const known = spelled(name, names);
    const member = Object.hasOwn(schema.shape, known) ? schema.shape[known] : undefined;
    if (member === undefined) {
      if (!isOpen) {
        report.warn([...path, name], 'is not a property that is known here; it has no effect', {
          hint: didYouMean(name, names),
        });
      }
      entries.push([name, plainJson(node)]);
      continue;
    }
    const before = seen.get(known);
    if (before !== undefined) report.error([...path, name], `is there twice, as ${before} and as ${name}`);
    seen.set(known, name);
    const isNull = node.kind === 'scalar' && node.value === null;
    if (isNull && isOptional(member)) continue;
    entries.push([known, canonicalJson(node, member, report, [...path, known])]);
  }
  return record(entries);
}

function optionFor(
  node: JsonMembers,
  options: readonly z.ZodObject[],
  report: ProblemReport,
  path: JsonPath,
): z.ZodObject | undefined {
  const written = typeOf(node);
  if (written === undefined) return undefined;
  const option = options.find((candidate) => hasWord(typesOf(candidate), written));
  const type = option === undefined ? written : spelled(written, typesOf(option));
  if (type !== written) report.warn([...path, 'type'], `is spelled ${JSON.stringify(type)} by Data Factory`);
  return option;
}

function typeOf(node: JsonMembers): string | undefined {
  const type = memberOf(node, 'type')?.node;
  return type?.kind === 'scalar' && typeof type.value === 'string' ? type.value : undefined;
}

function hasWord(words: readonly string[], word: string): boolean {
  return words.some((candidate) => candidate.toLowerCase() === word.toLowerCase());
}

/** The word as it is known, if it is. */
function spelled(word: string, words: readonly string[]): string {
  if (words.includes(word)) return word;
  return words.find((candidate) => candidate.toLowerCase() === word.toLowerCase()) ?? word;
}

/** A member called __proto__ becomes a member, as it is in JSON. */
function record(entries: readonly (readonly [string, JsonValue])[]): JsonRecord {
  return Object.fromEntries(entries);
}
