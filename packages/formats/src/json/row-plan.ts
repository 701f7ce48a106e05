import { SluiceError } from '@sluice/core';

import { parseJsonPath, type PathStep } from './json-path.ts';
import { PathNode } from './path-tree.ts';

/** What of a row is read, and how rows are told apart. */
export interface JsonRowPlan {
  readonly tree: PathNode;
  readonly columnCount: number;
  /** The array that gives a row for each of its elements, and what is read of an element. */
  readonly rows: { readonly node: PathNode; readonly elements: PathNode } | undefined;
  /** Whether each line is a row and each row a line. */
  readonly rowPerLine: boolean;
  /** Whether a file has to hold an array, though it be an empty one. */
  readonly isArray: boolean;
  /** Whether strings keep their quotes and escapes. */
  readonly quotesStrings: boolean;
  readonly sharesBytes: boolean;
  /** Called for members of a row that no column asks for; whether they make it no row. */
  readonly otherMember: ((key: string) => boolean) | undefined;
}

export interface JsonRowRequest {
  /** Steps into the row, or into the element where they do not begin with `$`. */
  readonly columns: readonly ColumnPath[];
  readonly rows: string | undefined;
  readonly rowPerLine: boolean;
  readonly isArray: boolean;
  readonly quotesStrings: boolean;
  readonly otherMember?: (key: string) => boolean;
}

export interface ColumnPath {
  readonly steps: readonly PathStep[];
  /** Whether it begins at the row, not at an element. */
  readonly isOfRow: boolean;
}

/** The path a column is read by: one that is given, or the member of its name. */
export function columnPath(name: string, path: string | undefined): ColumnPath {
  if (path === undefined) return { steps: [name], isOfRow: false };
  return { steps: parseJsonPath(path), isOfRow: path.startsWith('$') };
}

/** @throws `CONFIG_INVALID` */
export function jsonRowPlan({
  columns,
  rows,
  rowPerLine,
  isArray,
  quotesStrings,
  otherMember,
}: JsonRowRequest): JsonRowPlan {
  const tree = new PathNode();
  const elements = new PathNode();
  const node = rows === undefined ? undefined : tree.node(parseJsonPath(rows));
  if (node === tree) {
    throw new SluiceError('CONFIG_INVALID', 'json: rows must lead to an array within each object', {
      hint: 'Leave rows out: an array around all rows is read as such.',
    });
  }
  columns.forEach(({ steps, isOfRow }, column) => {
    (node === undefined || isOfRow ? tree : elements).add(steps, column);
  });
  return {
    tree,
    columnCount: Math.max(1, columns.length),
    rows: node === undefined ? undefined : { node, elements },
    rowPerLine,
    isArray,
    quotesStrings,
    sharesBytes: node !== undefined || sharesBytes(tree),
    otherMember,
  };
}

function sharesBytes(node: PathNode): boolean {
  const { columns, columnsBelow } = node;
  return columns.length + Math.min(columns.length, columnsBelow.length) > 1 || [...node.children()].some(sharesBytes);
}
