import { CELL_READ, type CellParser, wordCells } from '@sluice/core/cells';
import { type DataType, DateDay, TimeMicrosecond, TimestampMicrosecond } from 'apache-arrow';

import { isAlphanumeric, LONG_ID_LENGTH, SHORT_ID_LENGTH } from '../canonical/id-suffix.ts';
import type { CellForm, IngestPlan, PlannedColumn } from '../ingest-plan.ts';
import { expectedNumber, numberBounds, numberFault } from './number-checks.ts';
import { picklistFault } from './picklist-fault.ts';
import type { ValueFault } from './value-check.ts';

/** What is wrong with the text `bytes[start, end)`, which is not blank; undefined when nothing is. */
export type TextFault = (bytes: Uint8Array, start: number, end: number) => ValueFault | undefined;

const LETTER_T = 0x54;
const LETTER_Z = 0x5a;
const COLON = 0x3a;
const DATE_LENGTH = 10;
/** `yyyy-MM-ddTHH:mm:ss`. */
const CLOCK_END = 19;
const BOOLEANS = new Set(['true', 'false', '1', '0']);

const words = new Uint32Array(2);
const isDate = reader(new DateDay());
const isInstant = reader(new TimestampMicrosecond('UTC'));
const isTime = reader(new TimeMicrosecond());

/** For text that goes into a field of another form; undefined where any text will do. */
export function textFault(
  column: PlannedColumn,
  { picklists }: Pick<IngestPlan['options'], 'picklists'>,
): TextFault | undefined {
  if (column.picklist !== undefined) return picklistFault(column.picklist, column.form, picklists);
  const fault = FAULTS[column.form];
  if (fault !== undefined) return fault;
  if (column.form !== 'number') return undefined;
  const bounds = numberBounds(column);
  return (bytes, start, end) =>
    bounds.isWhole && !isDigits(bytes, start, end) ? expectedNumber(bounds) : numberFault(bytes, start, end, bounds);
}

const FAULTS: Readonly<Partial<Record<CellForm, TextFault>>> = {
  boolean: (bytes, start, end) =>
    end - start <= 5 && BOOLEANS.has(Buffer.from(bytes.subarray(start, end)).toString('latin1'))
      ? undefined
      : 'expected true or false',
  date: (bytes, start, end) => (isDate(bytes, start, end) ? undefined : 'expected a date such as 2024-04-16'),
  datetime: (bytes, start, end) =>
    isInstant(bytes, start, end) && bytes[start + DATE_LENGTH] === LETTER_T && isZoned(bytes, start, end)
      ? undefined
      : 'expected an instant such as 2024-04-16T19:00:00.000Z',
  time: (bytes, start, end) => (isTime(bytes, start, end) ? undefined : 'expected a time of day such as 19:00:00.000Z'),
  id: (bytes, start, end) => {
    const length = end - start;
    const isId = (length === SHORT_ID_LENGTH || length === LONG_ID_LENGTH) && isAlphanumeric(bytes, start, end);
    return isId ? undefined : 'expected an id of 15 or 18 characters';
  },
};

/** A zone as XML Schema writes it: `Z` or `+02:00`. */
function isZoned(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start <= CLOCK_END) return false;
  return bytes[end - 1] === LETTER_Z || bytes[end - 3] === COLON;
}

/** `-?\d+`. */
function isDigits(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === 0x2d ? start + 1 : start;
  for (let i = first; i < end; i++) if (bytes[i]! < 0x30 || bytes[i]! > 0x39) return false;
  return first < end;
}

function reader(type: DataType): (bytes: Uint8Array, start: number, end: number) => boolean {
  const parse: CellParser | undefined = wordCells(type, 'error')?.parse;
  return (bytes, start, end) => start < end && parse?.(bytes, start, end, words, 0) === CELL_READ;
}
