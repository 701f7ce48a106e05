import { SluiceError } from '@sluice/core';
import { csvDecoder, type CsvDecoder, type DecodedBatch, parseHeaderRow } from '@sluice/formats/csv';
import { type ByteCells, isValid, openColumn, type Validity } from '@sluice/formats/csv-rows';
import { Field, type RecordBatch, Schema, Utf8 } from 'apache-arrow';

import { withoutNamespace } from '../../bulk-query/page-header.ts';

/** Text of one column of a batch of result rows. */
export interface ResultColumn {
  readonly cells: ByteCells;
  readonly validity: Validity | undefined;
}

export interface ResultBatch {
  readonly rows: number;
  /** By the place of the name among those asked for; undefined for one that is not in the set. */
  readonly columns: readonly (ResultColumn | undefined)[];
}

/** Disposing of it ends the stream. */
export interface ResultRows extends AsyncDisposable {
  /** Places of the names that the header row has. */
  readonly found: ReadonlySet<number>;
  readonly batches: AsyncIterable<ResultBatch>;
}

const BATCH = { rows: 8192, bytes: 1024 * 1024 };

/**
 * Reads a result set: its header row first, then its rows. Columns are found by their names, without case and with or
 * without a namespace, in any order. Undefined for a set without even a header row, which has no rows.
 *
 * @throws `RESPONSE_INVALID`, here and from the batches.
 */
export async function openResults(
  chunks: AsyncIterable<Uint8Array>,
  names: readonly string[],
): Promise<ResultRows | undefined> {
  const bytes = chunks[Symbol.asyncIterator]();
  const end = async (): Promise<void> => void (await bytes.return?.());
  try {
    let head: Uint8Array = new Uint8Array(0);
    while (true) {
      const next = await bytes.next();
      const isEnd = next.done === true;
      if (!isEnd) head = Buffer.concat([head, next.value]);
      const header = readable(() => parseHeaderRow(head, isEnd));
      if (header !== undefined) {
        const order = placesOf(header.cells, names);
        const rest = head.subarray(header.byteLength);
        const batches = decoded(rest, bytes, order, names.length);
        return { found: new Set(order.filter((place) => place >= 0)), batches, [Symbol.asyncDispose]: end };
      }
      if (isEnd) return undefined;
    }
  } catch (error) {
    await end();
    throw error;
  }
}

/** For each column of the set, the place of its name; -1 for any other. */
function placesOf(cells: readonly string[], names: readonly string[]): readonly number[] {
  const exact = new Map(names.map((name, place) => [name.toLowerCase(), place]));
  const bare = new Map(names.map((name, place) => [withoutNamespace(name), place]));
  const taken = new Set<number>();
  return cells.map((cell) => {
    const place = exact.get(cell.toLowerCase()) ?? bare.get(withoutNamespace(cell)) ?? -1;
    if (place === -1 || taken.has(place)) return -1;
    taken.add(place);
    return place;
  });
}

async function* decoded(
  first: Uint8Array,
  bytes: AsyncIterator<Uint8Array>,
  order: readonly number[],
  names: number,
): AsyncGenerator<ResultBatch, void, undefined> {
  const places = order.filter((place) => place >= 0);
  const schema = new Schema(places.map((place) => new Field(String(place), new Utf8(), true)));
  let next = 0;
  const columns = order.map((place) => (place < 0 ? -1 : next++));
  const decoder: CsvDecoder = csvDecoder({ schema, columns, batch: BATCH });
  for (const { batch } of all(decoder.write(first))) yield resultBatch(batch, places, names);
  for (let chunk = await bytes.next(); chunk.done !== true; chunk = await bytes.next()) {
    for (const { batch } of all(decoder.write(chunk.value))) yield resultBatch(batch, places, names);
  }
  for (const { batch } of all(decoder.end())) yield resultBatch(batch, places, names);
}

function* all(batches: Iterable<DecodedBatch>): Generator<DecodedBatch, void, undefined> {
  const iterator = batches[Symbol.iterator]();
  for (let next = readable(() => iterator.next()); next.done !== true; next = readable(() => iterator.next())) {
    yield next.value;
  }
}

function resultBatch(batch: RecordBatch, places: readonly number[], names: number): ResultBatch {
  const columns = Array.from<ResultColumn | undefined>({ length: names });
  for (const [child, place] of places.entries()) {
    const { cells, validity } = openColumn(batch.data.children[child]!);
    // Every column is one of text.
    columns[place] = { cells: cells!, validity };
  }
  return { rows: batch.numRows, columns };
}

/** The text of a cell; empty for none. */
export function resultText(column: ResultColumn | undefined, row: number): string {
  if (column === undefined || (column.validity !== undefined && !isValid(column.validity, row))) return '';
  const { bytes, offsets } = column.cells;
  return Buffer.from(bytes.buffer, bytes.byteOffset + offsets[row]!, offsets[row + 1]! - offsets[row]!).toString();
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!SluiceError.is(error) || error.code !== 'ROW_MALFORMED') throw error;
    throw new SluiceError('RESPONSE_INVALID', `a result set of an ingest job cannot be read: ${error.message}`, {
      cause: error,
      retryable: true,
    });
  }
}
