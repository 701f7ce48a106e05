import { SluiceError } from '@sluice/core';
import { type DataType, Field, List, Map_, Struct } from 'apache-arrow';

import type { SchemaElement } from './file-footer.ts';
import { leafType, type Storage } from './leaf-type.ts';
import type { SchemaNode } from './schema-tree.ts';
import type { Int96Unit } from './slot-conversion.ts';

/** How a node of the file's schema becomes Arrow data. */
export type ColumnShape = LeafShape | StructShape | ListShape;

interface NodeShape {
  readonly node: SchemaNode;
  readonly type: DataType;
}

export interface LeafShape extends NodeShape {
  readonly kind: 'leaf';
  readonly storage: Storage;
}

export interface StructShape extends NodeShape {
  readonly kind: 'struct';
  readonly members: readonly ColumnShape[];
}

/** A list, or a map, whose items are structs of a key and a value. */
export interface ListShape extends NodeShape {
  readonly kind: 'list' | 'map';
  /** What is there once for each item. */
  readonly repeated: SchemaNode;
  readonly item: ColumnShape;
}

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function columnShape(node: SchemaNode, int96: Int96Unit): ColumnShape {
  // Without a group around it, a list is never null.
  if (node.element.repetition === 'REPEATED') return listOf(node, node, elementShape(node, int96));
  return elementShape(node, int96);
}

/** The shape of one value of a node, whether or not the node repeats. */
function elementShape(node: SchemaNode, int96: Int96Unit): ColumnShape {
  const { element, members, path } = node;
  if (element.physical !== undefined) return { kind: 'leaf', node, ...leafType(node, int96) };
  const kind = groupKind(element);
  if (kind === 'VARIANT') throw unsupported(path, 'a variant');
  const [repeated, ...others] = members;
  if (repeated === undefined) throw unsupported(path, 'a group without members');
  if (kind === undefined || others.length > 0 || repeated.element.repetition !== 'REPEATED') {
    return structOf(node, members, int96);
  }
  return kind === 'MAP' ? mapOf(node, repeated, int96) : listOf(node, repeated, itemShape(node, repeated, int96));
}

function groupKind({ logical, converted }: SchemaElement): 'LIST' | 'MAP' | 'VARIANT' | undefined {
  if (logical?.kind === 'LIST' || converted === 'LIST') return 'LIST';
  if (logical?.kind === 'MAP' || converted === 'MAP' || converted === 'MAP_KEY_VALUE') return 'MAP';
  return logical?.kind === 'VARIANT' ? 'VARIANT' : undefined;
}

/**
 * What a list has items of: the one member of the repeated group, unless that group is the item itself
 * (https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#lists, read 2025-11, with its backward
 * compatibility rules).
 */
function itemShape({ element }: SchemaNode, repeated: SchemaNode, int96: Int96Unit): ColumnShape {
  const { name } = repeated.element;
  const [member, ...others] = repeated.members;
  const isItem =
    member === undefined ||
    others.length > 0 ||
    member.element.repetition === 'REPEATED' ||
    name === 'array' ||
    name === `${element.name}_tuple`;
  return isItem ? elementShape(repeated, int96) : columnShape(member, int96);
}

function listOf(node: SchemaNode, repeated: SchemaNode, item: ColumnShape): ListShape {
  const field = memberField(item);
  return { kind: 'list', node, repeated, item, type: new List(new Field('item', field.type, field.nullable)) };
}

function mapOf(node: SchemaNode, repeated: SchemaNode, int96: Int96Unit): ListShape {
  if (repeated.members.length !== 2) throw unsupported(node.path, 'a map without keys or values');
  const members = repeated.members.map((member) => columnShape(member, int96));
  const [key, value] = members.map(memberField);
  const type = new Struct([new Field('key', key!.type, false), new Field('value', value!.type, value!.nullable)]);
  const item: StructShape = { kind: 'struct', node: repeated, members, type };
  return { kind: 'map', node, repeated, item, type: new Map_(new Field('entries', type, false)) };
}

function structOf(node: SchemaNode, members: readonly SchemaNode[], int96: Int96Unit): StructShape {
  const shapes = members.map((member) => columnShape(member, int96));
  return { kind: 'struct', node, members: shapes, type: new Struct(shapes.map(memberField)) };
}

function memberField({ node, type }: ColumnShape): Field {
  return new Field(node.element.name, type, node.element.repetition === 'OPTIONAL');
}

function unsupported(path: string, what: string): SluiceError {
  return new SluiceError('TYPE_UNSUPPORTED', `column ${path} is ${what}, which is not read`, {
    hint: 'Leave the column out.',
  });
}
