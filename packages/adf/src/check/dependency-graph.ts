import { didYouMean } from '../expression/nearest-name.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { isList, isRecord } from '../reading/canonical-json.ts';
import type { ActivityNode } from './activity-tree.ts';
import { nameKey } from './factory-index.ts';

/** Of activities beside each other: which must have ended before which. */
export class DependencyGraph {
  readonly #names = new Map<string, string>();
  readonly #before = new Map<string, readonly string[]>();

  constructor(activities: readonly ActivityNode[]) {
    for (const activity of activities) {
      this.#names.set(nameKey(activity.name), activity.name);
      this.#before.set(
        nameKey(activity.name),
        dependencies(activity).map(({ name }) => nameKey(name)),
      );
    }
  }

  /** Names of all activities that have ended when this one starts, whichever way. */
  upstreamOf(activity: ActivityNode): readonly string[] {
    const seen = new Set<string>();
    const pending = [...(this.#before.get(nameKey(activity.name)) ?? [])];
    for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
      if (seen.has(key)) continue;
      seen.add(key);
      pending.push(...(this.#before.get(key) ?? []));
    }
    return [...seen].flatMap((key) => this.#names.get(key) ?? []);
  }

  /** Names of activities that wait for each other, from one of them to itself; each circle once. */
  cycles(): readonly (readonly string[])[] {
    const found: string[][] = [];
    const done = new Set<string>();
    const visit = (key: string, trail: readonly string[]): void => {
      const start = trail.indexOf(key);
      if (start >= 0) {
        found.push([...trail.slice(start), key].map((step) => this.#names.get(step) ?? step));
        return;
      }
      if (done.has(key) || !this.#names.has(key)) return;
      for (const next of this.#before.get(key) ?? []) visit(next, [...trail, key]);
      done.add(key);
    };
    for (const key of this.#names.keys()) visit(key, []);
    return found;
  }
}

/** Reports names that are not beside the activity, and circles. */
export function checkDependencies(activities: readonly ActivityNode[], report: ProblemReport): void {
  const names = activities.map(({ name }) => name);
  for (const activity of activities) {
    for (const { name, index } of dependencies(activity)) {
      if (names.some((other) => nameKey(other) === nameKey(name))) continue;
      report.error(
        [...activity.path, 'dependsOn', index, 'activity'],
        `there is no activity ${JSON.stringify(name)} beside ${JSON.stringify(activity.name)}`,
        { hint: didYouMean(name, names) },
      );
    }
  }
  for (const cycle of new DependencyGraph(activities).cycles()) {
    const first = activities.find(({ name }) => name === cycle[0]);
    report.error(
      [...(first?.path ?? []), 'dependsOn'],
      `activities wait for each other: ${cycle.join(' waits for ')}`,
      {
        hint: 'Remove one of the dependencies.',
      },
    );
  }
}

function dependencies({ json }: ActivityNode): readonly { readonly name: string; readonly index: number }[] {
  const { dependsOn } = json;
  if (!isList(dependsOn)) return [];
  return dependsOn.flatMap((dependency, index) => {
    const name = isRecord(dependency) ? dependency['activity'] : undefined;
    return typeof name === 'string' ? [{ name, index }] : [];
  });
}
