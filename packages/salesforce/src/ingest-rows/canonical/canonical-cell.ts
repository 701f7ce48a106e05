import { CELL_READ, CELL_ROUNDED, type CellParser, wordCells } from '@sluice/core/cells';
import { type DataType, Float64, TimestampMicrosecond } from 'apache-arrow';

import type { CellForm, PlannedColumn } from '../ingest-plan.ts';
import { foldCase, writeEntries, writeText } from './canonical-text.ts';
import { isAlphanumeric, LONG_ID_LENGTH, SHORT_ID_LENGTH, writeIdSuffix } from './id-suffix.ts';

/**
 * Writes what the cell `bytes[start, end)` says, in whatever way it says it, to `out` from `at` on, and returns where that
 * ends: at `at` for a null. `out` has room for twice the cell and 16 bytes.
 */
export type CanonicalCell = (bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number) => number;

const DATE_LENGTH = 10;
const CLOCK_LENGTH = 8;
const WORD = 0x1_0000_0000;
const MICROSECONDS = 1_000_000;
const NULL_TEXT = Buffer.from('#N/A');
const TRUE = new Set(['true', '1']);

const words = new Uint32Array(2);
const wordBytes = new Uint8Array(words.buffer);
const parseNumber = parserOf(new Float64());
const parseInstant = parserOf(new TimestampMicrosecond('UTC'));

const FORMS: Readonly<Record<CellForm, CanonicalCell>> = {
  text: writeText,
  multipicklist: writeEntries,
  id: writeId,
  number: writeNumber,
  boolean: writeBoolean,
  date: (bytes, start, end, out, at) => writeHead(bytes, start, end, DATE_LENGTH, out, at),
  datetime: writeInstant,
  time: (bytes, start, end, out, at) => writeHead(bytes, start, end, CLOCK_LENGTH, out, at),
};

/**
 * The canonical form of a column's cells, which are equal whenever an org would make the same value of them: numbers as
 * the nearest double, instants and times to the second, ids of 18 characters, text trimmed with LF for line ends,
 * multi-selects as sets; `#N/A` as nothing. `foldsCase` is for keys that ignore case.
 */
export function canonicalCell({ form }: Pick<PlannedColumn, 'form'>, foldsCase = false): CanonicalCell {
  const write = FORMS[form];
  const folds = foldsCase && form === 'text';
  return (bytes, start, end, out, at) => {
    if (isNullText(bytes, start, end)) return at;
    const to = write(bytes, start, end, out, at);
    return folds ? foldCase(out, at, to) : to;
  };
}

/** `#N/A`, which sets a field to null. */
export function isNullText(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start !== NULL_TEXT.length) return false;
  for (let i = 0; i < NULL_TEXT.length; i++) if (bytes[start + i] !== NULL_TEXT[i]) return false;
  return true;
}

function writeId(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const to = writeText(bytes, start, end, out, at);
  const length = to - at;
  if ((length !== SHORT_ID_LENGTH && length !== LONG_ID_LENGTH) || !isAlphanumeric(out, at, to)) return to;
  return writeIdSuffix(out, at, out, at + SHORT_ID_LENGTH);
}

function writeNumber(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  if (start === end) return at;
  const status = parseNumber(bytes, start, end, words, 0);
  if (status !== CELL_READ && status !== CELL_ROUNDED) return writeText(bytes, start, end, out, at);
  if (words[0] === 0 && words[1] === 0x8000_0000) words[1] = 0;
  return writeWords(out, at);
}

/** A checkbox is never null. */
function writeBoolean(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  const isTrue = end - start <= 4 && TRUE.has(Buffer.from(bytes.subarray(start, end)).toString('latin1').toLowerCase());
  if (!isTrue) return at;
  out[at] = 1;
  return at + 1;
}

function writeInstant(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): number {
  if (start === end) return at;
  if (parseInstant(bytes, start, end, words, 0) !== CELL_READ) return writeText(bytes, start, end, out, at);
  const seconds = Math.floor(((words[1]! | 0) * WORD + words[0]!) / MICROSECONDS);
  words[0] = seconds;
  words[1] = Math.floor(seconds / WORD);
  return writeWords(out, at);
}

/** The first `length` bytes: a date without the zone, a time without the fraction. */
function writeHead(bytes: Uint8Array, start: number, end: number, length: number, out: Uint8Array, at: number): number {
  return writeText(bytes, start, Math.min(end, start + length), out, at);
}

function writeWords(out: Uint8Array, at: number): number {
  for (let i = 0; i < wordBytes.length; i++) out[at + i] = wordBytes[i]!;
  return at + wordBytes.length;
}

function parserOf(type: DataType): CellParser {
  const cells = wordCells(type, 'round');
  if (cells === undefined) throw new TypeError('a type without cells');
  return cells.parse;
}
