import type { CopyOptions, Mapping, Sink, Source } from '@sluice/core';

export interface CopyEnds {
  readonly source: Source;
  readonly sink: Sink;
  readonly mapping: Mapping;
}

/**
 * Both ends of the copy of one run of an activity. It is what tells them from others: what expressions with a clock in
 * them come to may be something else when the run is to be ended by a later process.
 */
export function identifiedEnds(
  activityRunId: string,
  { source, sink, mapping }: CopyEnds,
): Pick<CopyOptions, 'from' | 'to' | 'map' | 'mode' | 'truncateWhenEmpty'> {
  const config = { activityRunId };
  return {
    // Measured ends are plain objects.
    from: { ...source, config },
    to: { ...sink, config },
    map: { ...mapping, config },
    mode: 'overwrite',
    truncateWhenEmpty: true,
  };
}
