import { type Data, makeData } from 'apache-arrow';

import { setBits } from './bitmap.ts';
import type { Nulls } from './chunk-values.ts';
import type { ColumnReader } from './column-reader.ts';
import type { ColumnShape, ListShape, StructShape } from './column-shape.ts';
import { damaged } from './damage.ts';
import type { Levels } from './level-reader.ts';
import type { LeafRows, NestedLeaf } from './nested-leaf.ts';
import { settleAll } from './settle-all.ts';

/**
 * A column of lists, maps and structs, put together from the levels of its leaves
 * (https://github.com/apache/parquet-format/blob/master/README.md#nested-encoding, read 2025-11).
 */
export class NestedColumn implements ColumnReader {
  readonly path: string;
  readonly slotBytes = 0;
  readonly hasBytes = true;
  readonly #shape: ColumnShape;
  readonly #leaves: readonly NestedLeaf[];

  constructor(shape: ColumnShape, leaves: readonly NestedLeaf[]) {
    this.path = shape.node.path;
    this.#shape = shape;
    this.#leaves = leaves;
  }

  async load(rows: number, maxBytes: number): Promise<void> {
    await settleAll(this.#leaves.map(async (leaf) => await leaf.load(rows, maxBytes)));
  }

  bytesAhead(rows: number): number {
    return this.#leaves.reduce((sum, leaf) => sum + leaf.bytesAhead(rows), 0);
  }

  take(rows: number): Data {
    const leaves = new Map(this.#leaves.map((leaf) => [leaf.ordinal, leaf.take(rows)]));
    const data = build(this.#shape, { leaves, repetition: 0, definition: 0 });
    if (data.length !== rows) throw damaged('its levels do not fit its rows');
    return data;
  }
}

/** Which levels begin a slot: those that go on with no list further in, and are defined so far. */
interface Scope {
  readonly leaves: ReadonlyMap<number, LeafRows>;
  readonly repetition: number;
  readonly definition: number;
}

function build(shape: ColumnShape, scope: Scope): Data {
  // Each leaf was taken.
  if (shape.kind === 'leaf') return scope.leaves.get(shape.node.ordinal)!.build(scope.definition);
  const { levels } = scope.leaves.get(shape.node.ordinal)!;
  return shape.kind === 'struct' ? buildStruct(shape, levels, scope) : buildList(shape, levels, scope);
}

function buildStruct({ node, type, members }: StructShape, levels: Levels, scope: Scope): Data {
  const { slots, nulls } = slotsOf(levels, scope, node.definition);
  const children = members.map((member) => build(member, scope));
  if (children.some(({ length }) => length !== slots)) throw damaged('its members have unlike numbers of rows');
  // The union of all data shapes cannot be told apart by a type that is only known at run time.
  return makeData({ type, length: slots, children, ...nulls } as never);
}

function buildList({ kind, node, repeated, item, type }: ListShape, levels: Levels, scope: Scope): Data {
  // A list without a group around it is there wherever its parent is.
  const { slots, nulls } = slotsOf(levels, scope, node === repeated ? scope.definition : node.definition);
  const { repetition, definition } = repeated;
  const valueOffsets = new Int32Array(slots + 1);
  let slot = 0;
  let items = 0;
  for (let level = 0; level < levels.count; level++) {
    if (isSlot(levels, level, scope)) valueOffsets[slot++] = items;
    if (isSlot(levels, level, { repetition, definition })) items++;
  }
  valueOffsets[slots] = items;
  const child = build(item, { leaves: scope.leaves, repetition, definition });
  if (child.length !== items) throw damaged('its lists do not fit their items');
  if (kind === 'map' && child.children[0]!.nullCount > 0) throw damaged('a map with a key that is null');
  // The union of all data shapes cannot be told apart by a type that is only known at run time.
  return makeData({ type, length: slots, valueOffsets, child, ...nulls } as never);
}

type Depth = Pick<Scope, 'repetition' | 'definition'>;

function isSlot(levels: Levels, level: number, { repetition, definition }: Depth): boolean {
  return levels.repetition[level]! <= repetition && levels.definition[level]! >= definition;
}

/** How many slots there are, and which of them hold nothing: those not defined up to `definition`. */
function slotsOf(levels: Levels, scope: Scope, definition: number): { readonly slots: number; readonly nulls: Nulls } {
  const nullBitmap = new Uint8Array((levels.count + 7) >> 3);
  let slots = 0;
  let nullCount = 0;
  for (let level = 0; level < levels.count; level++) {
    if (!isSlot(levels, level, scope)) continue;
    if (levels.definition[level]! >= definition) setBits(nullBitmap, slots, slots + 1);
    else nullCount++;
    slots++;
  }
  return { slots, nulls: nullCount === 0 ? { nullCount } : { nullBitmap, nullCount } };
}
