import { type DateTime, dateTimeOf, epochMsOf, TICKS_PER_DAY, TICKS_PER_SECOND } from './date-time.ts';
import { WINDOWS_ZONES } from './windows-zones.ts';

export interface TimeZone {
  readonly isUtc: boolean;
  /** What is added to UTC at that moment, in ticks. */
  offsetAt(utcTicks: bigint): bigint;
}

const OFFSET = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;
const UTC_NAMES: ReadonlySet<string> = new Set(['Etc/UTC', 'UTC', 'GMT', 'Etc/GMT']);

const WINDOWS_BY_LOWER_NAME: ReadonlyMap<string, string> = new Map(
  Object.entries(WINDOWS_ZONES).map(([windows, iana]) => [windows.toLowerCase(), iana]),
);
const opened = new Map<string, TimeZone>();

/** By its Windows or its IANA name, without regard to case; `undefined` for a name that is neither. */
export function findTimeZone(name: string): TimeZone | undefined {
  const iana = WINDOWS_BY_LOWER_NAME.get(name.toLowerCase()) ?? name;
  const known = opened.get(iana);
  if (known !== undefined) return known;
  const zone = openTimeZone(iana);
  // Only names that are zones are kept, so the map stays small.
  if (zone !== undefined) opened.set(iana, zone);
  return zone;
}

/** Names to suggest. */
export function timeZoneNames(): readonly string[] {
  return [...Object.keys(WINDOWS_ZONES), ...Intl.supportedValuesOf('timeZone')];
}

/** The time that a clock in the zone shows; `undefined` outside of the years 1 to 9999. */
export function fromUtc({ ticks }: DateTime, zone: TimeZone): DateTime | undefined {
  return dateTimeOf(ticks + zone.offsetAt(ticks), zone.isUtc);
}

/**
 * The moment at which a clock in the zone shows this time, as .NET takes it: standard time where it shows it twice,
 * `'skipped'` where it never does. `undefined` outside of the years 1 to 9999.
 */
export function toUtc({ ticks }: DateTime, zone: TimeZone): DateTime | 'skipped' | undefined {
  // Offsets change at most once within two days.
  const offsets = [ticks - TICKS_PER_DAY, ticks + TICKS_PER_DAY].map((near) => zone.offsetAt(near < 0n ? 0n : near));
  const fitting = offsets.filter((offset) => zone.offsetAt(ticks - offset) === offset);
  if (fitting.length === 0) return 'skipped';
  return dateTimeOf(ticks - fitting.reduce((least, offset) => (offset < least ? offset : least)), true);
}

function openTimeZone(iana: string): TimeZone | undefined {
  // Offsets are no names, though Intl takes them.
  if (!/^[A-Za-z]/.test(iana)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: iana, timeZoneName: 'longOffset' });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const { timeZone } = format.resolvedOptions();
  return { isUtc: UTC_NAMES.has(timeZone), offsetAt: (utcTicks) => offsetFrom(format, utcTicks) };
}

function offsetFrom(format: Intl.DateTimeFormat, utcTicks: bigint): bigint {
  const parts = format.formatToParts(epochMsOf(utcTicks < 0n ? 0n : utcTicks));
  const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(text) ?? [];
  const magnitude = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * TICKS_PER_SECOND;
  return sign === '-' ? -magnitude : magnitude;
}
