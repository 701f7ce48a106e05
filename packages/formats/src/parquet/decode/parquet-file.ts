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

const WHAT = 'a Parquet file cannot be read';

interface GroupSplit extends FileSplit {
  readonly rowGroup: number;
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
      read: (split, bounds) => readGroup({ file, footer, schema, columns }, requireSplit(split, splits), bounds),
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
  const splits = rowGroups.map(({ rows, chunks }, rowGroup) => ({
    rowGroup,
    rows,
    bytes: ordinals.reduce((sum, ordinal) => sum + chunks[ordinal]!.bytes, 0),
  }));
  return splits.filter(({ rows }) => rows > 0);
}

/** The split if it is one of this file. */
function requireSplit(split: FileSplit, splits: readonly GroupSplit[]): GroupSplit {
  const found = splits.find(({ rowGroup }) => rowGroup === split['rowGroup']);
  if (found !== undefined && found.rows === split.rows && found.bytes === split.bytes) return found;
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

async function* readGroup(
  { file, footer, schema, columns }: Opened,
  { rowGroup }: GroupSplit,
  bounds: Omit<RowBatchOptions, 'rows'>,
): AsyncGenerator<RecordBatch, void, undefined> {
  bounds.signal.throwIfAborted();
  const group = footer.rowGroups[rowGroup]!;
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
    throw bounds.signal.aborted ? error : placed(`${WHAT}: row group ${rowGroup}`, error);
  }
}
