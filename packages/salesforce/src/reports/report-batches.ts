import { type BatchBounds, type Change, type Delivery, type SourceReject } from '@sluice/core';
import { CELL_ROUNDED, CELL_UNREADABLE, type WordCells, wordCells } from '@sluice/core/cells';
import { columnBuilder } from '@sluice/core/mapping';
import { type Data, makeData, RecordBatch, type Schema, Struct } from 'apache-arrow';

import type { ReportRow } from './report-rows.ts';

const TEXT_SLOT_BYTES = 4;

/** Rows as batches within the bounds. A row with a value that is none of its column's type is a reject. */
export function* reportBatches(
  schema: Schema,
  rows: Iterable<ReportRow>,
  bounds: BatchBounds,
): Generator<Delivery<never>, void, undefined> {
  const types = schema.fields.map(({ type }) => wordCells(type, 'round'));
  let pending: ReportRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = row.reduce((sum, cell, column) => sum + cellBytes(cell, types[column]), 0);
    if (pending.length > 0 && (pending.length >= bounds.rows || bytes + size > bounds.bytes)) {
      yield deliveryOf(schema, types, pending);
      [pending, bytes] = [[], 0];
    }
    pending.push(row);
    bytes += size;
  }
  if (pending.length > 0) yield deliveryOf(schema, types, pending);
}

function cellBytes(cell: string | null, words: WordCells | undefined): number {
  return words?.slotBytes ?? TEXT_SLOT_BYTES + (cell === null ? 0 : Buffer.byteLength(cell));
}

function deliveryOf(
  schema: Schema,
  types: readonly (WordCells | undefined)[],
  rows: readonly ReportRow[],
): Delivery<never> {
  const reasons = new Map<number, { readonly columns: string[]; readonly messages: string[] }>();
  const parsed = types.map((words, column) => {
    const { name } = schema.fields[column]!;
    return words === undefined
      ? undefined
      : parseColumn(words, rows, column, (row, expected) => {
          let reason = reasons.get(row);
          if (reason === undefined) reasons.set(row, (reason = { columns: [], messages: [] }));
          reason.columns.push(name);
          reason.messages.push(`column ${JSON.stringify(name)}: expected ${expected}`);
        });
  });
  const kept = rows
    .keys()
    .filter((row) => !reasons.has(row))
    .toArray();
  const children = schema.fields.map(({ type }, column) => {
    const words = types[column];
    const texts = kept.map((row) => rows[row]![column] ?? null);
    if (words === undefined) return textColumn(type, texts);
    return wordColumn(type, words, parsed[column]!, kept, texts);
  });
  const struct = makeData({ type: new Struct(schema.fields), length: kept.length, nullCount: 0, children });
  return {
    batch: new RecordBatch(schema, struct),
    ...rejectsOf(reasons),
    ...changesOf(schema, parsed, kept),
  };
}

interface ParsedColumn {
  readonly words: Uint32Array<ArrayBuffer>;
  readonly rounded: ReadonlySet<number>;
}

function parseColumn(
  { parse, wordCount, expected }: WordCells,
  rows: readonly ReportRow[],
  column: number,
  fail: (row: number, expected: string) => void,
): ParsedColumn {
  const words = new Uint32Array(rows.length * wordCount);
  const rounded = new Set<number>();
  for (const [row, cells] of rows.entries()) {
    const text = cells[column] ?? null;
    if (text === null) continue;
    const bytes = Buffer.from(text);
    const status = bytes.length === 0 ? CELL_UNREADABLE : parse(bytes, 0, bytes.length, words, row * wordCount);
    if (status === CELL_ROUNDED) rounded.add(row);
    else if (status > CELL_ROUNDED) fail(row, expected[status - CELL_UNREADABLE]!);
  }
  return { words, rounded };
}

type ArrowType = Schema['fields'][number]['type'];

function wordColumn(
  type: ArrowType,
  { wordCount, pack }: WordCells,
  { words }: ParsedColumn,
  kept: readonly number[],
  texts: readonly (string | null)[],
): Data {
  const own = new Uint32Array(kept.length * wordCount);
  const nullBitmap = new Uint8Array((kept.length + 7) >> 3);
  let nullCount = 0;
  for (const [at, row] of kept.entries()) {
    if (texts[at] === null) nullCount++;
    else {
      own.set(words.subarray(row * wordCount, (row + 1) * wordCount), at * wordCount);
      nullBitmap[at >> 3]! |= 1 << (at & 7);
    }
  }
  // The overloads ask for the very type, which only the words know.
  return makeData({ type, length: kept.length, nullCount, nullBitmap, data: pack(own) } as never);
}

function textColumn(type: ArrowType, texts: readonly (string | null)[]): Data {
  const builder = columnBuilder(type)!(texts.length); // Text can be built.
  for (const [row, text] of texts.entries()) if (text !== null) builder.set(row, text);
  return builder.finish();
}

function rejectsOf(
  reasons: ReadonlyMap<number, { readonly columns: readonly string[]; readonly messages: readonly string[] }>,
): { readonly rejects?: readonly SourceReject[] } {
  if (reasons.size === 0) return {};
  const rejects = [...reasons]
    .toSorted(([a], [b]) => a - b)
    .map(([row, { columns, messages }]) => ({ row, code: 'VALUE_INVALID', message: messages.join('; '), columns }));
  return { rejects };
}

function changesOf(
  { fields }: Schema,
  parsed: readonly (ParsedColumn | undefined)[],
  kept: readonly number[],
): { readonly changes?: readonly Change[] } {
  const changes = parsed.flatMap((column, index): readonly Change[] => {
    const values = column === undefined ? 0 : kept.filter((row) => column.rounded.has(row)).length;
    return values === 0 ? [] : [{ column: fields[index]!.name, change: 'rounded', values }];
  });
  return changes.length === 0 ? {} : { changes };
}
