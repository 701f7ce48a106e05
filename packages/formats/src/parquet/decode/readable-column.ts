import { SluiceError } from '@sluice/core';
import { DataType, Field, type Schema } from 'apache-arrow';

import { hintedType } from './arrow-hints.ts';
import { bitValues } from './bit-values.ts';
import { byteValues } from './byte-values.ts';
import type { ChunkInput } from './chunk-input.ts';
import { ChunkPages } from './chunk-pages.ts';
import type { ChunkValues } from './chunk-values.ts';
import type { ColumnReader } from './column-reader.ts';
import { columnShape, type ColumnShape, type LeafShape } from './column-shape.ts';
import { damaged } from './damage.ts';
import { entryValues } from './entry-values.ts';
import type { ColumnChunk, FileFooter, RowGroup, SchemaElement } from './file-footer.ts';
import { FlatColumn } from './flat-column.ts';
import { NestedColumn } from './nested-column.ts';
import { nestedLeaf, type NestedLeaf } from './nested-leaf.ts';
import { nullValues } from './null-values.ts';
import { isReadable } from './page-codec.ts';
import { leavesOf, type SchemaNode } from './schema-tree.ts';
import type { Int96Unit } from './slot-conversion.ts';
import { slotValues } from './slot-values.ts';

export interface ReadOptions {
  readonly int96: Int96Unit;
  /** A page of more is refused. */
  readonly maxPageBytes: number;
  /** What the writer says of the Arrow schema. */
  readonly hint: Schema | undefined;
}

/** A column of the file that can be read. */
export interface ReadableColumn {
  readonly field: Field;
  /** Which chunks of a row group it needs. */
  readonly ordinals: readonly number[];
  /** `inputs` has one for each of them. */
  open(group: RowGroup, inputs: readonly ChunkInput[]): ColumnReader;
}

/** @throws `TYPE_UNSUPPORTED` or `CONFIG_INVALID` naming the column, `FILE_CORRUPT`. */
export function readableColumn(node: SchemaNode, { rowGroups }: FileFooter, options: ReadOptions): ReadableColumn {
  const { element } = node;
  const hint = options.hint?.fields.find(({ name }) => name === element.name);
  const found = columnShape(node, options.int96);
  const shape =
    found.kind === 'leaf' && hint !== undefined
      ? { ...found, type: hintedType(found.type, hint.type, element.physical === 'INT96') }
      : found;
  const leaves = leavesOf(node);
  rowGroups.forEach((group, i) => {
    for (const leaf of leaves) requireChunk(leaf, group.chunks[leaf.ordinal]!, group.rows, `row group ${i}`);
  });
  return {
    // Whatever the file says.
    field: new Field(element.name, shape.type, true, hint?.metadata ?? metadataOf(element)),
    ordinals: leaves.map(({ ordinal }) => ordinal),
    open(group, inputs) {
      if (shape.kind === 'leaf') {
        const source = { chunk: group.chunks[node.ordinal]!, input: inputs[0]! };
        return withValues<ColumnReader>(shape, (values) => {
          return new FlatColumn(node.path, chunkPages(node, source, values, options), values);
        });
      }
      const nested = leafShapes(shape).map((leaf, i) => {
        const source = { chunk: group.chunks[leaf.node.ordinal]!, input: inputs[i]! };
        return withValues<NestedLeaf>(leaf, (values) =>
          nestedLeaf(leaf.node, { pages: chunkPages(leaf.node, source, values, options), rows: group.rows }, values),
        );
      });
      return new NestedColumn(shape, nested);
    },
  };
}

/** What Arrow has no type for. */
function metadataOf({ logical }: SchemaElement): Map<string, string> {
  return new Map(logical?.kind === 'UUID' ? [['ARROW:extension:name', 'arrow.uuid']] : []);
}

function requireChunk(
  { path, element, repetition }: SchemaNode,
  chunk: ColumnChunk,
  rows: number,
  where: string,
): void {
  if (chunk.isEncrypted) {
    throw new SluiceError('CONFIG_INVALID', `column ${path} is encrypted, which is not read`, {
      hint: 'Leave the column out, or write the file without encryption.',
    });
  }
  if (chunk.physical !== element.physical)
    throw damaged(`${where}: column ${path} is of another type than the schema says`);
  if (!isReadable(chunk.codec)) {
    throw new SluiceError(
      'CONFIG_INVALID',
      `column ${path} is compressed by ${chunk.codec ?? 'a codec that is not known'}, which is not read`,
      { hint: 'Leave the column out, or write the file with another codec.' },
    );
  }
  if (repetition === 0 ? chunk.values !== rows : chunk.values < rows) {
    throw damaged(`${where}: column ${path} has ${chunk.values} values, and the row group has ${rows} rows`);
  }
}

/** In the order of the file. */
function leafShapes(shape: ColumnShape): readonly LeafShape[] {
  if (shape.kind === 'leaf') return [shape];
  return shape.kind === 'struct' ? shape.members.flatMap(leafShapes) : leafShapes(shape.item);
}

function chunkPages<V>(
  { definition, repetition }: SchemaNode,
  { chunk, input }: { readonly chunk: ColumnChunk; readonly input: ChunkInput },
  values: ChunkValues<V>,
  { maxPageBytes }: ReadOptions,
): ChunkPages {
  return new ChunkPages({
    input,
    // Checked when the file was opened.
    codec: chunk.codec!,
    values: chunk.values,
    hasRepetition: repetition > 0,
    hasDefinition: definition > 0,
    maxPageBytes,
    onDictionary: (page) => values.setDictionary(page),
  });
}

/** Calls `use` with what reads values of this kind. */
function withValues<R>({ node, type, storage }: LeafShape, use: <V>(values: ChunkValues<V>) => R): R {
  switch (storage.kind) {
    case 'none':
      return use(nullValues(type));
    case 'bits':
      return use(bitValues(type));
    case 'bytes':
      return DataType.isDictionary(type) ? use(entryValues(type)) : use(byteValues(type));
    default:
      // A leaf has a physical type.
      return use(slotValues(node.element.physical!, type, storage));
  }
}
