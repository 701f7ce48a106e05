import type { CellEncoder } from '@sluice/core/cells';

import type { ByteCells } from '../../bits/column-batch.ts';
import { CR, LF } from '../csv-dialect.ts';

export interface TextDialect {
  readonly delimiter: number;
  readonly quote: number;
  readonly nulls: Uint8Array;
  /** Whether to quote what says the same without. */
  readonly always: boolean;
  /** Writes every line end within a text as LF. */
  readonly unifiesLineEnds?: boolean;
}

export interface TextCells {
  readonly write: CellEncoder;
  /** What the longest text takes at most, quoted. */
  readonly maxBytes: number;
}

/** The texts of one column of a batch; text that equals what stands for null is quoted. */
export function textCells(dialect: TextDialect, cells: Pick<ByteCells, 'bytes' | 'offsets' | 'codes'>): TextCells {
  const { bytes, offsets, codes } = cells;
  const writeText = textWriter(dialect, bytes);
  const write: CellEncoder =
    codes === undefined
      ? (out, at, row) => writeText(out, at, offsets[row]!, offsets[row + 1]!)
      : (out, at, row) => writeText(out, at, offsets[codes[row]!]!, offsets[codes[row]! + 1]!);
  let longest = 0;
  for (let cell = 1; cell < offsets.length; cell++) longest = Math.max(longest, offsets[cell]! - offsets[cell - 1]!);
  return { write, maxBytes: longest * 2 + 2 };
}

/** Writes the text `bytes[start, end)`, in quotes where it needs them, and returns where it ends. */
type TextWriter = (out: Uint8Array, at: number, start: number, end: number) => number;

function textWriter(
  { delimiter, quote, nulls, always, unifiesLineEnds = false }: TextDialect,
  bytes: Uint8Array,
): TextWriter {
  const special = new Uint8Array(256);
  for (const byte of [delimiter, quote, CR, LF]) special[byte] = 1;

  function isNullText(start: number, end: number): boolean {
    if (end - start !== nulls.length) return false;
    for (let i = 0; i < nulls.length; i++) if (bytes[start + i] !== nulls[i]) return false;
    return true;
  }

  return (out, at, start, end) => {
    let from = start;
    let to = at;
    if (!always) {
      for (; from < end; from++) {
        const byte = bytes[from]!;
        if (special[byte] === 1) break;
        out[to++] = byte;
      }
      if (from === end && !isNullText(start, end)) return to;
      out.copyWithin(at + 1, at, to);
    }
    out[at] = quote;
    to++;
    for (; from < end; from++) {
      const byte = bytes[from]!;
      if (special[byte] === 0) {
        out[to++] = byte;
      } else if (byte === quote) {
        out[to++] = byte;
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
