import { type Data, DataType, type TimeUnit } from 'apache-arrow';

import type { CellForm } from '../ingest-plan.ts';
import type { ValueCheck } from './value-check.ts';

const WORD = 0x1_0000_0000;
const SECONDS_PER_DAY = 86_400;
/** 0001-01-01 and 9999-12-31 as days since 1970. */
const FIRST_DAY = -719_162;
const LAST_DAY = 2_932_896;

const YEARS = 'expected a date of the years 0001 to 9999';
const MIDNIGHT = 'expected a date, without a time of day';
const TIME = 'expected a time of day';

const FRACTION_DIGITS: Readonly<Record<TimeUnit, number>> = { 0: 0, 1: 3, 2: 6, 3: 9 };

/** What is wrong with a date, an instant or a time of day; undefined for columns of other types. */
export function instantCheck(type: DataType, form: CellForm): ValueCheck | undefined {
  if (DataType.isDate(type)) return dateCheck;
  if (DataType.isTimestamp(type)) {
    const unitsPerDay = SECONDS_PER_DAY * 10 ** FRACTION_DIGITS[type.unit];
    return (data) => timestampCheck(data, unitsPerDay, form === 'date');
  }
  if (DataType.isTime(type)) {
    const unitsPerDay = SECONDS_PER_DAY * 10 ** FRACTION_DIGITS[type.unit];
    return (data) => timeCheck(data, unitsPerDay);
  }
  return undefined;
}

const dateCheck: ValueCheck = (data) => {
  const values: Int32Array = data.values;
  return (row) => (values[row]! < FIRST_DAY || values[row]! > LAST_DAY ? YEARS : undefined);
};

function timestampCheck(data: Data, unitsPerDay: number, isDate: boolean): ReturnType<ValueCheck> {
  const values: BigInt64Array = data.values;
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const exactUnits = BigInt(unitsPerDay);
  const first = FIRST_DAY * unitsPerDay;
  const end = (LAST_DAY + 1) * unitsPerDay;
  return (row) => {
    // Near enough: the bounds are whole days.
    const units = words[row * 2 + 1]! * WORD + (words[row * 2]! >>> 0);
    if (units < first || units >= end) return YEARS;
    return isDate && values[row]! % exactUnits !== 0n ? MIDNIGHT : undefined;
  };
}

function timeCheck(data: Data, unitsPerDay: number): ReturnType<ValueCheck> {
  const values: Int32Array | BigInt64Array = data.values;
  return (row) => (values[row]! < 0 || values[row]! >= unitsPerDay ? TIME : undefined);
}
