const DAY_MS = 86_400_000;
const INSTANT = /^(?<date>-?\+?\d+-\d\d-\d\d)T(?<time>\d\d:\d\d:\d\d)(?:\.(?<fraction>\d+))?Z?$/;

/** Days since 1970 of `yyyy-MM-dd`. */
export function daysOf(text: string): number {
  const ms = Date.parse(`${text}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new TypeError(`${text} is no date`);
  return ms / DAY_MS;
}

/** Units since 1970 of `yyyy-MM-ddTHH:mm:ss.fffZ`, where a second has `fractionDigits` digits. */
export function instantUnits(text: string, fractionDigits: number): bigint {
  const { date, time, fraction = '' } = INSTANT.exec(text)?.groups ?? {};
  const ms = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(ms) || fraction.length > fractionDigits) throw new TypeError(`${text} is no instant of this unit`);
  return BigInt(ms / 1000) * 10n ** BigInt(fractionDigits) + BigInt(fraction.padEnd(fractionDigits, '0') || '0');
}

/** Units since midnight of `HH:mm:ss.fff`. */
export function timeUnits(text: string, fractionDigits: number): bigint {
  return instantUnits(`1970-01-01T${text}`, fractionDigits);
}

/** `yyyy-MM-dd` of days since 1970. */
export function dateText(days: number): string {
  return new Date(days * DAY_MS).toISOString().slice(0, -'T00:00:00.000Z'.length);
}

/** `yyyy-MM-ddTHH:mm:ss.fff` of units since 1970, with as many fraction digits as the unit has. */
export function instantText(units: bigint, fractionDigits: number): string {
  const perSecond = 10n ** BigInt(fractionDigits);
  const fraction = ((units % perSecond) + perSecond) % perSecond;
  const seconds = new Date(Number((units - fraction) / perSecond) * 1000).toISOString().slice(0, -'.000Z'.length);
  return fractionDigits === 0 ? seconds : `${seconds}.${fraction.toString().padStart(fractionDigits, '0')}`;
}

/** `HH:mm:ss.fff` of units since midnight. */
export function timeText(units: bigint, fractionDigits: number): string {
  return instantText(units, fractionDigits).slice('1970-01-01T'.length);
}
