import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';

import type { Progress } from '@sluice/core';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Output, type OutputOptions } from '../src/render/output.ts';
import { progressText } from '../src/render/progress-text.ts';
import { showProgress } from '../src/render/progress-view.ts';

const PLANNING: Progress = {
  phase: 'planning',
  elapsedMs: 1_200,
  rows: 0,
  batchBytes: 0,
  rejectedRows: 0,
  rowsPerSecond: 0,
  batchBytesPerSecond: 0,
  splitsFound: 0,
  splitsInAll: undefined,
  splitsDone: 0,
  partsPrepared: 0,
  partsCommitted: 0,
  estimate: {},
  status: undefined,
};

const COPYING: Progress = {
  ...PLANNING,
  phase: 'copying',
  elapsedMs: 65_000,
  rows: 250_000,
  batchBytes: 31_250_000,
  rejectedRows: 3,
  rowsPerSecond: 5_000,
  batchBytesPerSecond: 625_000,
  splitsFound: 4,
  splitsInAll: 12,
  splitsDone: 3,
  estimate: { rows: 1_000_000 },
};

describe('a line about progress', () => {
  it('tells rows, bytes, rates, splits and what is left', () => {
    expect(progressText(COPYING, 65_000)).toBe(
      'copying  1:05 min  250,000 of about 1,000,000 rows (25%)  31.3 MB  5,000 rows/s  625.0 kB/s  3 rejected  ' +
        'splits 3/12  about 2:30 min left',
    );
  });

  it('leaves out what is not known', () => {
    expect(progressText({ ...PLANNING, status: 'query job 750: InProgress' }, 1_200)).toBe(
      'planning  1.2 s  query job 750: InProgress',
    );
    expect(progressText({ ...COPYING, estimate: {}, splitsInAll: undefined, rejectedRows: 0 }, 65_000)).toBe(
      'copying  1:05 min  250,000 rows  31.3 MB  5,000 rows/s  625.0 kB/s  splits 3/4+',
    );
  });

  it('never tells more than all rows, and nothing left, when the estimate was too low', () => {
    expect(progressText({ ...COPYING, estimate: { rows: 200_000 } }, 65_000)).toMatch(
      /250,000 of about 200,000 rows \(100%\).*splits 3\/12$/,
    );
  });
});

describe('progress on a terminal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('redraws one line, cut off at its width, and leaves nothing of it', () => {
    const { output, stderr } = terminal({ columns: 40 });
    const progress$ = new Subject<Progress>();

    showProgress({ progress$ }, output);
    progress$.next(COPYING);
    vi.advanceTimersByTime(600);
    output.say('query job: trying again');
    progress$.complete();
    vi.advanceTimersByTime(5_000);

    const drawn = stderr().split('\r\u001B[K');
    expect(drawn).toContain('copying  0.0 s  250,000 of about 1,000…');
    // The time goes on by itself.
    expect(drawn).toContain('copying  0.5 s  250,000 of about 1,000…');
    expect(drawn).toContain('query job: trying again\n');
    expect(drawn.at(-1)).toBe('');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('says that it plans before there is anything to tell', () => {
    const { output, stderr } = terminal({ columns: 80 });

    showProgress({ progress$: new Subject<Progress>() }, output);
    vi.advanceTimersByTime(500);

    expect(stderr()).toBe('\r\u001B[Kplanning  0.5 s');
  });
});

describe('progress elsewhere', () => {
  it('prints a line for each phase, each status before the first row, and every ten seconds', () => {
    const { output, stderr } = terminal({});
    const progress$ = new Subject<Progress>();

    showProgress({ progress$ }, output);
    progress$.next(PLANNING);
    progress$.next({ ...PLANNING, elapsedMs: 1_300 });
    progress$.next({ ...PLANNING, elapsedMs: 1_400, status: 'query job 750: InProgress' });
    progress$.next(COPYING);
    progress$.next({ ...COPYING, elapsedMs: 74_999, status: 'page 2' });
    progress$.next({ ...COPYING, elapsedMs: 75_000, rows: 300_000 });
    progress$.next({ ...COPYING, phase: 'ended', elapsedMs: 75_100 });
    progress$.complete();

    expect(stderr().split('\n')).toEqual([
      'planning  1.2 s',
      'planning  1.4 s  query job 750: InProgress',
      expect.stringMatching(/^copying {2}1:05 min {2}250,000 /),
      expect.stringMatching(/^copying {2}1:15 min {2}300,000 /),
      '',
    ]);
  });

  it('prints nothing when it is to be quiet, not even on a terminal', () => {
    const { output, stderr } = terminal({ columns: 80, quiet: true });
    const progress$ = new Subject<Progress>();

    showProgress({ progress$ }, output);
    progress$.next(COPYING);
    output.say('run x');
    output.warn('warning: x');

    expect(stderr()).toBe('warning: x\n');
  });
});

interface TerminalOptions extends Partial<OutputOptions> {
  /** A terminal has a width. */
  readonly columns?: number;
}

function terminal({ columns, format = 'text', quiet = false, verbose = false }: TerminalOptions): {
  readonly output: Output;
  readonly stderr: () => string;
} {
  const stream = new PassThrough({ encoding: 'utf8' });
  let text = '';
  stream.on('data', (some: string) => (text += some));
  // As much of a terminal as is looked at.
  const stderr = Object.assign(stream, { isTTY: columns !== undefined, columns }) as unknown as WriteStream;
  return {
    output: new Output({ format, quiet, verbose }, { stdout: new PassThrough(), stderr }),
    stderr: () => text + String(stream.read() ?? ''),
  };
}
