const DAY_MS = 86_400_000;

/** `yyyy-MM-dd`, of days since 1970. */
export function dateText(days: number): string {
  return isoText(days * DAY_MS).slice(0, -'T00:00:00.000Z'.length);
}

/** `yyyy-MM-ddTHH:mm:ss` with as many fraction digits as the unit has. */
export function instantText(value: bigint, fractionDigits: number): string {
  const unitsPerSecond = 10n ** BigInt(fractionDigits);
  const fraction = ((value % unitsPerSecond) + unitsPerSecond) % unitsPerSecond;
  const seconds = isoText(Number((value - fraction) / unitsPerSecond) * 1000).slice(0, -'.000Z'.length);
  return fractionDigits === 0 ? seconds : `${seconds}.${fraction.toString().padStart(fractionDigits, '0')}`;
}

/** `HH:mm:ss` with as many fraction digits as the unit has. */
export function timeText(value: bigint, fractionDigits: number): string {
  return instantText(value, fractionDigits).slice('1970-01-01T'.length);
}

/** Years beyond four digits have a sign. */
function isoText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms beyond what dates can hold.000Z` : date.toISOString();
}
