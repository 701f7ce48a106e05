import type { JsonPath } from '../json/json-node.ts';
import { isList, isRecord, type JsonRecord, type JsonValue } from '../reading/canonical-json.ts';

/** Visits every object in the JSON, outer ones first. Return false to stay out of one. */
export function walkObjects(
  json: JsonValue | undefined,
  path: JsonPath,
  visit: (object: JsonRecord, path: JsonPath) => boolean | void,
): void {
  if (isList(json)) {
    json.forEach((item, index) => walkObjects(item, [...path, index], visit));
  } else if (isRecord(json) && visit(json, path) !== false) {
    for (const [name, value] of Object.entries(json)) walkObjects(value, [...path, name], visit);
  }
}
