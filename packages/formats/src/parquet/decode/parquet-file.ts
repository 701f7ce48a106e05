import {
  type FileSplit,
  nearestName,
  type OpenFile,
  type OpenOptions,
  type RandomAccess,
  SluiceError,
} from '@sluice/core';
import { type RecordBatch, Schema } from 'apache-arrow';

import { arrowSchemaHint } from './arrow-hints.ts';
import { openChunks } from './chunk-input.ts';
import { placed } from './damage.ts';
import { type FileFooter, readFooter } from './file-footer.ts';
import { type ReadableColumn, readableColumn, type ReadOptions } from './readable-column.ts';
import { rowBatches, type RowBatchOptions } from './row-batches.ts';
import { type SchemaNode, schemaTree } from './schema-tree.ts';

/** Row groups are read together until they have so many bytes. */
const SPLIT_BYTES = 16 * 1_048_576;
const WHAT = 'a Parquet file cannot be read';

/** Row groups `[from, to)`. */
interface GroupSplit extends FileSplit {
  readonly from: number;
  readonly to: number;
}

/**
 * Opens a file by its footer.
 *
 * @throws `FILE_CORRUPT`, `CONFIG_INVALID`, `FIELD_UNKNOWN`, `TYPE_UNSUPPORTED`.
 */
export async function openParquet(
  file: RandomAccess,
  options: OpenOptions,
  read: Omit<ReadOptions, 'hint'>,
): Promise<OpenFile> {
  try {
    const footer = await readFooter(file);
    options.signal.throwIfAborted();
    const hint = arrowSchemaHint(footer.entries.get('ARROW:schema'));
    const columns = chosenNodes(schemaTree(footer.elements), options.columns).map((node) =>
      readableColumn(node, footer, { ...read, hint }),
    );
    const schema = new Schema(
      columns.map(({ field }) => field),
      hint?.metadata,
    );
    const splits = splitsOf(footer, columns);
    return {
      schema,
      rows: footer.rows,
      splits,
      read: (split, bounds) => readGroups({ file, footer, schema, columns }, requireSplit(split, splits), bounds),
    };
  } catch (error) {
    throw options.signal.aborted ? error : placed(WHAT, error);
  }
}

function chosenNodes(nodes: readonly SchemaNode[], names: readonly string[] | undefined): readonly SchemaNode[] {
  const byName = new Map<string, SchemaNode>();
  for (const node of nodes) {
    const { name } = node.element;
    if (byName.has(name)) {
      throw new SluiceError('CONFIG_INVALID', `a Parquet file has two columns with the name ${name}`, {
        hint: 'Write the file with names that differ.',
      });
    }
    byName.set(name, node);
  }
  if (names === undefined) return nodes;
  return names.map((name) => {
    const node = byName.get(name);
    if (node !== undefined) return node;
    const nearest = nearestName(name, byName.keys());
    throw new SluiceError('FIELD_UNKNOWN', `a Parquet file has no column ${name}`, {
      hint: nearest === undefined ? 'Name columns of the file.' : `Did you mean ${nearest}?`,
    });
  });
}

function splitsOf({ rowGroups }: FileFooter, columns: readonly ReadableColumn[]): readonly GroupSplit[] {
  const ordinals = columns.flatMap((column) => column.ordinals);
  const splits: GroupSplit[] = [];
  rowGroups.forEach(({ rows, chunks }, i) => {
    const bytes = ordinals.reduce((sum, ordinal) => sum + chunks[ordinal]!.bytes, 0);
    const last = splits.at(-1);
    if (last !== undefined && last.bytes + bytes <= SPLIT_BYTES) {
      splits[splits.length - 1] = { from: last.from, to: i + 1, rows: last.rows + rows, bytes: last.bytes + bytes };
    } else {
      splits.push({ from: i, to: i + 1, rows, bytes });
    }
  });
  return splits;
}

/** The split if it is one of this file. */
function requireSplit(split: FileSplit, splits: readonly GroupSplit[]): GroupSplit {
  const found = splits.find(({ from }) => from === split['from']);
  if (found !== undefined && found.to === split['to'] && found.rows === split.rows && found.bytes === split.bytes) {
    return found;
  }
  throw new SluiceError('SOURCE_CHANGED', 'a Parquet file no longer has the row groups that were planned', {
    hint: 'Start a new run, which plans again.',
  });
}

interface Opened {
  readonly file: RandomAccess;
  readonly footer: FileFooter;
  readonly schema: Schema;
  readonly columns: readonly ReadableColumn[];
}

async function* readGroups(
  { file, footer, schema, columns }: Opened,
  { from, to }: GroupSplit,
  bounds: Omit<RowBatchOptions, 'rows'>,
): AsyncGenerator<RecordBatch, void, undefined> {
  for (let i = from; i < to; i++) {
    bounds.signal.throwIfAborted();
    const group = footer.rowGroups[i]!;
    if (group.rows === 0) continue;
    try {
      const inputs = await openChunks(
        file,
        columns.flatMap(({ ordinals }) => ordinals.map((ordinal) => group.chunks[ordinal]!)),
      );
      let first = 0;
      const readers = columns.map((column) => {
        const own = inputs.slice(first, (first += column.ordinals.length));
        return column.open(group, own);
      });
      yield* rowBatches(schema, readers, { ...bounds, rows: group.rows });
    } catch (error) {
      throw bounds.signal.aborted ? error : placed(`${WHAT}: row group ${i}`, error);
    }
  }
}
