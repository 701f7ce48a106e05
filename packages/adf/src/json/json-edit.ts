import { type JsonPath, memberOf, type JsonMembers, type JsonNode } from './json-node.ts';
import { readJson } from './json-reader.ts';

/** A change to one value of a text of JSON; a member that is not there is added to its object, which is. */
export interface JsonEdit {
  readonly path: JsonPath;
  /** `undefined` removes the member. */
  readonly value: unknown;
}

/** One string, comment, bracket or other word. Sticky: it is read at a place. */
const TOKEN = /"(?:[^"\\]|\\.)*"|\/\/[^\r\n]*|\/\*[^]*?\*\/|[{}[\],:]|[^"/{}[\],:\s]+|\s+/y;

/**
 * The text with the edits made, one after the other. Everything else stays as it is written: layout, comments, numbers.
 * Comments within what is replaced or removed, and right behind what is removed, go with it.
 *
 * @throws {JsonFault} when the text is not JSON.
 */
export function editJson(text: string, edits: readonly JsonEdit[]): string {
  const layout = { lineEnd: text.includes('\r\n') ? '\r\n' : '\n', indent: /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ' };
  return edits.reduce((edited, edit) => afterEdit(edited, edit, layout), text);
}

/** Where a value that begins there ends. */
export function endOf(text: string, offset: number): number {
  let depth = 0;
  TOKEN.lastIndex = offset;
  for (let token = TOKEN.exec(text)?.[0]; token !== undefined; token = TOKEN.exec(text)?.[0]) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth === 0) return TOKEN.lastIndex;
  }
  return text.length;
}

interface Layout {
  readonly lineEnd: string;
  readonly indent: string;
}

function afterEdit(text: string, { path, value }: JsonEdit, layout: Layout): string {
  const last = path.at(-1);
  const owner = nodeAt(readJson(text).root, path.slice(0, -1));
  if (typeof last !== 'string' || owner?.kind !== 'members') {
    throw new RangeError('an edit leads to no member of an object');
  }
  const member = memberOf(owner, last);
  if (value === undefined)
    return member === undefined ? text : withoutMember(text, owner, owner.members.indexOf(member));
  if (member === undefined) return withMember(text, owner, last, value, layout);
  const { offset } = member.node;
  const printed = print(value, indentAt(text, member.offset), layout);
  return text.slice(0, offset) + printed + text.slice(endOf(text, offset));
}

function withoutMember(text: string, { members }: JsonMembers, index: number): string {
  const { offset, node } = members[index]!;
  const next = members[index + 1];
  if (next !== undefined) return text.slice(0, offset) + text.slice(next.offset);
  const end = endOf(text, node.offset);
  const before = members[index - 1];
  return text.slice(0, before === undefined ? offset : endOf(text, before.node.offset)) + text.slice(end);
}

function withMember(text: string, owner: JsonMembers, name: string, value: unknown, layout: Layout): string {
  const last = owner.members.at(-1);
  if (last === undefined) {
    const outer = indentAt(text, owner.offset);
    const printed = print({ [name]: value }, outer, layout);
    return text.slice(0, owner.offset) + printed + text.slice(endOf(text, owner.offset));
  }
  const indent = indentAt(text, last.offset);
  const isOnOwnLine = /\n[ \t]*$/.test(text.slice(0, last.offset));
  const gap = isOnOwnLine ? layout.lineEnd + indent : ' ';
  const end = endOf(text, last.node.offset);
  return `${text.slice(0, end)},${gap}${JSON.stringify(name)}: ${print(value, indent, layout)}${text.slice(end)}`;
}

function nodeAt(root: JsonNode, path: JsonPath): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>((node, step) => {
    if (node?.kind === 'members') return memberOf(node, String(step))?.node;
    return node?.kind === 'list' ? node.items[Number(step)] : undefined;
  }, root);
}

/** Of the line a place is in. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

function print(value: unknown, indent: string, layout: Layout): string {
  return JSON.stringify(value, undefined, layout.indent).replaceAll('\n', layout.lineEnd + indent);
}
