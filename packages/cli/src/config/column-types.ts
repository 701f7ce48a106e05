import { decimalType } from '@sluice/core/decimal';
import {
  Bool,
  type DataType,
  DateDay,
  Float64,
  Int32,
  Int64,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import * as z from 'zod';

/** The types of columns, as a configuration calls them. */
export const typeName = z
  .string()
  .regex(/^(text|boolean|int32|int64|double|date|datetime|time|decimal\(\s*\d{1,2}\s*,\s*\d{1,2}\s*\))$/, {
    error: 'must be text, boolean, int32, int64, double, decimal(p, s), date, datetime or time',
  })
  .meta({
    description: 'text, boolean, int32, int64, double, decimal(p, s), date, datetime (UTC, milliseconds) or time.',
  });

const TYPES: Readonly<Record<string, () => DataType>> = {
  text: () => new Utf8(),
  boolean: () => new Bool(),
  int32: () => new Int32(),
  int64: () => new Int64(),
  double: () => new Float64(),
  date: () => new DateDay(),
  datetime: () => new TimestampMillisecond('UTC'),
  time: () => new TimeMillisecond(),
};

/** @throws `CONFIG_INVALID` for a decimal there is none of. */
export function typeOf(name: z.output<typeof typeName>): DataType {
  const decimal = /^decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(name);
  return decimal === null ? TYPES[name]!() : decimalType(Number(decimal[1]), Number(decimal[2]));
}
