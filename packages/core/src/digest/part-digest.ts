import { createHash } from 'node:crypto';

import { type Data, DataType, type RecordBatch, type Schema } from 'apache-arrow';

import { layoutOf } from '../arrow/column-layout.ts';
import { type EntryVisitor, forEachEntry } from '../arrow/dictionary-entries.ts';
import { hasNulls } from '../arrow/validity.ts';
import type { ColumnDigest } from './column-digest.ts';
import { bitsColumn, bytesColumn, emptyColumn, fixedColumn, viewsColumn } from './flat-column.ts';
import { fixedListColumn, listColumn, structColumn, unionColumn } from './nested-column.ts';

const VERSION = 1;
const DIGEST_BYTES = 16;

/**
 * Recognises rows that were read before: equal rows in the same order give equal digests, however they were batched,
 * sliced or dictionary-encoded, and whatever lies under their nulls.
 */
export interface PartDigest {
  /** Rows `from` to `to`, `to` not included, of a batch with the schema the digest was made for. */
  update(batch: RecordBatch, from: number, to: number): void;
  /** Of the rows so far. */
  value(): string;
}

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function createPartDigest(schema: Schema): PartDigest {
  const columns = schema.fields.map((field) => columnDigest(field.type, field.name));
  let rows = 0;
  return {
    update(batch, from, to) {
      columns.forEach((column, i) => column.update(batch.data.children[i]!, from, to));
      rows += to - from;
    },
    value() {
      const hash = createHash('sha256').update(`${rows}`);
      for (const column of columns) hash.update(`;${column.words().join()}`);
      return `${VERSION}:${hash.digest().toString('hex', 0, DIGEST_BYTES)}`;
    },
  };
}

function columnDigest(type: DataType, name: string): ColumnDigest {
  const column = plainColumn(type, name);
  const visitor: EntryVisitor = {
    value: (chunk, index) => update(chunk, index, index + 1),
    missing: () => column.nulls(1),
  };
  function update(data: Data, from: number, to: number): void {
    if (!DataType.isDictionary(data.type)) {
      column.update(data, from, to);
      return;
    }
    const [entries, more] = data.dictionary?.data ?? [];
    const isPlain = entries !== undefined && more === undefined && !DataType.isDictionary(entries.type);
    if (isPlain && column.lookUp !== undefined && !hasNulls(entries)) column.lookUp(data, entries, from, to);
    else forEachEntry(data, from, to, visitor);
  }
  return { update, nulls: (count) => column.nulls(count), words: () => column.words() };
}

function plainColumn(type: DataType, name: string): ColumnDigest {
  const layout = layoutOf(type, `column "${name}"`);
  const child = (one: DataType): ColumnDigest => columnDigest(one, name);
  switch (layout.kind) {
    case 'bits':
      return bitsColumn();
    case 'fixed':
      return fixedColumn(layout.widthBytes, layout.isFloat);
    case 'bytes':
      return bytesColumn();
    case 'views':
      return viewsColumn();
    case 'list':
      return listColumn(child(layout.item));
    case 'fixedList':
      return fixedListColumn(layout.size, child(layout.item));
    case 'struct':
      return structColumn(layout.members.map(child));
    case 'union':
      return unionColumn({ ...layout, members: layout.members.map(child) });
    default:
      return emptyColumn();
  }
}
