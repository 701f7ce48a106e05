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

/** Insertions, deletions, replacements and swaps of neighbours; anything above `limit` is `limit + 1`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const replaced = (previous[column - 1] ?? 0) + (isSame ? 0 : 1);
      let cost = Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    if (Math.min(...current) > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return Math.min(previous[b.length] ?? 0, limit + 1);
}
