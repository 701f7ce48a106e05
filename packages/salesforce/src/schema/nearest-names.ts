import { editDistance } from '@sluice/core';

const MAX_NAMES = 3;
/** More slips than this make another word. */
const MAX_SLIPS = 4;

/** The names most like `wanted`, the likest first; none that is not much like it. */
export function nearestNames(wanted: string, names: readonly string[]): readonly string[] {
  const target = wanted.toLowerCase();
  const maxDistance = Math.min(MAX_SLIPS, Math.max(1, Math.floor(target.length / 3)));
  return names
    .map((name) => ({ name, distance: distanceTo(target, name.toLowerCase(), maxDistance) }))
    .filter(({ distance }) => distance <= maxDistance)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_NAMES)
    .map(({ name }) => name);
}

/** A suffix such as `__c` or a namespace that was left out or added costs one. */
function distanceTo(target: string, name: string, limit: number): number {
  if (bareName(target) === bareName(name)) return target === name ? 0 : 1;
  return Math.min(
    editDistance(target, name, limit),
    target.includes('__') ? editDistance(bareName(target), bareName(name), limit) + 1 : limit + 1,
  );
}

/** `acme__Region__c` and `Region__r` are both about `region`. */
function bareName(name: string): string {
  return name.replace(/__[a-z]+$/, '').replace(/^[a-z][a-z0-9]*(?:_[a-z0-9]+)*__/, '');
}
