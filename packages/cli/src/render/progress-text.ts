import type { Progress } from '@sluice/core';

import { bytesText, countText, durationText } from './quantity-text.ts';

/** One line about how far a run is. */
export function progressText(progress: Progress, elapsedMs: number): string {
  const { phase, rows, batchBytes, rejectedRows, splitsDone, splitsFound, splitsInAll, status } = progress;
  return [
    phase,
    durationText(elapsedMs),
    ...(rows === 0 ? [] : [rowsText(progress), bytesText(batchBytes), ...ratesText(progress)]),
    ...(rejectedRows === 0 ? [] : [`${countText(rejectedRows)} rejected`]),
    ...(splitsFound === 0 ? [] : [`splits ${splitsDone}/${splitsInAll ?? `${splitsFound}+`}`]),
    ...leftText(progress),
    ...(status === undefined ? [] : [status]),
  ].join('  ');
}

function rowsText({ rows, estimate }: Progress): string {
  if (estimate.rows === undefined || estimate.rows === 0) return `${countText(rows)} rows`;
  const percent = Math.min(100, Math.floor((rows / estimate.rows) * 100));
  return `${countText(rows)} of about ${countText(estimate.rows)} rows (${percent}%)`;
}

function ratesText({ phase, rowsPerSecond, batchBytesPerSecond }: Progress): readonly string[] {
  return phase === 'copying' ? [`${countText(rowsPerSecond)} rows/s`, `${bytesText(batchBytesPerSecond)}/s`] : [];
}

/** Only where both the rate and the whole are known. */
function leftText({ phase, rows, rowsPerSecond, estimate }: Progress): readonly string[] {
  if (phase !== 'copying' || rows === 0 || rowsPerSecond < 1) return [];
  if (estimate.rows === undefined || estimate.rows <= rows) return [];
  return [`about ${durationText(((estimate.rows - rows) / rowsPerSecond) * 1000)} left`];
}
