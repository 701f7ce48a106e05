import { MAX_ACTIVITIES, MAX_PARAMETERS } from '../definition/pipeline.ts';
import type { ExpressionDeclarations } from '../expression/expression-scope.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isRecord, type JsonValue } from '../reading/canonical-json.ts';
import type { DefinitionText } from '../reading/read-definition.ts';
import { checkActivity } from './activity-check.ts';
import { activityList, type ActivityNode, flatten } from './activity-tree.ts';
import { checkDependencies, DependencyGraph } from './dependency-graph.ts';
import { checkExpressions } from './expression-check.ts';
import { type FactoryIndex, nameKey } from './factory-index.ts';
import { checkName, MAX_ACTIVITY_NAME_CHARS } from './name-check.ts';
import { checkNesting } from './nesting-check.ts';
import { checkDefaults } from './parameter-check.ts';

/** What is wrong with a pipeline as such, references aside. */
export function checkPipeline(pipeline: DefinitionText<'pipeline'>, index: FactoryIndex): void {
  const { json, report } = pipeline;
  const activities = activityList(json['activities'], ['activities']);
  checkDefaults(json['parameters'], ['parameters'], report);
  checkDefaults(json['variables'], ['variables'], report);
  checkSizes(json['parameters'], activities, report);
  checkActivityNames(activities, report);
  checkNesting(activities, report);
  const scope: Scope = {
    declarations: {
      pipeline: {
        parameters: namesOf(json['parameters']),
        ...(index.globalParameters === undefined ? {} : { globalParameters: index.globalParameters }),
      },
      variables: namesOf(json['variables']),
      trigger: true,
    },
    upstream: [],
    hasItem: false,
  };
  checkLists(activities, scope, report);
  for (const activity of flatten(activities)) checkActivity(activity, pipeline, index);
}

interface Scope {
  readonly declarations: ExpressionDeclarations;
  /** Names of activities that have ended before any of the list starts. */
  readonly upstream: readonly string[];
  readonly hasItem: boolean;
}

/** Members of an activity that may hold expressions, beside `typeProperties`. */
const DYNAMIC_MEMBERS = ['policy', 'inputs', 'outputs', 'linkedServiceName'];

function checkLists(activities: readonly ActivityNode[], scope: Scope, report: ProblemReport): void {
  checkDependencies(activities, report);
  const graph = new DependencyGraph(activities);
  for (const activity of activities) {
    const upstream = [...scope.upstream, ...graph.upstreamOf(activity)];
    checkOwnExpressions(activity, { ...scope, upstream }, report);
    const hasItem = scope.hasItem || activity.type === 'ForEach';
    for (const list of activity.lists) checkLists(list.activities, { ...scope, upstream, hasItem }, report);
  }
}

function checkOwnExpressions(
  activity: ActivityNode,
  { declarations, upstream, hasItem }: Scope,
  report: ProblemReport,
): void {
  const { json, path, type, typeProperties, lists } = activity;
  const scoped = (more: Partial<ExpressionDeclarations> = {}): ExpressionDeclarations => ({
    ...declarations,
    activities: upstream,
    item: hasItem,
    ...more,
  });
  const inner = new Set(lists.map((list) => String(list.path[1])));
  for (const [name, value] of Object.entries(typeProperties)) {
    if (inner.has(name)) continue;
    checkExpressions(value, [...path, 'typeProperties', name], declarationsOf(name), report);
  }
  for (const name of DYNAMIC_MEMBERS) checkExpressions(json[name], [...path, name], scoped(), report);

  function declarationsOf(property: string): ExpressionDeclarations {
    if (type === 'Filter' && property === 'condition') return scoped({ item: true });
    if (type !== 'Until' || property !== 'expression') return scoped();
    // The condition is tested after the body has run.
    const body = lists.flatMap((list) => list.activities.map(({ name }) => name));
    return scoped({ activities: [...upstream, ...body] });
  }
}

function checkActivityNames(activities: readonly ActivityNode[], report: ProblemReport): void {
  const seen = new Set<string>();
  for (const { json, name, path } of flatten(activities)) {
    if (typeof json['name'] !== 'string') continue;
    checkName(name, [...path, 'name'], MAX_ACTIVITY_NAME_CHARS, report);
    if (seen.has(nameKey(name))) {
      report.error([...path, 'name'], `another activity of the pipeline is called ${JSON.stringify(name)}, too`, {
        hint: 'Rename one of them; names of activities within others count.',
      });
    }
    seen.add(nameKey(name));
  }
}

function checkSizes(
  parameters: JsonValue | undefined,
  activities: readonly ActivityNode[],
  report: ProblemReport,
): void {
  const activityCount = flatten(activities).length;
  if (activityCount > MAX_ACTIVITIES) {
    report.beyondFactory(['activities'], `there are ${activityCount} activities; Data Factory takes ${MAX_ACTIVITIES}`);
  }
  const parameterCount = namesOf(parameters).length;
  if (parameterCount > MAX_PARAMETERS) {
    report.beyondFactory(
      ['parameters'],
      `there are ${parameterCount} parameters; Data Factory takes ${MAX_PARAMETERS}`,
    );
  }
}

function namesOf(declared: JsonValue | undefined): readonly string[] {
  return isRecord(declared) ? Object.keys(declared) : [];
}
