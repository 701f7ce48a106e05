import { SluiceError } from '@sluice/core';
import { type DataType, Field } from 'apache-arrow';

import { leafType, type Storage } from './leaf-type.ts';
import type { SchemaNode } from './schema-tree.ts';
import type { Int96Unit } from './slot-conversion.ts';

/** How a node of the file's schema becomes Arrow data. */
export interface LeafShape {
  readonly kind: 'leaf';
  readonly node: SchemaNode;
  readonly field: Field;
  readonly type: DataType;
  readonly storage: Storage;
}

export type ColumnShape = LeafShape;

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function columnShape(node: SchemaNode, int96: Int96Unit): ColumnShape {
  const { element } = node;
  if (element.physical === undefined || element.repetition === 'REPEATED') {
    throw new SluiceError('TYPE_UNSUPPORTED', `column ${node.path} is nested, which is not read`, {
      hint: 'Leave the column out.',
    });
  }
  const { type, storage } = leafType(node, int96);
  return { kind: 'leaf', node, field: new Field(element.name, type, true), type, storage };
}
