import type { Progress, Run } from '@sluice/core';
import { endWith, ignoreElements, interval, merge, type Observable, takeUntil, tap, throttleTime } from 'rxjs';

import type { LiveLine } from './live-line.ts';
import type { Output } from './output.ts';
import { progressText } from './progress-text.ts';
import { durationText } from './quantity-text.ts';

const REDRAW_MS = 100;
/** The clock goes on while nothing is told. */
const TICK_MS = 500;
/** Between two lines where nothing can be drawn over. */
const LINE_MS = 10_000;

/** Shows how far the run is: on a line that is redrawn, or on new lines now and then. */
export function showProgress({ progress$ }: Pick<Run, 'progress$'>, output: Output): void {
  if (output.isQuiet) return;
  if (output.live === undefined) printLines(progress$, output);
  else redraw(progress$, output.live);
}

function redraw(progress$: Observable<Progress>, live: LiveLine): void {
  const startedMs = Date.now();
  let latest: Progress | undefined;
  const told$ = progress$.pipe(tap((progress) => (latest = progress)));
  const ended$ = progress$.pipe(ignoreElements(), endWith(true));
  merge(told$, interval(TICK_MS))
    // Last, so that nothing is drawn any more when the run has ended.
    .pipe(throttleTime(REDRAW_MS, undefined, { leading: true, trailing: true }), takeUntil(ended$))
    .subscribe({
      next() {
        const elapsedMs = Date.now() - startedMs;
        live.show(latest === undefined ? `planning  ${durationText(elapsedMs)}` : progressText(latest, elapsedMs));
      },
      complete: () => live.clear(),
    });
}

function printLines(progress$: Observable<Progress>, output: Output): void {
  let printed: Progress | undefined;
  progress$.subscribe((progress) => {
    if (progress.phase === 'ended' || !isWorthALine(progress, printed)) return;
    printed = progress;
    output.say(progressText(progress, progress.elapsedMs));
  });
}

function isWorthALine(progress: Progress, printed: Progress | undefined): boolean {
  if (printed === undefined || progress.phase !== printed.phase) return true;
  // Before the first row it is all there is to tell.
  if (progress.rows === 0 && progress.status !== undefined && progress.status !== printed.status) return true;
  return progress.elapsedMs - printed.elapsedMs >= LINE_MS;
}
