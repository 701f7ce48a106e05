import type { CopyOptions, Intent, Mapping, Sink, Source } from '@sluice/core';

export interface CopyEnds {
  readonly source: Source;
  readonly sink: Sink;
  readonly mapping: Mapping;
  /** Where skipped rows go. */
  readonly rejected: Sink | undefined;
  readonly intent: Pick<Intent, 'mode' | 'keys' | 'truncateWhenEmpty'>;
}

/**
 * Both ends of the copy of one run of an activity. It is what tells them from others: what expressions with a clock in
 * them come to may be something else when the run is to be ended by a later process.
 */
export function identifiedEnds(
  activityRunId: string,
  { source, sink, mapping, rejected, intent }: CopyEnds,
): Pick<CopyOptions, 'from' | 'to' | 'map' | 'rejected' | 'mode' | 'keys' | 'truncateWhenEmpty'> {
  const config = { activityRunId };
  return {
    // Measured ends are plain objects.
    from: { ...source, config },
    to: { ...sink, config },
    map: { ...mapping, config },
    ...(rejected === undefined ? {} : { rejected: { ...rejected, config } }),
    ...intent,
  };
}
