import { nearestNames } from '../schema/nearest-names.ts';
import type { OrgCatalog } from '../schema/org-catalog.ts';
import type { QueryProblem } from './query-problem.ts';

/** Says that an object is not there for this user, and what it may have been meant to be. */
export async function unknownObject(name: string, catalog: OrgCatalog, offset?: number): Promise<QueryProblem> {
  const user = (await catalog.userName()) ?? 'the user';
  const names = (await catalog.objects()).map((object) => object.name);
  const nearest = nearestNames(name, names);
  const likely = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`;
  return {
    code: 'OBJECT_UNKNOWN',
    message: `the object ${name} does not exist or is hidden from ${user}${likely}`,
    hint: 'Check the spelling, and that the user has read access to the object.',
    ...(offset === undefined ? {} : { offset }),
  };
}

/** Says that an object is there and cannot be queried. */
export function notQueryable(name: string, offset?: number): QueryProblem {
  return {
    code: 'QUERY_UNSUPPORTED',
    message: `${name} cannot be queried`,
    hint: 'Query the objects it is made from.',
    ...(offset === undefined ? {} : { offset }),
  };
}
