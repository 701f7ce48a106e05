import type { Activity } from '../definition/activity/activity.ts';
import type { CopySink } from '../definition/copy/copy-sink.ts';
import type { CopySource } from '../definition/copy/copy-source.ts';
import type { DatasetProperties } from '../definition/dataset/dataset.ts';
import type { PipelineProperties } from '../definition/pipeline.ts';

/** The current name of a legacy type; other names are as they are. */
export function currentType(type: string): string {
  return LEGACY_TYPES.has(type) ? type.replace(/^Salesforce(ServiceCloud)?/, 'Salesforce$1V2') : type;
}

export const LEGACY_TYPES: ReadonlySet<string> = new Set(
  ['', 'Object', 'Source', 'Sink'].flatMap((part) => [`Salesforce${part}`, `SalesforceServiceCloud${part}`]),
);

/** A legacy dataset says the same under another name. */
export function upgradeDataset(properties: DatasetProperties): DatasetProperties {
  switch (properties.type) {
    case 'SalesforceObject':
      return { ...properties, type: 'SalesforceV2Object' };
    case 'SalesforceServiceCloudObject':
      return { ...properties, type: 'SalesforceServiceCloudV2Object' };
    default:
      return properties;
  }
}

/** A pipeline whose copies and lookups read and write as the legacy connector did, with the current one. */
export function upgradePipeline(properties: PipelineProperties): PipelineProperties {
  return { ...properties, activities: properties.activities.map(upgradeActivity) };
}

function upgradeSource(source: CopySource): CopySource {
  if (source.type !== 'SalesforceSource' && source.type !== 'SalesforceServiceCloudSource') return source;
  const { readBehavior, type, ...rest } = source;
  return {
    partitionOption: 'AutoDetect',
    ...rest,
    type: type === 'SalesforceSource' ? 'SalesforceV2Source' : 'SalesforceServiceCloudV2Source',
    includeDeletedObjects: deletedToo(readBehavior),
  };
}

function upgradeSink(sink: CopySink): CopySink {
  switch (sink.type) {
    case 'SalesforceSink':
      return { ...sink, type: 'SalesforceV2Sink' };
    case 'SalesforceServiceCloudSink':
      return { ...sink, type: 'SalesforceServiceCloudV2Sink' };
    default:
      return sink;
  }
}

type DeletedToo = Extract<
  CopySource,
  { readonly type: 'SalesforceV2Source' | 'SalesforceServiceCloudV2Source' }
>['includeDeletedObjects'];

/** `readBehavior` as it is now: true for all rows, an expression of it for an expression. */
export function deletedToo(readBehavior: string | { readonly value: string } | undefined): DeletedToo {
  if (readBehavior === undefined) return false;
  const text = typeof readBehavior === 'string' ? readBehavior : readBehavior.value;
  if (!text.includes('@')) return text.toLowerCase() === 'queryall';
  return { type: 'Expression', value: `@equals(toLower(${inner(text)}), 'queryall')` };
}

/** The expression of a text that is one, without its @; of a text around expressions, a text of an expression. */
function inner(text: string): string {
  if (!text.includes('@{')) return text.replace(/^@/, '');
  const [, whole] = /^@\{([^]*)\}$/.exec(text) ?? [];
  return whole === undefined ? `'${text.replaceAll("'", "''")}'` : `string(${whole})`;
}

function upgradeActivity(activity: Activity): Activity {
  switch (activity.type) {
    case 'Copy': {
      const { source, sink } = activity.typeProperties;
      const upgraded = { ...activity.typeProperties, source: upgradeSource(source), sink: upgradeSink(sink) };
      return { ...activity, typeProperties: upgraded };
    }
    case 'Lookup': {
      const { source } = activity.typeProperties;
      return { ...activity, typeProperties: { ...activity.typeProperties, source: upgradeSource(source) } };
    }
    case 'ForEach':
    case 'Until': {
      // Both hold one list, and nothing else of them changes.
      const activities = activity.typeProperties.activities.map(upgradeActivity);
      return { ...activity, typeProperties: { ...activity.typeProperties, activities } } as Activity;
    }
    case 'IfCondition': {
      const { ifTrueActivities, ifFalseActivities } = activity.typeProperties;
      const lists = {
        ifTrueActivities: ifTrueActivities.map(upgradeActivity),
        ifFalseActivities: ifFalseActivities.map(upgradeActivity),
      };
      return { ...activity, typeProperties: { ...activity.typeProperties, ...lists } };
    }
    case 'Switch': {
      const { cases, defaultActivities } = activity.typeProperties;
      const lists = {
        cases: cases.map((one) => ({ ...one, activities: one.activities.map(upgradeActivity) })),
        defaultActivities: defaultActivities.map(upgradeActivity),
      };
      return { ...activity, typeProperties: { ...activity.typeProperties, ...lists } };
    }
    default:
      return activity;
  }
}
