import { type DateFormat, formatDateTime, isFormatProblem, parseDateFormat } from '../date/date-format.ts';
import { parseDateTime } from '../date/date-parser.ts';
import {
  addMonths,
  type DateTime,
  dateTimeOf,
  dayOfWeek,
  dayOfYear,
  partsOf,
  TICKS_PER_DAY,
  TICKS_PER_HOUR,
  TICKS_PER_SECOND,
  ticksOfEpochMs,
} from '../date/date-time.ts';
import { findTimeZone, fromUtc, type TimeZone, timeZoneNames, toUtc } from '../date/time-zone.ts';
import type { FunctionCall, Reader } from '../function-call.ts';
import { defineFunction, type FunctionDefinition } from '../function-definition.ts';
import { fromInteger } from '../integer-arithmetic.ts';
import { didYouMean } from '../nearest-name.ts';

const TICKS_PER_MINUTE = 60n * TICKS_PER_SECOND;

/** A unit is so many ticks or so many months. */
const UNITS: Readonly<Record<string, { readonly ticks: bigint } | { readonly months: bigint }>> = {
  Second: { ticks: TICKS_PER_SECOND },
  Minute: { ticks: TICKS_PER_MINUTE },
  Hour: { ticks: TICKS_PER_HOUR },
  Day: { ticks: TICKS_PER_DAY },
  Week: { ticks: 7n * TICKS_PER_DAY },
  Month: { months: 1n },
  Year: { months: 12n },
};

type TimeUnit = (typeof UNITS)[string];

export const DATE_FUNCTIONS: readonly FunctionDefinition[] = [
  defineFunction('utcNow', 'format?', (call) => write(call, now(call), 0)),
  defineFunction('addDays', 'timestamp, days, format?', (call) => addTicks(call, TICKS_PER_DAY)),
  defineFunction('addHours', 'timestamp, hours, format?', (call) => addTicks(call, TICKS_PER_HOUR)),
  defineFunction('addMinutes', 'timestamp, minutes, format?', (call) => addTicks(call, TICKS_PER_MINUTE)),
  defineFunction('addSeconds', 'timestamp, seconds, format?', (call) => addTicks(call, TICKS_PER_SECOND)),
  defineFunction('addToTime', 'timestamp, interval, timeUnit, format?', (call) => {
    return write(call, move(call, timestamp(call), 1, 1n), 3);
  }),
  defineFunction('subtractFromTime', 'timestamp, interval, timeUnit, format?', (call) => {
    return write(call, move(call, timestamp(call), 1, -1n), 3);
  }),
  defineFunction('getFutureTime', 'interval, timeUnit, format?', (call) =>
    write(call, move(call, now(call), 0, 1n), 2),
  ),
  defineFunction('getPastTime', 'interval, timeUnit, format?', (call) => write(call, move(call, now(call), 0, -1n), 2)),
  defineFunction('formatDateTime', 'timestamp, format?', (call) => write(call, timestamp(call), 1)),
  // A timestamp without an offset is taken for UTC.
  defineFunction('convertFromUtc', 'timestamp, destinationTimeZone, format?', (call) => {
    return write(call, inRange(call, fromUtc(timestamp(call), call.read(1, readTimeZone))), 2);
  }),
  defineFunction('convertToUtc', 'timestamp, sourceTimeZone, format?', (call) => write(call, instant(call), 2)),
  defineFunction('convertTimeZone', 'timestamp, sourceTimeZone, destinationTimeZone, format?', (call) => {
    return write(call, inRange(call, fromUtc(instant(call), call.read(2, readTimeZone))), 3);
  }),
  defineFunction('startOfDay', 'timestamp, format?', (call) =>
    write(call, roundDown(timestamp(call), TICKS_PER_DAY), 1),
  ),
  defineFunction('startOfHour', 'timestamp, format?', (call) => {
    return write(call, roundDown(timestamp(call), TICKS_PER_HOUR), 1);
  }),
  defineFunction('startOfMonth', 'timestamp, format?', (call) => {
    const day = roundDown(timestamp(call), TICKS_PER_DAY);
    return write(call, { ...day, ticks: day.ticks - BigInt(partsOf(day).day - 1) * TICKS_PER_DAY }, 1);
  }),
  defineFunction('dayOfWeek', 'timestamp', (call) => dayOfWeek(timestamp(call))),
  defineFunction('dayOfMonth', 'timestamp', (call) => partsOf(timestamp(call)).day),
  defineFunction('dayOfYear', 'timestamp', (call) => dayOfYear(timestamp(call))),
  // Ticks need 60 bits, so this is an integer of 64.
  defineFunction('ticks', 'timestamp', (call) => fromInteger(timestamp(call).ticks)!),
];

