import { SluiceError, type Context, type Delivery, type Note } from '@sluice/core';
import { csvDecoder, parseHeaderRow, type CsvDecoder, type DecodedBatch, type HeaderRow } from '@sluice/formats/csv';
import type { Schema } from 'apache-arrow';

import { textSchema, withDictionaries } from './dictionary-columns.ts';
import { PageBegin } from './page-begin.ts';
import { matchColumns } from './page-header.ts';
import type { ParsedQueryOptions } from './query-options.ts';
import type { ResultPage } from './result-page.ts';

const LF = 0x0a;

export interface PageTypes {
  /** Of each field of the schema, as the result's header row names it. */
  readonly headers: readonly string[];
  readonly schema: Schema;
  readonly decimals: ParsedQueryOptions['decimals'];
}

export interface PageRows {
  readonly delivery: Delivery<never> | undefined;
  /** Rows of the page up to here, skipped and rejected ones included. */
  readonly row: number;
  /** What the page begins with, up to here. */
  readonly begin: string;
  /** The page is at its end, and its rows agree with what was announced. One step has it, the last. */
  readonly isLast: boolean;
}

/** Where a page was left before. */
export interface PagePlace {
  readonly row: number;
  readonly begin?: string | undefined;
}

/**
 * The rows of a page behind those that were read before. Rows that end the page come once all of it is counted.
 *
 * @throws `RESPONSE_TRUNCATED` when the body ends before its rows do; `COUNT_MISMATCH`; `SCHEMA_CHANGED`;
 * `SOURCE_CHANGED` when the page is not the one it was before; `ROW_MALFORMED`.
 */
export async function* readPage(
  page: ResultPage,
  types: PageTypes,
  { row: skipRows, begin: beginBefore }: PagePlace,
  ctx: Context,
): AsyncGenerator<PageRows, void, undefined> {
  const begin = new PageBegin();
  const isChanged = (): boolean => beginBefore !== undefined && !begin.isLike(beginBefore);
  let decoder: CsvDecoder | undefined;
  let head: Uint8Array = new Uint8Array(0);
  let lastByte: number | undefined;
  for await (const chunk of page.chunks) {
    lastByte = chunk.at(-1) ?? lastByte;
    begin.take(chunk);
    let bytes = chunk;
    if (decoder === undefined) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const header = parseHeaderRow(head, false);
      if (header === undefined) continue;
      decoder = decoderBehind(header, page, types, skipRows, ctx);
      bytes = head.subarray(header.byteLength);
    }
    for (const delivery of deliveries(page, types.schema, decoder.write(bytes))) {
      ctx.signal.throwIfAborted();
      if (isChanged()) throw anotherPage(page);
      yield { delivery, row: decoder.rows, begin: begin.before(decoder.byteOffset), isLast: false };
    }
  }
  // Without a mark a cut looks like an end, and a row whose last cell is cut off like one that ends in an empty cell.
  if (!page.isEndMarked && lastByte !== undefined && lastByte !== LF) throw truncated(page);
  if (decoder === undefined && head.length > 0) {
    const header = parseHeaderRow(head, true);
    // A header row alone, without its line end, is whole only where no rows are to follow.
    if (header === undefined || (page.announcedRows ?? 0) > 0) throw truncated(page);
    decoder = decoderBehind(header, page, types, skipRows, ctx);
  }
  const last = decoder === undefined ? [] : lastRows(page, types.schema, decoder, begin);
  const row = decoder?.rows ?? 0;
  assertWhole(page, row);
  if (page.announcedRows === undefined) await ctx.note(unverifiedNote(page.job));
  if (row < skipRows || isChanged()) throw anotherPage(page);
  for (const rows of last.slice(0, -1)) yield rows;
  yield { delivery: last.at(-1)?.delivery, row, begin: begin.before(decoder?.byteOffset ?? 0), isLast: true };
}

function decoderBehind(
  { cells, byteLength }: HeaderRow,
  { what }: ResultPage,
  { headers, schema, decimals: { excessDigits } }: PageTypes,
  skipRows: number,
  { batch }: Context,
): CsvDecoder {
  const columns = matchColumns(what, headers, cells);
  return csvDecoder({
    schema: textSchema(schema),
    columns,
    batch,
    // Wider types were planned, and what is finer still is rounded.
    excessDigits: excessDigits === 'widen' ? 'round' : excessDigits,
    skipRows,
    byteOffset: byteLength,
  });
}

/** Taken at once: at most one batch, and one that its last row would make too large. */
function lastRows(page: ResultPage, schema: Schema, decoder: CsvDecoder, begin: PageBegin): readonly PageRows[] {
  const rows: PageRows[] = [];
  try {
    for (const delivery of deliveries(page, schema, decoder.end())) {
      rows.push({ delivery, row: decoder.rows, begin: begin.before(decoder.byteOffset), isLast: false });
    }
  } catch (error) {
    // A row that is none at the very end of a body is one whose rest is missing.
    if (isDamage(error) && (page.announcedRows ?? Infinity) > decoder.rows) throw truncated(page, error);
    throw error;
  }
  return rows;
}

function* deliveries(
  page: ResultPage,
  schema: Schema,
  decoded: Iterable<DecodedBatch>,
): Generator<Delivery<never>, void, undefined> {
  try {
    for (const { batch, rejects, changes } of decoded) {
      yield { batch: withDictionaries(batch, schema), rejects, changes };
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    throw new SluiceError(error.code, `${page.what}: ${error.message}`, { cause: error });
  }
}

function isDamage(error: unknown): error is SluiceError {
  return SluiceError.is(error) && error.code === 'ROW_MALFORMED';
}

function assertWhole({ what, announcedRows, isEndMarked }: ResultPage, row: number): void {
  if (announcedRows === undefined || announcedRows === row) return;
  const message = `${what}: ${announcedRows} rows were announced, ${row} came`;
  const details = { announcedRows, row };
  if (row < announcedRows && !isEndMarked) throw new SluiceError('RESPONSE_TRUNCATED', message, { details });
  throw new SluiceError('COUNT_MISMATCH', message, {
    hint: 'Start a new run; report it to Salesforce if it happens again.',
    details,
  });
}

function unverifiedNote(job: string): Note {
  return {
    code: 'PAGES_UNVERIFIED',
    message: `The org did not say how many rows are in pages of query job ${job}; only the sum was compared, where it is known.`,
  };
}

function truncated({ what }: ResultPage, cause?: unknown): SluiceError {
  return new SluiceError('RESPONSE_TRUNCATED', `${what}: the response ends within a row`, { cause });
}

function anotherPage({ what }: ResultPage): SluiceError {
  return new SluiceError(
    'SOURCE_CHANGED',
    `${what}: the page does not begin with the rows that were read of it before`,
    {
      hint: 'Start a new run; report it to Salesforce if it happens again.',
    },
  );
}
