/** A name is near when no more than a third of it would have to change. */
const NEAR = 1 / 3;

/** The name that was probably meant, if one is near. Upper and lower case count as the same. */
export function nearestName(wanted: string, names: Iterable<string>): string | undefined {
  const target = wanted.toLowerCase();
  let nearest: string | undefined;
  let most = Math.max(1, Math.floor(target.length * NEAR));
  for (const name of names) {
    const distance = editDistance(target, name.toLowerCase(), most);
    if (distance > most) continue;
    nearest = name;
    // What comes after has to be nearer.
    most = distance - 1;
  }
  return nearest;
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above `limit` is `limit + 1`. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const replaced = last[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      let cost = Math.min(replaced, last[column]! + 1, current[column - 1]! + 1);
      const isSwap = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isSwap) cost = Math.min(cost, beforeLast[column - 2]! + 1);
      current.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = current;
  }
  return Math.min(last[b.length]!, limit + 1);
}
