const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|([+-])(\d{2}):?(\d{2}))$/;
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?Z?$/;
const MINUTE_MS = 60_000;

/** `yyyy-MM-dd`, or undefined when it is no date of the calendar. A Date gives its day in UTC. */
export function isoDate(value: unknown): string | undefined {
  const text = value instanceof Date ? isoDateTime(value, false)?.slice(0, 10) : value;
  return typeof text === 'string' && startOfDayMs(text) !== undefined ? text : undefined;
}

/** Milliseconds since the epoch of midnight UTC, or undefined when the text is no date of the calendar. */
function startOfDayMs(date: string): number | undefined {
  if (!DATE.test(date)) return undefined;
  const ms = Date.parse(`${date}T00:00:00.000Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date ? undefined : ms;
}

/** `yyyy-MM-ddTHH:mm:ss.SSSZ`, or undefined when the text is no date-time with an offset. */
export function isoDateTime(value: unknown, keepMilliseconds: boolean): string | undefined {
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? undefined : instantText(value.getTime(), keepMilliseconds);
  const match = typeof value === 'string' ? DATE_TIME.exec(value) : null;
  if (match === null) return undefined;
  const [, date = '', hour = '', minute = '', second = '00', fraction = '', , sign, offsetHour, offsetMinute] = match;
  const dayMs = startOfDayMs(date);
  const timeMs = timeOfDayMs(hour, minute, second, fraction);
  if (dayMs === undefined || timeMs === undefined) return undefined;
  const offsetMinutes = sign === undefined ? 0 : Number(offsetHour) * 60 + Number(offsetMinute);
  const utcMs = dayMs + timeMs - (sign === '-' ? -offsetMinutes : offsetMinutes) * MINUTE_MS;
  return instantText(utcMs, keepMilliseconds);
}

function instantText(utcMs: number, keepMilliseconds: boolean): string | undefined {
  const iso = new Date(utcMs).toISOString();
  if (iso.length !== 24) return undefined; // outside the years 0000 to 9999
  return keepMilliseconds ? iso : `${iso.slice(0, 19)}.000Z`;
}

/** `HH:mm:ss.SSSZ`, or undefined when the text is no time of day. */
export function isoTime(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const match = TIME.exec(value);
  if (match === null) return undefined;
  const [, hour = '', minute = '', second = '00', fraction = ''] = match;
  const ms = timeOfDayMs(hour, minute, second, fraction);
  return ms === undefined ? undefined : new Date(ms).toISOString().slice(11);
}

function timeOfDayMs(hour: string, minute: string, second: string, fraction: string): number | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  return (h * 60 + m) * MINUTE_MS + s * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
}
