import { SluiceError } from '@sluice/core';

import type { GrowingBytes } from '../bits/growing-bytes.ts';
import { CR, LF } from './csv-dialect.ts';

export interface CellDialect {
  readonly delimiter: string;
  /** Empty for none. */
  readonly quote: string;
  /** Empty for none. */
  readonly escape: string;
  readonly lineEnd: string;
  readonly nullText: string;
  readonly quoteAll: boolean;
}

/** Writes `bytes[start, end)` as a cell of a row; without bytes, null. @throws `VALUE_INVALID` naming the column. */
export type CellWriter = (
  out: GrowingBytes,
  bytes: Uint8Array | undefined,
  start: number,
  end: number,
  column: string,
) => void;

/** @throws `CONFIG_INVALID` */
export function cellWriter({ delimiter, quote, escape, lineEnd, nullText, quoteAll }: CellDialect): CellWriter {
  if (delimiter === '') throw invalid('delimiter must not be empty');
  if (lineEnd === '') throw invalid('lineEnd must not be empty');
  const quoteByte = asciiByte(quote, 'quote');
  const escapeByte = asciiByte(escape, 'escape');
  if (quoteByte !== undefined && escapeByte === undefined) throw invalid('escape must not be empty beside a quote');
  if (quoteByte !== undefined && delimiter.includes(quote)) throw invalid('delimiter and quote must differ');
  const encoder = new TextEncoder();
  const nulls = encoder.encode(nullText);
  const special = specialBytes(delimiter, lineEnd, quoteByte, quoteByte === undefined ? escapeByte : undefined);

  function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) if (special[bytes[at]!] === 1) return false;
    return !isNullText(bytes, start, end);
  }

  function isNullText(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start !== nulls.length) return false;
    for (let at = 0; at < nulls.length; at++) if (bytes[start + at] !== nulls[at]) return false;
    return true;
  }

  function writeQuoted(out: GrowingBytes, bytes: Uint8Array, start: number, end: number): void {
    out.appendByte(quoteByte!);
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (byte === quoteByte || byte === escapeByte) out.appendByte(escapeByte!);
      out.appendByte(byte);
    }
    out.appendByte(quoteByte!);
  }

  /** Without quotes, the escape character stands before each special one. */
  function writeEscaped(out: GrowingBytes, bytes: Uint8Array, start: number, end: number, column: string): void {
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      if (special[byte] === 1) {
        if (escapeByte === undefined || byte === CR || byte === LF) throw unwritable(column);
        out.appendByte(escapeByte);
      }
      out.appendByte(byte);
    }
  }

  return (out, bytes, start, end, column) => {
    if (bytes === undefined) out.appendBytes(nulls);
    else if (quoteByte === undefined) writeEscaped(out, bytes, start, end, column);
    else if (quoteAll || !isPlain(bytes, start, end)) writeQuoted(out, bytes, start, end);
    else out.appendBytes(bytes, start, end);
  };
}

/** One for each byte that a cell cannot hold bare; of a longer delimiter the first byte stands for all. */
function specialBytes(delimiter: string, lineEnd: string, ...others: readonly (number | undefined)[]): Uint8Array {
  const special = new Uint8Array(256);
  const encoder = new TextEncoder();
  for (const byte of [encoder.encode(delimiter)[0], encoder.encode(lineEnd)[0], CR, LF, ...others]) {
    if (byte !== undefined) special[byte] = 1;
  }
  return special;
}

function asciiByte(character: string, option: string): number | undefined {
  if (character === '') return undefined;
  const code = character.length === 1 ? character.charCodeAt(0) : 0;
  if (code !== 0 && code <= 0x7f && code !== LF && code !== CR) return code;
  throw invalid(`${option} must be one ASCII character and no line end, or empty`);
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `csv: ${problem}`, { hint: 'Correct the options of the CSV format.' });
}

function unwritable(column: string): SluiceError {
  return new SluiceError('VALUE_INVALID', `column ${column}: a text holds what cannot be written without quotes`, {
    hint: 'Set a quote character.',
  });
}
