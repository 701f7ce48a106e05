const SPAN = /^(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)$/;

/** Milliseconds of a literal `d.hh:mm:ss`. */
export function spanMs(value: unknown): number | undefined {
  const [match, days = '0', hours, minutes, seconds] = typeof value === 'string' ? (SPAN.exec(value) ?? []) : [];
  if (match === undefined) return undefined;
  return (((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
}
