import { isUtf8 } from 'node:buffer';

import { SluiceError } from '@sluice/core';

import { CR, LF } from './csv-dialect.ts';
import { type HeaderRow, parseHeaderRow } from './header-row.ts';
import type { TextRows } from './text-rows.ts';

/** How a text file begins. */
export interface TextStart {
  /** Of the first row; undefined in a file without any. */
  readonly cells: readonly string[] | undefined;
  /** Where the first row of data begins. */
  readonly byteOffset: number;
  /** What has been read from there on. */
  readonly rest: Uint8Array;
}

/**
 * Reads up to the end of the first row, past lines to skip, of which blank ones do not count. With `header`, the rows
 * begin behind it.
 *
 * @throws `ROW_MALFORMED` for a header that never ends, or is not UTF-8.
 */
export async function readStart(
  chunks: AsyncIterator<Uint8Array>,
  { delimiter, quote }: Pick<TextRows, 'delimiter' | 'quote'>,
  { header, skipLines }: { readonly header: boolean; readonly skipLines: number },
): Promise<TextStart> {
  let bytes: Uint8Array = new Uint8Array(0);
  for (;;) {
    const next = await chunks.next();
    const isWhole = next.done === true;
    if (!isWhole) bytes = bytes.length === 0 ? next.value.slice() : Buffer.concat([bytes, next.value]);
    const start = behindLines(bytes, skipLines);
    const row = start === undefined ? undefined : parseHeaderRow(bytes.subarray(start), isWhole, { delimiter, quote });
    if (row === undefined && !isWhole) continue;
    const from = start ?? bytes.length;
    const byteOffset = header ? from + (row?.byteLength ?? 0) : from;
    if (header) requireHeader(bytes.subarray(from, row === undefined ? bytes.length : byteOffset), row);
    return { cells: row?.cells, byteOffset, rest: bytes.subarray(byteOffset) };
  }
}

/** @throws `ROW_MALFORMED` for what is no row, or has names in another encoding: they would be names of no column. */
function requireHeader(bytes: Uint8Array, row: HeaderRow | undefined): void {
  if (row === undefined && bytes.length > 0) {
    throw new SluiceError('ROW_MALFORMED', 'the header row has no closing quote', {
      hint: 'Check the delimiter, the quotes and the encoding of the file there.',
    });
  }
  if (isUtf8(bytes)) return;
  throw new SluiceError('ROW_MALFORMED', 'the header row is text that is not UTF-8', {
    hint: 'Check the encoding of the file, and whether it is compressed.',
  });
}

/** Behind the byte order mark and so many lines that are not blank; undefined while they are not all there. */
function behindLines(bytes: Uint8Array, lines: number): number | undefined {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let isBlank = true;
  for (let left = lines; left > 0;) {
    if (at === bytes.length) return undefined;
    const byte = bytes[at++];
    if (byte === LF) {
      if (!isBlank) left--;
      isBlank = true;
    } else if (byte !== CR) isBlank = false;
  }
  return at;
}

/** The names of columns by the first row: its cells, or as many made-up ones. @throws `ROW_MALFORMED` */
export function columnNames({ cells }: TextStart, header: boolean): readonly string[] {
  if (cells === undefined) {
    throw new SluiceError('ROW_MALFORMED', 'the file is empty: not even the names of columns are there', {
      hint: 'Check whether the file was written to its end.',
    });
  }
  if (!header) return cells.map((_, index) => `Prop_${index}`);
  const blank = cells.indexOf('');
  if (blank >= 0) {
    throw new SluiceError('ROW_MALFORMED', `column ${blank + 1} has no name in the header row`, {
      hint: 'Name it, or read the file without a header.',
      details: { factoryCode: 'DelimitedTextColumnNameNotAllowNull' },
    });
  }
  const twin = cells.find((name, index) => cells.indexOf(name) !== index);
  if (twin !== undefined) {
    throw new SluiceError('ROW_MALFORMED', `two columns are called ${JSON.stringify(twin)} in the header row`, {
      hint: 'Rename one of them, or read the file without a header.',
    });
  }
  return cells;
}

/**
 * For each column of the file the field of the schema it fills, or -1: by name where there is a header, else by place.
 *
 * @throws `SCHEMA_CHANGED` naming the column.
 */
export function fieldsOfColumns(
  names: readonly string[],
  wanted: readonly string[],
  { header, skipsOthers }: { readonly header: boolean; readonly skipsOthers: boolean },
): readonly number[] {
  const fields = header ? names.map((name) => wanted.indexOf(name)) : names.map((_, i) => (i < wanted.length ? i : -1));
  const missing = wanted.findIndex((_, field) => !fields.includes(field));
  if (missing >= 0) {
    throw changed(
      header
        ? `column ${JSON.stringify(wanted[missing])} is not there`
        : `${names.length} columns are there instead of ${wanted.length}`,
    );
  }
  const other = fields.indexOf(-1);
  if (other < 0 || skipsOthers) return fields;
  throw changed(
    header
      ? `column ${JSON.stringify(names[other])} is there, and was not expected`
      : `${names.length} columns are there instead of ${wanted.length}`,
  );
}

function changed(problem: string): SluiceError {
  return new SluiceError('SCHEMA_CHANGED', problem, {
    hint: 'Give files of one kind a folder of their own, or declare the columns.',
  });
}
