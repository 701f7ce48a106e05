import { SluiceError } from '@sluice/core';

import { missingFormat, missingWrittenFormat } from '../check/format-gap-check.ts';
import type { Activity, CopyActivity, LookupActivity } from '../definition/activity/activity.ts';
import type { Factory, Pipeline } from '../definition/factory.ts';
import { allActivities } from '../run/activity-walk.ts';
import { requirePipeline } from '../run/find-definition.ts';
import { READABLE_SOURCES, WRITABLE_SINKS } from './connectors.ts';

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

function missingParts(activity: Activity, factory: Factory): readonly string[] {
  switch (activity.type) {
    case 'Copy':
      return copyParts(activity, factory);
    case 'Lookup':
      return sourceParts(activity.typeProperties.source, activity.typeProperties.dataset.referenceName, factory);
    default:
      return [];
  }
}

function copyParts({ typeProperties, inputs, outputs }: CopyActivity, factory: Factory): readonly string[] {
  const { source, sink } = typeProperties;
  const output = outputs[0] === undefined ? undefined : factory.datasets.get(outputs[0].referenceName);
  return [
    ...sourceParts(source, inputs[0]?.referenceName, factory),
    ...(WRITABLE_SINKS.has(sink.type) ? [] : [`there is no connector for ${sink.type} here`]),
    ...missingWrittenFormat(output?.properties),
  ];
}

function sourceParts(
  source: LookupActivity['typeProperties']['source'],
  datasetName: string | undefined,
  factory: Factory,
): readonly string[] {
  if (!READABLE_SOURCES.has(source.type)) return [`there is no connector for ${source.type} here`];
  const dataset = datasetName === undefined ? undefined : factory.datasets.get(datasetName);
  return missingFormat(dataset?.properties);
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
