import { isUtf8 } from 'node:buffer';

import { type ByteCells, isValid, type Validity } from '@sluice/formats/csv-rows';

import { MAX_CELL_CHARACTERS } from '../../limits.ts';
import { isNullText } from '../canonical/canonical-cell.ts';
import { isTrimmed, trimmedEnd, trimmedStart } from '../canonical/canonical-text.ts';
import type { IngestPlan, PlannedColumn } from '../ingest-plan.ts';
import type { RowVerdicts } from './row-verdicts.ts';
import { textFault } from './text-faults.ts';
import { INEXACT, UNLISTED, type ValueFault } from './value-check.ts';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
/** A shorter text is not worth a view of words. */
const MIN_WORDS_BYTES = 16;

/**
 * Rejects rows whose text the field would not take, or would take for something else. Returns the validity of the column
 * to an org, which has no empty text and none of white space alone.
 */
export function checkText(
  column: PlannedColumn,
  { bytes, offsets, codes }: ByteCells,
  validity: Validity | undefined,
  options: IngestPlan['options'],
  verdicts: RowVerdicts,
): Validity | undefined {
  const { name, maxLength = MAX_CELL_CHARACTERS } = column;
  const { controlCharacters, inexactNumbers } = options;
  const fault = textFault(column, options);
  const most = Math.min(maxLength, MAX_CELL_CHARACTERS);
  const rejectsControls = controlCharacters === 'reject';
  // Offsets may be longer than the column; of a dictionary all entries are looked at.
  const [from, to] = codes === undefined ? [offsets[0]!, offsets[verdicts.rows]!] : [0, bytes.length];
  const mayHoldControls = holdsControl(bytes, from, to, rejectsControls);
  const mayBeBroken = !isUtf8(bytes.subarray(from, to));
  let withoutBlanks: Uint8Array | undefined;
  for (let row = 0; row < verdicts.rows; row++) {
    if (validity !== undefined && !isValid(validity, row)) continue;
    const cell = codes === undefined ? row : codes[row]!;
    const start = offsets[cell]!;
    const end = offsets[cell + 1]!;
    if (isBlank(bytes, start, end)) {
      withoutBlanks ??= copyOf(validity, verdicts.rows);
      withoutBlanks[row >> 3]! &= ~(1 << (row & 7));
    } else if (isContinuation(bytes[start]!) || (mayBeBroken && !isUtf8(bytes.subarray(start, end)))) {
      verdicts.reject(row, 'VALUE_INVALID', name, 'expected text in UTF-8');
    } else if (end - start > most && characters(bytes, start, end) > most) {
      verdicts.reject(row, 'VALUE_INVALID', name, `expected at most ${most} characters`);
    } else if (isNullText(bytes, start, end)) {
      verdicts.reject(row, 'VALUE_INVALID', name, 'expected a text other than #N/A, which an org takes for null');
    } else if (mayHoldControls && holdsControl(bytes, start, end, rejectsControls)) {
      const expected = rejectsControls ? 'no control characters' : 'no NUL character';
      verdicts.reject(row, 'VALUE_INVALID', name, `expected ${expected}`);
    } else if (fault !== undefined) {
      const problem = fault(bytes, start, end);
      if (problem !== undefined) noteFault(row, name, problem, inexactNumbers, verdicts);
    }
  }
  return withoutBlanks === undefined ? validity : { bitmap: withoutBlanks, bitOffset: 0 };
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  return start === end || (isTrimmed(bytes[start]!) && trimmedStart(bytes, start, end) === end);
}

/** Of a character that began in the cell before: together the two may be UTF-8. */
function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function copyOf(validity: Validity | undefined, rows: number): Uint8Array {
  const bitmap = new Uint8Array((rows + 7) >> 3);
  if (validity === undefined) return bitmap.fill(0xff);
  for (let row = 0; row < rows; row++) if (isValid(validity, row)) bitmap[row >> 3]! |= 1 << (row & 7);
  return bitmap;
}

/** Rejects a row for what is wrong with a value, or counts what is not. */
export function noteFault(
  row: number,
  column: string,
  fault: ValueFault,
  inexactNumbers: IngestPlan['options']['inexactNumbers'],
  verdicts: RowVerdicts,
): void {
  if (fault === UNLISTED) verdicts.addUnlisted(row);
  else if (fault !== INEXACT) verdicts.reject(row, 'VALUE_INVALID', column, fault);
  else if (inexactNumbers === 'send') verdicts.addInexact(row);
  else verdicts.reject(row, 'VALUE_INEXACT', column, 'expected at most 15 significant digits');
}

/** NUL, or with `all` any control character but tab and line ends. */
function holdsControl(bytes: Uint8Array, start: number, end: number, all: boolean): boolean {
  if (!all) return bytes.subarray(start, end).includes(0);
  if (end - start < MIN_WORDS_BYTES) return holdsControlByte(bytes, start, end);
  // Four bytes at once where they are aligned: most text has none that are below a space.
  const head = start + ((4 - ((bytes.byteOffset + start) & 3)) & 3);
  const wordCount = (end - head) >> 2;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + head, wordCount);
  if (holdsControlByte(bytes, start, head) || holdsControlByte(bytes, head + wordCount * 4, end)) return true;
  for (let i = 0; i < wordCount; i++) {
    const word = words[i]!;
    if (((word - 0x20202020) & ~word & 0x80808080) === 0) continue;
    if (holdsControlByte(bytes, head + i * 4, head + i * 4 + 4)) return true;
  }
  return false;
}

function holdsControlByte(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte < SPACE && byte !== LF && byte !== TAB && byte !== CR) return true;
  }
  return false;
}

/** UTF-16 units of a text, trimmed and with LF for its line ends, as an org counts them. */
function characters(bytes: Uint8Array, start: number, end: number): number {
  const first = trimmedStart(bytes, start, end);
  const last = trimmedEnd(bytes, first, end);
  let count = 0;
  for (let i = first; i < last; i++) {
    const byte = bytes[i]!;
    if (isContinuation(byte) || (byte === CR && bytes[i + 1] === LF)) continue;
    // Beyond the basic plane a character takes four bytes, and two units.
    count += byte >= 0xf0 ? 2 : 1;
  }
  return count;
}

/** UTF-16 units of a cell. */
export function cellCharacters({ bytes, offsets, codes }: ByteCells, row: number): number {
  const cell = codes === undefined ? row : codes[row]!;
  return characters(bytes, offsets[cell]!, offsets[cell + 1]!);
}

/** Bytes of a cell. */
export function cellLength({ offsets, codes }: ByteCells, row: number): number {
  const cell = codes === undefined ? row : codes[row]!;
  return offsets[cell + 1]! - offsets[cell]!;
}
