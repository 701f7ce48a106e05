import type { JsonPath } from '../json/json-node.ts';
import { isList, isRecord, type JsonRecord, type JsonValue } from '../reading/canonical-json.ts';

/** An activity where it stands, whether or not all of it is as it should be. */
export interface ActivityNode {
  readonly json: JsonRecord;
  /** From the properties of the pipeline. */
  readonly path: JsonPath;
  readonly name: string;
  readonly type: string;
  readonly typeProperties: JsonRecord;
  /** Activities it holds, list by list; each list depends within itself. */
  readonly lists: readonly ActivityList[];
}

export interface ActivityList {
  /** From the activity. */
  readonly path: JsonPath;
  readonly activities: readonly ActivityNode[];
}

export function activityList(json: JsonValue | undefined, path: JsonPath): readonly ActivityNode[] {
  if (!isList(json)) return [];
  return json.flatMap((item, index) => (isRecord(item) ? activityNode(item, [...path, index]) : []));
}

/** All activities, those within others too, each before what it holds. */
export function flatten(activities: readonly ActivityNode[]): readonly ActivityNode[] {
  return activities.flatMap((activity) => [activity, ...activity.lists.flatMap((list) => flatten(list.activities))]);
}

function activityNode(json: JsonRecord, path: JsonPath): ActivityNode {
  const typeProperties = isRecord(json['typeProperties']) ? json['typeProperties'] : {};
  const type = textOf(json['type']);
  const lists = listPaths(type, typeProperties).map((steps): ActivityList => {
    const listPath = ['typeProperties', ...steps];
    return { path: listPath, activities: activityList(valueAt(typeProperties, steps), [...path, ...listPath]) };
  });
  return { json, path, name: textOf(json['name']), type, typeProperties, lists };
}

function listPaths(type: string, { cases }: JsonRecord): readonly (readonly (string | number)[])[] {
  switch (type) {
    case 'ForEach':
    case 'Until':
      return [['activities']];
    case 'IfCondition':
      return [['ifTrueActivities'], ['ifFalseActivities']];
    case 'Switch':
      return [...(isList(cases) ? cases.map((_, index) => ['cases', index, 'activities']) : []), ['defaultActivities']];
    default:
      return [];
  }
}

function valueAt(json: JsonValue, steps: readonly (string | number)[]): JsonValue | undefined {
  return steps.reduce<JsonValue | undefined>((value, step) => {
    if (isList(value)) return value[Number(step)];
    return isRecord(value) ? value[step] : undefined;
  }, json);
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
