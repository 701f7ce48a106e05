import { spanMs } from '../check/time-span.ts';
import { invalidValue } from './run-value.ts';

/** Milliseconds of `d.hh:mm:ss`. @throws `CONFIG_INVALID` */
export function timeSpanMs(text: string, path: string): number {
  const ms = spanMs(text);
  if (ms === undefined) throw invalidValue(path, 'a time span such as 0.02:30:00 (days.hours:minutes:seconds)');
  return ms;
}
