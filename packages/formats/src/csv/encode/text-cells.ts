import type { CellEncoder } from '@sluice/core/cells';

import type { ByteCells } from '../../parquet/column-batch.ts';
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
  /** What the text of a row takes at most, quoted. */
  textBytes(row: number): number;
}

export function textCells(
  { delimiter, quote, nulls, always, unifiesLineEnds = false }: TextDialect,
  { bytes, offsets, codes }: Pick<ByteCells, 'bytes' | 'offsets' | 'codes'>,
): TextCells {
  const special = new Uint8Array(256);
  for (const byte of [delimiter, quote, CR, LF]) special[byte] = 1;

  function isNullText(start: number, end: number): boolean {
    if (end - start !== nulls.length) return false;
    for (let i = 0; i < nulls.length; i++) if (bytes[start + i] !== nulls[i]) return false;
    return true;
  }

  function write(out: Uint8Array, at: number, row: number): number {
    const cell = codes === undefined ? row : codes[row]!;
    const start = offsets[cell]!;
    const end = offsets[cell + 1]!;
    let to = at;
    if (!always) {
      let from = start;
      for (; from < end; from++) {
        const byte = bytes[from]!;
        if (special[byte] === 1) break;
        out[to++] = byte;
      }
      if (from === end && !isNullText(start, end)) return to;
    }
    to = at;
    out[to++] = quote;
    for (let from = start; from < end; from++) {
      const byte = bytes[from]!;
      if (byte === CR && unifiesLineEnds) {
        if (from + 1 === end || bytes[from + 1] !== LF) out[to++] = LF;
        continue;
      }
      out[to++] = byte;
      if (byte === quote) out[to++] = byte;
    }
    out[to++] = quote;
    return to;
  }

  function textBytes(row: number): number {
    const cell = codes === undefined ? row : codes[row]!;
    return (offsets[cell + 1]! - offsets[cell]!) * 2;
  }

  return { write, textBytes };
}
