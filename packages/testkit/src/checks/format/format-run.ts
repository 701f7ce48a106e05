import type { BatchBounds, Delivery, FileEncoding, Row, RowPlace, Segment } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import { fail } from '../../check/check-failure.ts';
import { kept } from '../../check/check-tools.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { rowDifference } from '../../data/row-difference.ts';
import type { TestTable } from '../../data/test-table.ts';
import type { FormatHarness } from '../../harness/format-harness.ts';

export interface FileOptions {
  /** Rows of a batch. Default: all of a segment at once. */
  readonly batchRows?: number;
  /** Rows of a segment. Default: all. */
  readonly segmentRows?: number;
  /** Makes each segment and the epilogue with an encoding of its own, as other processes do. */
  readonly isResumed?: true;
}

const BOUNDS: BatchBounds = { rows: 65_536, bytes: 4 * 1_048_576 };

/** A whole file of the table. */
export function encodeTable(harness: FormatHarness, table: TestTable, options: FileOptions = {}): Uint8Array {
  const { rows, schema } = table;
  const { segmentRows = Math.max(1, rows.length), batchRows = segmentRows, isResumed } = options;
  const one = harness.format().encode(schema);
  const encoding = (): FileEncoding => (isResumed === true ? harness.format().encode(schema) : one);
  const pieces: Uint8Array[] = [encoding().prologue()];
  const segments: Segment[] = [];
  for (let from = 0; from < rows.length; from += segmentRows) {
    const byteOffset = byteLength(pieces);
    const encoder = encoding().segment(segments.at(-1)?.summary);
    const to = Math.min(rows.length, from + segmentRows);
    for (let at = from; at < to; at += batchRows)
      pieces.push(...encoder.write(table.batch(at, Math.min(to, at + batchRows))));
    const { bytes, summary } = encoder.end();
    pieces.push(...bytes);
    segments.push({ byteOffset, summary: kept(summary) });
  }
  pieces.push(encoding().epilogue(segments));
  return Buffer.concat(pieces);
}

/** The rows of a file, by the harness where it has another reader. */
export async function rowsInFile(harness: FormatHarness, bytes: Uint8Array, schema: Schema): Promise<readonly Row[]> {
  if (harness.rows !== undefined) return await harness.rows(bytes, schema);
  return (await decodeFile(harness, bytes, { schema })).flatMap(rowsOf);
}

export async function decodeFile(
  harness: FormatHarness,
  bytes: Uint8Array,
  {
    schema,
    chunkBytes = 65_536,
    batch = {},
  }: { readonly schema?: Schema; readonly chunkBytes?: number; readonly batch?: Partial<BatchBounds> } = {},
): Promise<readonly RecordBatch[]> {
  const deliveries = await decodeRows(harness, chunksOf(bytes, chunkBytes), { schema, batch });
  return deliveries.map((delivery) => delivery.batch);
}

/** Deliveries in which no row is rejected. */
export async function decodeRows(
  harness: FormatHarness,
  input: AsyncIterable<Uint8Array>,
  {
    schema,
    batch = {},
    from,
  }: {
    readonly schema?: Schema | undefined;
    readonly batch?: Partial<BatchBounds>;
    readonly from?: RowPlace | undefined;
  } = {},
): Promise<readonly Delivery<RowPlace>[]> {
  const format = harness.format();
  if (format.decode === undefined) return fail('the format does not decode, and the harness has no other reader');
  const { signal } = new AbortController();
  const deliveries = await Array.fromAsync(
    format.decode(input, {
      batch: { ...BOUNDS, ...batch },
      signal,
      ...(schema === undefined ? {} : { schema }),
      ...(from === undefined ? {} : { from }),
    }),
  );
  for (const { rejects = [] } of deliveries) {
    const [first] = rejects;
    if (first !== undefined) fail(`it rejects a row: ${first.code}: ${first.message}`);
  }
  return deliveries;
}

export async function* chunksOf(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.slice(at, at + chunkBytes);
}

export function requireTable(table: TestTable, actual: readonly Row[], where: string): void {
  const difference = rowDifference(table, actual, true);
  if (difference !== undefined) fail(`${where}: ${difference}`);
}

function byteLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
