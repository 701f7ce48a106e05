import { toPlainDecimal } from './decimal-text.ts';
import { isoDate, isoDateTime, isoTime } from './instant-text.ts';
import type { CellInput, CellWriter, FieldDefinition, StoredValue } from './org.ts';
import { toLongId } from './record-id.ts';

export interface StoragePolicy {
  /** Numbers are kept as decimal text, digit for digit, and read as such; an org keeps IEEE doubles. */
  readonly exactDecimals: boolean;
  /** Text is kept with the white space around it; an org trims it. */
  readonly keepWhiteSpace: boolean;
  /** Date-times keep their milliseconds; an org keeps seconds. */
  readonly keepMilliseconds: boolean;
  /** Values of a multi-select picklist stay as given; an org puts them in its own order. */
  readonly keepPicklistOrder: boolean;
}

const INT_32 = 2_147_483_648;
const INT_64 = 9_223_372_036_854_775_808n;
const BASE_64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Thrown by a cell writer; the message says what was expected and never holds the value. */
export class CellFault extends Error {
  override readonly name = 'CellFault';
  /** The value is of the field's type, and has too many characters. */
  readonly isTooLong: boolean;

  constructor(message: string, isTooLong = false) {
    super(message);
    this.isTooLong = isTooLong;
  }
}

/** How values of the field are checked and stored. */
export function cellWriter(field: FieldDefinition, policy: StoragePolicy): CellWriter {
  const write = presentWriter(field, policy);
  const absent = field.type === 'boolean' && !field.nillable ? 0 : null;
  return (value) => (value === null || value === undefined || value === '' ? absent : write(value));
}

function presentWriter(field: FieldDefinition, policy: StoragePolicy): (value: NonNullable<CellInput>) => StoredValue {
  switch (field.type) {
    case 'boolean':
      return toBoolean;
    case 'int':
      return (value) => Number(toInteger(value, BigInt(INT_32), 'an int'));
    case 'long':
      return (value) => toInteger(value, INT_64, 'a long');
    case 'double':
    case 'currency':
    case 'percent':
      return policy.exactDecimals ? toDecimalText : toDouble;
    case 'date':
      return (value) => isoDate(value) ?? fault('a date (yyyy-MM-dd)');
    case 'datetime':
      return (value) => isoDateTime(value, policy.keepMilliseconds) ?? fault('a date-time (ISO 8601 with an offset)');
    case 'time':
      return (value) => isoTime(value) ?? fault('a time (HH:mm:ss.SSSZ)');
    case 'id':
    case 'reference':
      return (value) => (typeof value === 'string' ? toLongId(value) : undefined) ?? fault('a record id');
    case 'base64':
      return (value) => (typeof value === 'string' && BASE_64.test(value) ? value : fault('base64 text'));
    case 'address':
    case 'location':
      return () => fault('nothing: a compound field is given by its components');
    case 'anyType':
      return (value) =>
        value instanceof Date ? value.toISOString() : typeof value === 'string' ? value : String(value);
    case 'multipicklist':
      return (value) => toMultiPicklist(value, field, policy);
    default:
      return (value) => toText(value, field, policy);
  }
}

function fault(expected: string): never {
  throw new CellFault(`expected ${expected}`);
}

function toText(value: NonNullable<CellInput>, field: FieldDefinition, policy: StoragePolicy): string | null {
  if (typeof value !== 'string') return fault('text');
  // Not trim(): an org keeps the no-break space.
  const text = policy.keepWhiteSpace ? value : value.replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '');
  if (text.length > field.length && field.length > 0 && !field.calculated) {
    throw new CellFault(`expected at most ${field.length} characters`, true);
  }
  return text === '' ? null : text;
}

function toMultiPicklist(
  value: NonNullable<CellInput>,
  field: FieldDefinition,
  { keepPicklistOrder }: StoragePolicy,
): string | null {
  if (typeof value !== 'string') return fault('text, values separated by semicolons');
  const values = new Set(value.split(';').filter((entry) => entry !== ''));
  if (keepPicklistOrder) return [...values].join(';') || null;
  const known = field.picklistValues.filter((entry) => values.delete(entry));
  return [...known, ...values].join(';') || null;
}

function toBoolean(value: NonNullable<CellInput>): number {
  if (value === true || value === 'true') return 1;
  if (value === false || value === 'false') return 0;
  return fault('true or false');
}

function toInteger(value: NonNullable<CellInput>, bound: bigint, what: string): bigint {
  const text = typeof value === 'string' || typeof value === 'number' ? toPlainDecimal(String(value)) : undefined;
  const whole = text === undefined ? undefined : /^(-?\d+)(?:\.0*)?$/.exec(text)?.[1];
  const integer = typeof value === 'bigint' ? value : whole === undefined ? undefined : BigInt(whole);
  if (integer === undefined || integer < -bound || integer >= bound) return fault(what);
  return integer;
}

function toDouble(value: NonNullable<CellInput>): number {
  const number = Number(toDecimalText(value));
  return Number.isFinite(number) ? number : fault('a number within the range of a double');
}

function toDecimalText(value: NonNullable<CellInput>): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return fault('a number');
  return toPlainDecimal(String(value)) ?? fault('a number');
}
