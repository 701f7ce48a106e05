import type { RunOptions } from '@sluice/core';

import { timeSpanMs } from '../run/time-span.ts';
import type { ResolvedSource } from './resolved-ends.ts';

/** How often calls are repeated that failed for a passing reason; where the source does not say, as often as usual. */
export function retryOf(source: ResolvedSource): NonNullable<RunOptions['retry']> {
  if (!('sourceRetryCount' in source)) return {};
  const { sourceRetryCount: count, sourceRetryWait: wait } = source;
  return {
    ...(typeof count === 'number' ? { attempts: count + 1 } : {}),
    ...(typeof wait === 'string' ? { baseMs: timeSpanMs(wait, 'source.sourceRetryWait') } : {}),
  };
}