function now(call: FunctionCall): DateTime {
  const epochMs = (call.context.clock ?? Date).now();
  return inRange(call, dateTimeOf(ticksOfEpochMs(epochMs), true));
}

function timestamp(call: FunctionCall): DateTime {
  return call.read(0, readTimestamp);
}

/** The timestamp as text, in the format at that place or in `o`. */
function write(call: FunctionCall, dateTime: DateTime, formatIndex: number): string {
  return formatDateTime(dateTime, call.count > formatIndex ? call.read(formatIndex, readFormat) : ROUND_TRIP);
}

function addTicks(call: FunctionCall, unitTicks: bigint): string {
  const { ticks, isUtc } = timestamp(call);
  return write(call, inRange(call, dateTimeOf(ticks + call.integer(1) * unitTicks, isUtc)), 2);
}

function move(call: FunctionCall, dateTime: DateTime, intervalIndex: number, sign: 1n | -1n): DateTime {
  const interval = sign * call.integer(intervalIndex);
  const unit = call.read(intervalIndex + 1, readTimeUnit);
  const moved =
    'ticks' in unit
      ? dateTimeOf(dateTime.ticks + interval * unit.ticks, dateTime.isUtc)
      : addMonths(dateTime, Number(interval * unit.months));
  return inRange(call, moved);
}

function roundDown({ ticks, isUtc }: DateTime, unitTicks: bigint): DateTime {
  return { ticks: ticks - (ticks % unitTicks), isUtc };
}

/** The moment meant by a timestamp of the zone named second. */
function instant(call: FunctionCall): DateTime {
  const local = timestamp(call);
  const zone = call.read(1, readTimeZone);
  if (local.isUtc && !zone.isUtc) {
    throw call.fail(
      'has an offset of its own, which may contradict the time zone',
      0,
      'Leave out the Z or the offset, or name UTC as the source.',
    );
  }
  const utc = toUtc(local, zone);
  if (utc === 'skipped') {
    throw call.fail('is a time that the zone skips when its clocks are put forward', 0);
  }
  return inRange(call, utc);
}

function inRange(call: FunctionCall, dateTime: DateTime | undefined): DateTime {
  if (dateTime === undefined) throw call.fail('gives a time outside of the years 1 to 9999');
  return dateTime;
}

export const readTimestamp: Reader<DateTime> = (text) => {
  const value = parseDateTime(text);
  if (value !== undefined) return { value };
  return { problem: 'is not a date and time', hint: 'Write it as 2018-03-15T13:00:00Z or as 03/15/2018 13:00:00.' };
};

export const readFormat: Reader<DateFormat> = (text) => {
  const value = parseDateFormat(text);
  return isFormatProblem(value) ? { problem: `is not a date format: ${value.problem}` } : { value };
};

export const readTimeZone: Reader<TimeZone> = (text) => {
  const value = findTimeZone(text);
  if (value !== undefined) return { value };
  const near = didYouMean(text, timeZoneNames());
  return {
    problem: 'is not the name of a time zone',
    hint: near ?? 'Write it as Pacific Standard Time or Europe/Berlin.',
  };
};

export const readTimeUnit: Reader<TimeUnit> = (text) => {
  const name = Object.keys(UNITS).find((unit) => unit.toLowerCase() === text.toLowerCase());
  if (name !== undefined) return { value: UNITS[name]! };
  return { problem: `must be one of ${Object.keys(UNITS).join(', ')}`, hint: didYouMean(text, Object.keys(UNITS)) };
};

const ROUND_TRIP = parseRoundTrip();

function parseRoundTrip(): DateFormat {
  const format = parseDateFormat('o');
  if (isFormatProblem(format)) throw new TypeError(format.problem);
  return format;
}
