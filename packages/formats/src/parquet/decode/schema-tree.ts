import { damaged } from './damage.ts';
import type { SchemaElement } from './file-footer.ts';

/** Deeper nesting than this is damage. */
const MAX_DEPTH = 64;

/** A group or column of the file's schema. */
export interface SchemaNode {
  readonly element: SchemaElement;
  /** Names from the top down, joined by dots. */
  readonly path: string;
  readonly members: readonly SchemaNode[];
  /** The definition level at which this node is there. */
  readonly definition: number;
  /** How many of the nodes down to this one repeat. */
  readonly repetition: number;
  /** Which of a row group's column chunks it is; of a group, the first below it. */
  readonly ordinal: number;
}

/** The columns at the top. @throws `FILE_CORRUPT`. */
export function schemaTree(elements: readonly SchemaElement[]): readonly SchemaNode[] {
  let at = 0;
  let ordinal = 0;

  function readNode(parent: Pick<SchemaNode, 'path' | 'definition' | 'repetition'>, depth: number): SchemaNode {
    const element = elements[at++];
    if (element === undefined || depth > MAX_DEPTH) throw damaged('its schema has groups that are not whole');
    const path = parent.path === '' ? element.name : `${parent.path}.${element.name}`;
    const node = {
      element,
      path,
      definition: parent.definition + (element.repetition === 'REQUIRED' ? 0 : 1),
      repetition: parent.repetition + (element.repetition === 'REPEATED' ? 1 : 0),
      ordinal,
    };
    if (element.physical !== undefined) ordinal++;
    return { ...node, members: readMembers(node, element.children, depth) };
  }

  function readMembers(
    parent: Pick<SchemaNode, 'path' | 'definition' | 'repetition'>,
    count: number,
    depth: number,
  ): SchemaNode[] {
    const members: SchemaNode[] = [];
    for (let i = 0; i < count; i++) members.push(readNode(parent, depth + 1));
    return members;
  }

  const root = elements[at++];
  if (root === undefined || root.physical !== undefined) throw damaged('its schema has no root');
  const columns = readMembers({ path: '', definition: 0, repetition: 0 }, root.children, 0);
  if (at !== elements.length) throw damaged('its schema has elements that belong to no group');
  return columns;
}

/** The columns below a node, itself if it is one, in the order of the file. */
export function leavesOf(node: SchemaNode): readonly SchemaNode[] {
  return node.element.physical === undefined ? node.members.flatMap(leavesOf) : [node];
}
