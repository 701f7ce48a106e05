import type { JsonNode } from '../json/json-node.ts';

/** A value that was given by a program, as JSON that stands at one place. */
export function jsonNode(value: unknown, offset: number): JsonNode {
  if (Array.isArray(value)) return { kind: 'list', offset, items: value.map((item) => jsonNode(item, offset)) };
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([name, member]) => ({ name, offset, node: jsonNode(member, offset) }));
    return { kind: 'members', offset, members };
  }
  const isScalar = ['boolean', 'number', 'bigint', 'string'].includes(typeof value);
  // One of the four just named.
  return { kind: 'scalar', offset, value: isScalar ? (value as string) : null };
}
