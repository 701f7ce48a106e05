import { MONTHS, SHORT_NAME_CHARS, WEEKDAYS } from './calendar-names.ts';
import { type DateTime, type DateTimeParts, dayOfWeek, partsOf } from './date-time.ts';

/** What a format is made of: text as it stands, and letters with how often they are repeated. */
type FormatPart = string | { readonly letter: string; readonly count: number };

/** A .NET format, taken apart. */
export type DateFormat = readonly FormatPart[];

export interface DateFormatProblem {
  readonly problem: string;
}

/** The standard formats of the culture en-US. */
const STANDARD: Readonly<Record<string, string>> = {
  d: 'M/d/yyyy',
  D: 'dddd, MMMM d, yyyy',
  f: 'dddd, MMMM d, yyyy h:mm tt',
  F: 'dddd, MMMM d, yyyy h:mm:ss tt',
  g: 'M/d/yyyy h:mm tt',
  G: 'M/d/yyyy h:mm:ss tt',
  m: 'MMMM d',
  M: 'MMMM d',
  o: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  O: "yyyy-MM-dd'T'HH:mm:ss.fffffffK",
  r: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  R: "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
  s: "yyyy-MM-dd'T'HH:mm:ss",
  t: 'h:mm tt',
  T: 'h:mm:ss tt',
  u: "yyyy-MM-dd HH:mm:ss'Z'",
  U: 'dddd, MMMM d, yyyy h:mm:ss tt',
  y: 'MMMM yyyy',
  Y: 'MMMM yyyy',
};

const LETTERS = 'dfFghHKmMstyz';
const MAX_FRACTION_DIGITS = 7;

/** Takes a standard or a custom .NET format apart: one letter is a standard format, anything else is a custom one. */
export function parseDateFormat(format: string): DateFormat | DateFormatProblem {
  if (format === '') return { problem: 'a format is not empty' };
  if (format.length > 1) return parseCustom(format);
  const pattern = STANDARD[format];
  if (pattern !== undefined) return parseCustom(pattern);
  const hint = LETTERS.includes(format) ? `; as a custom format it is written with a % before it` : '';
  return { problem: `one letter is a standard format, and this is none${hint}` };
}

export function isFormatProblem(format: DateFormat | DateFormatProblem): format is DateFormatProblem {
  return 'problem' in format;
}

export function formatDateTime(dateTime: DateTime, format: DateFormat): string {
  const parts = partsOf(dateTime);
  let text = '';
  for (const part of format) {
    if (typeof part === 'string') {
      text += part;
    } else if (part.letter === 'F') {
      const digits = fractionDigits(parts, part.count).replace(/0+$/, '');
      // Without digits the point before them goes too.
      text = digits === '' && text.endsWith('.') ? text.slice(0, -1) : text + digits;
    } else {
      text += render(dateTime, parts, part.letter, part.count);
    }
  }
  return text;
}

function parseCustom(format: string): DateFormat | DateFormatProblem {
  const parts: FormatPart[] = [];
  for (let at = 0; at < format.length;) {
    const char = format[at]!;
    if (char === "'" || char === '"') {
      const quoted = parseQuoted(format, at);
      if (quoted === undefined) return { problem: 'a quote in the format has no end' };
      parts.push(quoted.text);
      at = quoted.end;
    } else if (char === '\\') {
      if (at + 1 === format.length) return { problem: 'the format ends with a backslash' };
      parts.push(format[at + 1]!);
      at += 2;
    } else if (char === '%') {
      const letter = format[at + 1];
      if (letter === undefined || letter === '%') return { problem: 'a % in the format has no letter behind it' };
      parts.push(LETTERS.includes(letter) ? { letter, count: 1 } : letter);
      at += 2;
    } else if (LETTERS.includes(char)) {
      let end = at + 1;
      while (format[end] === char) end++;
      if ((char === 'f' || char === 'F') && end - at > MAX_FRACTION_DIGITS) {
        return { problem: `a second has at most ${MAX_FRACTION_DIGITS} digits behind the point` };
      }
      // K is never repeated.
      if (char === 'K') end = at + 1;
      parts.push({ letter: char, count: end - at });
      at = end;
    } else {
      parts.push(char);
      at++;
    }
  }
  return parts;
}

function parseQuoted(format: string, start: number): { readonly text: string; readonly end: number } | undefined {
  let text = '';
  for (let at = start + 1; at < format.length; at++) {
    if (format[at] === format[start]) return { text, end: at + 1 };
    if (format[at] === '\\') at++;
    text += format[at] ?? '';
  }
  return undefined;
}

function render(dateTime: DateTime, parts: DateTimeParts, letter: string, count: number): string {
  switch (letter) {
    case 'd':
      return count > 2 ? nameOf(WEEKDAYS[dayOfWeek(dateTime)]!, count) : pad(parts.day, count);
    case 'M':
      return count > 2 ? nameOf(MONTHS[parts.month - 1]!, count) : pad(parts.month, count);
    case 'y':
      return count > 2 ? pad(parts.year, count) : pad(parts.year % 100, count);
    case 'h':
      return pad(parts.hour % 12 || 12, Math.min(count, 2));
    case 'H':
      return pad(parts.hour, Math.min(count, 2));
    case 'm':
      return pad(parts.minute, Math.min(count, 2));
    case 's':
      return pad(parts.second, Math.min(count, 2));
    case 'f':
      return fractionDigits(parts, count);
    case 't':
      return (parts.hour < 12 ? 'AM' : 'PM').slice(0, count);
    case 'g':
      return 'A.D.';
    case 'K':
      return dateTime.isUtc ? 'Z' : '';
    default:
      // z: a time without a zone is taken for one of the machine's, which runs on UTC.
      return count === 1 ? '+0' : count === 2 ? '+00' : '+00:00';
  }
}

function nameOf(name: string, count: number): string {
  return count === 3 ? name.slice(0, SHORT_NAME_CHARS) : name;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

function fractionDigits({ tick }: DateTimeParts, count: number): string {
  return pad(tick, MAX_FRACTION_DIGITS).slice(0, count);
}
