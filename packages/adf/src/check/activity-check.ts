import { activity as activitySchema } from '../definition/activity/activity.ts';
import type { Activity } from '../definition/activity/activity.ts';
import { UNAVAILABLE_ACTIVITIES } from '../definition/unavailable/activity-types.ts';
import type { JsonPath } from '../json/json-node.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import type { ActivityNode } from './activity-tree.ts';
import { checkCopy } from './copy-check.ts';
import { literalText } from './expression-check.ts';
import { type FactoryIndex, nameKey } from './factory-index.ts';
import { checkLookup } from './lookup-check.ts';
import { checkArguments } from './reference-check.ts';
import { checkScript } from './script-check.ts';
import { spanMs } from './time-span.ts';
import { checkVariable } from './variable-check.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LEAST_TIMEOUT_MS = 10 * MINUTE_MS;
const MOST_TIMEOUT_MS = 7 * DAY_MS;
const MOST_UNTIL_MS = 90 * DAY_MS;

/** What is wrong with one activity, those within it aside. */
export function checkActivity(node: ActivityNode, pipeline: DefinitionText<'pipeline'>, index: FactoryIndex): void {
  const report = pipeline.report.within(node.path);
  // What is not as its schema wants it has been reported; a container is checked by its parts.
  const { data } = activitySchema.safeParse(withoutLists(node));
  if (data !== undefined) checkRead(data, { report, pipeline, index });
}

interface ActivityContext {
  readonly report: ProblemReport;
  readonly pipeline: DefinitionText<'pipeline'>;
  readonly index: FactoryIndex;
}

function checkRead(activity: Activity, { report, pipeline, index }: ActivityContext): void {
  if ('policy' in activity && 'timeout' in activity.policy) checkTimeout(activity.policy.timeout, report);
  switch (activity.type) {
    case 'Copy':
      checkCopy(activity, index, report);
      return;
    case 'Lookup':
      checkLookup(activity, index, report);
      return;
    case 'Script':
      checkScript(activity, index, report);
      return;
    case 'SetVariable':
    case 'AppendVariable':
      checkVariable(activity, pipeline.json['variables'], report);
      return;
    case 'ExecutePipeline': {
      const { pipeline: reference, parameters } = activity.typeProperties;
      const target = index.pipelines.get(nameKey(reference.referenceName));
      const path: JsonPath = ['typeProperties', 'pipeline'];
      // Schemas let only JSON through.
      if (target !== undefined)
        checkArguments(parameters as never, target, path, ['typeProperties', 'parameters'], report);
      return;
    }
    case 'Fail':
      for (const name of ['message', 'errorCode'] as const) {
        if (literalText(activity.typeProperties[name])?.trim() !== '') continue;
        report.error(['typeProperties', name], 'must not be blank');
      }
      return;
    case 'Until': {
      const ms = spanMs(activity.typeProperties.timeout);
      if (ms !== undefined && ms > MOST_UNTIL_MS)
        report.error(['typeProperties', 'timeout'], 'must be at most 90 days');
      return;
    }
    case 'Switch':
      checkCases(activity.typeProperties.cases, report);
      return;
    default:
      if ((UNAVAILABLE_ACTIVITIES as readonly string[]).includes(activity.type)) {
        report.error(['type'], `activities of type ${activity.type} cannot be run here`, { code: 'CONNECTOR_MISSING' });
      }
  }
}

function checkTimeout(timeout: unknown, report: ProblemReport): void {
  const ms = spanMs(timeout);
  if (ms === undefined) return;
  if (ms > MOST_TIMEOUT_MS) report.beyondFactory(['policy', 'timeout'], 'is more than the 7 days Data Factory allows');
  if (ms < LEAST_TIMEOUT_MS)
    report.beyondFactory(['policy', 'timeout'], 'is less than the 10 minutes Data Factory allows');
}

function checkCases(cases: readonly { readonly value: string }[], report: ProblemReport): void {
  const seen = new Set<string>();
  cases.forEach(({ value }, index) => {
    if (seen.has(value)) report.error(['typeProperties', 'cases', index, 'value'], 'another case has the same value');
    seen.add(value);
  });
}

/** The activity without those it holds, so that they cannot make it unreadable. */
function withoutLists({ json, typeProperties, lists }: ActivityNode): unknown {
  if (lists.length === 0) return json;
  const inner = new Set(lists.map(({ path }) => String(path[1])));
  const own = Object.entries(typeProperties).map(([name, value]) => {
    if (!inner.has(name)) return [name, value];
    if (name !== 'cases' || !Array.isArray(value)) return [name, []];
    return [name, value.map((item) => (isRecord(item) ? { ...item, activities: [] } : item))];
  });
  return { ...json, typeProperties: Object.fromEntries(own) };
}
