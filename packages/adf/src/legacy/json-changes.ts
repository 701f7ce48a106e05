import { isDeepStrictEqual } from 'node:util';

import type { JsonEdit } from '../json/json-edit.ts';
import type { JsonPath } from '../json/json-node.ts';
import { isRecord, type JsonRecord } from '../reading/canonical-json.ts';

/** The edits that make one object into the other, as small as they can be. */
export function jsonChanges(before: JsonRecord, after: JsonRecord, path: JsonPath): readonly JsonEdit[] {
  const changed = Object.entries(after).flatMap(([name, value]): readonly JsonEdit[] => {
    const old = before[name];
    if (isDeepStrictEqual(old, value)) return [];
    if (isRecord(old) && isRecord(value)) return jsonChanges(old, value, [...path, name]);
    return [{ path: [...path, name], value }];
  });
  const removed = Object.keys(before).filter((name) => after[name] === undefined);
  return [...changed, ...removed.map((name) => ({ path: [...path, name], value: undefined }))];
}
