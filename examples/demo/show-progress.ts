import type { Progress } from '@sluice/core';
import type { Observable } from 'rxjs';

const CLEAR_LINE = '\r\u001B[K';

/** Keeps one line of the terminal up to date until the run has ended; elsewhere it prints nothing. */
export function showProgress(name: string, progress$: Observable<Progress>): void {
  if (!process.stderr.isTTY) return;
  progress$.subscribe({
    next({ phase, rows, estimate, rowsPerSecond, status }) {
      const all = estimate.rows === undefined ? '' : ` of about ${count(estimate.rows)}`;
      const doing = status === undefined || rows > 0 ? phase : status;
      process.stderr.write(
        `${CLEAR_LINE}${name}: ${count(rows)}${all} rows, ${count(rowsPerSecond)} a second, ${doing}`,
      );
    },
    complete: () => process.stderr.write(CLEAR_LINE),
  });
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
