import { nearestName } from '@sluice/core';

/** For a hint; nothing where no name is near. */
export function didYouMean(name: string, names: Iterable<string>): string | undefined {
  const nearest = nearestName(name, names);
  return nearest === undefined ? undefined : `Did you mean ${JSON.stringify(nearest)}?`;
}
