import type { RunOptions } from '@sluice/core';

import { timeSpanMs } from '../run/time-span.ts';
import type { ResolvedSink, ResolvedSource } from './resolved-ends.ts';

/** How often calls are repeated that failed for a passing reason: as often as the more patient end says, else as usual. */
export function retryOf(source: ResolvedSource, sink?: ResolvedSink): NonNullable<RunOptions['retry']> {
  const ofSource = 'sourceRetryCount' in source ? [source.sourceRetryCount, source.sourceRetryWait] : [];
  const ofSink = sink !== undefined && 'sinkRetryCount' in sink ? [sink.sinkRetryCount, sink.sinkRetryWait] : [];
  const counts = [ofSource[0], ofSink[0]].filter((count) => typeof count === 'number');
  const waits = [...waitMs(ofSource[1], 'source.sourceRetryWait'), ...waitMs(ofSink[1], 'sink.sinkRetryWait')];
  return {
    ...(counts.length === 0 ? {} : { attempts: Math.max(...counts) + 1 }),
    ...(waits.length === 0 ? {} : { baseMs: Math.max(...waits) }),
  };
}

function waitMs(wait: unknown, where: string): readonly number[] {
  return typeof wait === 'string' ? [timeSpanMs(wait, where)] : [];
}
