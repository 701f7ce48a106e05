import { SluiceError } from '@sluice/core';
import type { CellEncoder } from '@sluice/core/cells';

import type { ByteCells } from '../../bits/column-batch.ts';
import { CR, LF } from '../csv-dialect.ts';
import { type CellDialect, PLAIN, SPECIAL } from './cell-dialect.ts';

export interface TextCells {
  readonly write: CellEncoder;
  /** What the longest text takes at most. */
  readonly maxBytes: number;
}

/** Writes the text `bytes[start, end)`, in quotes where it needs them, and returns where it ends. */
export type TextWriter = (out: Uint8Array, at: number, start: number, end: number) => number;

/**
 * The texts of one column of a batch. One that could be taken for something else, such as null, is quoted.
 *
 * Writing throws `VALUE_INVALID` naming the column, where it would have to be and there are no quotes.
 */
export function textCells(
  dialect: CellDialect,
  { bytes, offsets, codes }: Pick<ByteCells, 'bytes' | 'offsets' | 'codes'>,
  column: string,
): TextCells {
  const writeText = textWriter(dialect, bytes, column);
  const write: CellEncoder =
    codes === undefined
      ? (out, at, row) => writeText(out, at, offsets[row]!, offsets[row + 1]!)
      : (out, at, row) => writeText(out, at, offsets[codes[row]!]!, offsets[codes[row]! + 1]!);
  let longest = 0;
  for (let cell = 1; cell < offsets.length; cell++) longest = Math.max(longest, offsets[cell]! - offsets[cell - 1]!);
  return { write, maxBytes: writtenBytes(longest) };
}

/** What a text of so many bytes takes at most. */
export function writtenBytes(textBytes: number): number {
  return textBytes * 2 + 2;
}

export function textWriter(dialect: CellDialect, bytes: Uint8Array, column: string): TextWriter {
  const { quote, escape } = dialect;
  if (quote === undefined || escape === undefined) return escapedWriter(dialect, bytes, column);
  const { meanings, always, unifiesLineEnds } = dialect;
  const isMistakable = mistakableIn(dialect, bytes);

  return (out, at, start, end) => {
    let from = start;
    let to = at;
    if (!always) {
      for (; from < end; from++) {
        const byte = bytes[from]!;
        if (meanings[byte] === SPECIAL) break;
        out[to++] = byte;
      }
      if (from === end && !isMistakable(start, end)) return to;
      // What is bare so far may hold what is escaped in quotes.
      from = start;
      to = at;
    }
    out[to++] = quote;
    for (; from < end; from++) {
      const byte = bytes[from]!;
      if (meanings[byte] === PLAIN) {
        out[to++] = byte;
      } else if (byte === quote || byte === escape) {
        out[to++] = escape;
        out[to++] = byte;
      } else if (byte !== CR || !unifiesLineEnds) {
        out[to++] = byte;
      } else if (from + 1 === end || bytes[from + 1] !== LF) {
        out[to++] = LF;
      }
    }
    out[to++] = quote;
    return to;
  };
}

/** Without quotes, the escape character stands ahead of each special one. */
function escapedWriter(dialect: CellDialect, bytes: Uint8Array, column: string): TextWriter {
  const { meanings, escape } = dialect;
  const isMistakable = mistakableIn(dialect, bytes);

  return (out, at, start, end) => {
    let to = at;
    if (isMistakable(start, end)) throw unwritable(column, 'would be taken for something else');
    for (let from = start; from < end; from++) {
      const byte = bytes[from]!;
      if (meanings[byte] === SPECIAL) {
        if (escape === undefined || byte === CR || byte === LF) throw unwritable(column, 'cannot be written');
        out[to++] = escape;
      }
      out[to++] = byte;
    }
    return to;
  };
}

/** Whether a text that holds nothing special, bare, would be null, no row at all, or a byte order mark. */
function mistakableIn({ nulls, quotesEmpty }: CellDialect, bytes: Uint8Array): (start: number, end: number) => boolean {
  return (start, end) => {
    const length = end - start;
    if (length === 0) return quotesEmpty || nulls.length === 0;
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) return length > 2;
    if (length !== nulls.length) return false;
    for (let i = 0; i < length; i++) if (bytes[start + i] !== nulls[i]) return false;
    return true;
  };
}

function unwritable(column: string, problem: string): SluiceError {
  return new SluiceError('VALUE_INVALID', `column ${column}: a text that ${problem} without quotes`, {
    hint: 'Set a quote character.',
  });
}
