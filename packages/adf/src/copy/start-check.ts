import { SluiceError } from '@sluice/core';

import { missingFormat, missingWrittenFormat } from '../check/format-gap-check.ts';
import type { Activity } from '../definition/activity/activity.ts';
import type { Dataset, Factory, Pipeline } from '../definition/factory.ts';
import type { DatasetReference } from '../resolve/dataset.ts';
import { allActivities } from '../run/activity-walk.ts';
import { requirePipeline } from '../run/find-definition.ts';

/**
 * Refuses a pipeline before anything of it runs when it, or a pipeline it runs, needs a connector that is not there.
 *
 * @throws `CONNECTOR_MISSING` naming each activity and what it needs.
 */
export function requireConnectors(factory: Factory, pipelineName: string): void {
  const missing = [...reachablePipelines(factory, pipelineName)].flatMap((pipeline) =>
    [...allActivities(pipeline.properties.activities)].flatMap((activity) =>
      activity.state === 'Inactive'
        ? []
        : missingParts(activity, factory).map(
            (what) => `pipeline ${pipeline.name}, activity ${activity.name}: ${what}`,
          ),
    ),
  );
  if (missing.length === 0) return;
  throw new SluiceError('CONNECTOR_MISSING', missing.join('\n'), {
    hint: 'The definitions are as they should be; what they need cannot run here yet.',
  });
}

/** Types of sources and sinks that there are none of are refused with the definitions. */
function missingParts(activity: Activity, factory: Factory): readonly string[] {
  const propertiesOf = ({ referenceName }: DatasetReference): Dataset['properties'] | undefined =>
    factory.datasets.get(referenceName)?.properties;
  switch (activity.type) {
    case 'Copy':
      return [
        ...activity.inputs.flatMap((input) => missingFormat(propertiesOf(input))),
        ...activity.outputs.flatMap((output) => missingWrittenFormat(propertiesOf(output))),
      ];
    case 'Lookup':
      return missingFormat(propertiesOf(activity.typeProperties.dataset));
    default:
      return [];
  }
}

function reachablePipelines(factory: Factory, pipelineName: string): ReadonlySet<Pipeline> {
  const seen = new Set<Pipeline>();
  const pending = [requirePipeline(factory, pipelineName)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const activity of allActivities(next.properties.activities)) {
      if (activity.type !== 'ExecutePipeline') continue;
      const called = factory.pipelines.get(activity.typeProperties.pipeline.referenceName);
      if (called !== undefined) pending.push(called);
    }
  }
  return seen;
}
