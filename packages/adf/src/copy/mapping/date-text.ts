import { SluiceError } from '@sluice/core';

import {
  type DateFormat,
  formatDateTime,
  isFormatProblem,
  parseDateFormat,
} from '../../expression/date/date-format.ts';
import { parseDateTime } from '../../expression/date/date-parser.ts';
import { ticksOf } from '../../expression/date/date-time.ts';

/** Date and time without a zone, to seven fraction digits. */
const DEFAULT_FORMAT = "yyyy-MM-dd'T'HH:mm:ss.fffffff";

/** @throws `CONFIG_INVALID` for a pattern that is none. */
export function dateWriter(pattern: string = DEFAULT_FORMAT): (ticks: bigint) => string {
  const format = requireFormat(pattern);
  return (ticks) => formatDateTime({ ticks, isUtc: true }, format);
}

/** Without a pattern, texts are read as leniently as expressions read them. @throws `CONFIG_INVALID` */
export function dateReader(pattern: string | undefined): (text: string) => bigint | undefined {
  if (pattern === undefined) return (text) => parseDateTime(text)?.ticks;
  const read = patternReader(requireFormat(pattern), pattern);
  return (text) => read(text.trim());
}

function requireFormat(pattern: string): DateFormat {
  const format = parseDateFormat(pattern);
  if (!isFormatProblem(format)) return format;
  throw new SluiceError('CONFIG_INVALID', `${JSON.stringify(pattern)} is no pattern of dates: ${format.problem}`);
}

/** What letters of a pattern match, and what they mean. */
const LETTERS: Readonly<Record<string, string>> = {
  y: '(?<year>\\d{4})',
  M: '(?<month>\\d{1,2})',
  d: '(?<day>\\d{1,2})',
  H: '(?<hour>\\d{1,2})',
  h: '(?<hour12>\\d{1,2})',
  m: '(?<minute>\\d{1,2})',
  s: '(?<second>\\d{1,2})',
  t: '(?<half>[AaPp])[Mm]?',
  K: '(?<zone>Z|[+-]\\d{2}:\\d{2})?',
  z: '(?<zone>[+-]\\d{1,2}(?::?\\d{2})?)',
};

function patternReader(format: DateFormat, pattern: string): (text: string) => bigint | undefined {
  let source = '';
  for (const part of format) {
    if (typeof part === 'string') source += escaped(part);
    else if (part.letter === 'f' || part.letter === 'F') {
      source += part.letter === 'f' ? `(?<fraction>\\d{${part.count}})` : `(?<fraction>\\d{0,${part.count}})`;
    } else {
      const matched = part.letter === 'M' && part.count > 2 ? undefined : LETTERS[part.letter];
      if (matched === undefined || (part.letter === 'd' && part.count > 2)) {
        throw new SluiceError('CONFIG_INVALID', `${JSON.stringify(pattern)} cannot be read by: it has names in it`, {
          hint: 'Use numbers for months and days, or leave the pattern out.',
        });
      }
      source += matched;
    }
  }
  const expression = new RegExp(`^${source}$`);
  return (text) => {
    const groups = expression.exec(text)?.groups;
    return groups === undefined ? undefined : ticksOfGroups(groups);
  };
}

function ticksOfGroups(groups: Readonly<Record<string, string | undefined>>): bigint | undefined {
  const number = (name: string, absent: number): number => Number(groups[name] ?? absent);
  const hour12 = groups['hour12'];
  const afternoon = groups['half']?.toLowerCase() === 'p' ? 12 : 0;
  const ticks = ticksOf({
    year: number('year', 1),
    month: number('month', 1),
    day: number('day', 1),
    hour: hour12 === undefined ? number('hour', 0) : (Number(hour12) % 12) + afternoon,
    minute: number('minute', 0),
    second: number('second', 0),
    tick: Number((groups['fraction'] ?? '').padEnd(7, '0')),
  });
  return ticks === undefined ? undefined : ticks - offsetTicks(groups['zone']);
}

function offsetTicks(zone: string | undefined): bigint {
  if (zone === undefined || zone === 'Z') return 0n;
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{1,2})(?::?(\d{2}))?$/.exec(zone) ?? [];
  const size = (BigInt(hours) * 60n + BigInt(minutes)) * 600_000_000n;
  return sign === '-' ? -size : size;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
