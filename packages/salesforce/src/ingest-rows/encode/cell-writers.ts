import { type CellEncoder, type ValueCells, valueCells } from '@sluice/core/cells';
import {
  DataType,
  type Field,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  TimeUnit,
  Field as ArrowField,
} from 'apache-arrow';

import type { PlannedColumn } from '../ingest-plan.ts';

const POINT = 0x2e;
const LETTER_E = 0x65;
const LETTER_Z = 0x5a;
/** `yyyy-MM-dd`, `yyyy-MM-ddTHH:mm:ss.SSS` and `HH:mm:ss.SSS`. */
const DATE_BYTES = 10;
const MILLISECONDS_BYTES = 23;
const CLOCK_BYTES = 12;
const MIDNIGHT = Buffer.from('T00:00:00.000Z');
/** A sign and as many digits as the smallest double has behind the point. */
const PLAIN_DOUBLE_BYTES = 350;

const UTC = {
  [TimeUnit.SECOND]: new TimestampSecond('UTC'),
  [TimeUnit.MILLISECOND]: new TimestampMillisecond('UTC'),
  [TimeUnit.MICROSECOND]: new TimestampMicrosecond('UTC'),
  [TimeUnit.NANOSECOND]: new TimestampNanosecond('UTC'),
} as const;

/**
 * How values of a column are written into a field of its form; undefined for text. Instants without a time zone are UTC.
 * What a value may have beyond the form, such as milliseconds of a date, is checked beforehand and not written; text has
 * room for all of it.
 */
export function cellWriter(field: Field, { form, isWhole }: PlannedColumn): ValueCells | undefined {
  const { type } = field;
  if (DataType.isTimestamp(type)) {
    const cells = written(new ArrowField(field.name, UTC[type.unit], true));
    if (form === 'text') return cells;
    return rewritten(cells, form === 'date' ? cutTo(DATE_BYTES) : cutToZone(MILLISECONDS_BYTES));
  }
  const cells = valueCells(field);
  if (cells === undefined) return undefined;
  if (DataType.isTime(type) && form === 'time') return rewritten(cells, cutToZone(CLOCK_BYTES));
  if (DataType.isDate(type) && form === 'datetime') return rewritten(cells, appendMidnight, MIDNIGHT.length);
  if (DataType.isFloat(type)) return rewritten(cells, unfoldExponent, PLAIN_DOUBLE_BYTES);
  if (DataType.isDecimal(type) && isWhole === true && type.scale > 0) return rewritten(cells, cutFraction);
  return cells;
}

function written(field: Field): ValueCells {
  const cells = valueCells(field);
  if (cells === undefined) throw new TypeError('a type without cells');
  return cells;
}

/** Changes the cell `out[at, end)` in its place, and returns its new end. */
type Rewriting = (out: Uint8Array, at: number, end: number) => number;

function rewritten({ maxBytes, open }: ValueCells, rewrite: Rewriting, moreBytes = 0): ValueCells {
  return {
    maxBytes: maxBytes + moreBytes,
    open: (data): CellEncoder => {
      const write = open(data);
      return (out, at, row) => rewrite(out, at, write(out, at, row));
    },
  };
}

function cutTo(length: number): Rewriting {
  return (_, at) => at + length;
}

function cutToZone(length: number): Rewriting {
  return (out, at) => {
    out[at + length] = LETTER_Z;
    return at + length + 1;
  };
}

const appendMidnight: Rewriting = (out, _, end) => {
  out.set(MIDNIGHT, end);
  return end + MIDNIGHT.length;
};

const cutFraction: Rewriting = (out, at, end) => {
  let to = end;
  while (to > at && out[to] !== POINT) to--;
  return to === at ? end : to;
};

/** Numbers from 1e21 on, and small ones. */
const unfoldExponent: Rewriting = (out, at, end) => {
  let exponentAt = end - 1;
  while (exponentAt > at && out[exponentAt] !== LETTER_E) exponentAt--;
  if (exponentAt === at) return end;
  const text = Buffer.from(plainText(Buffer.from(out.subarray(at, end)).toString('latin1')));
  out.set(text, at);
  return at + text.length;
};

/** `1.5e-7` as `0.00000015`. */
function plainText(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = ''] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  const shift = Number(exponent);
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(shift, '0')}`;
}
