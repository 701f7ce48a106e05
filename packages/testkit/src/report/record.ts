import type { Report } from './report.ts';

/** What came of a plugin's checks without what changes from run to run: JSON, in the order of the ids. */
export function recordOf({ plugin, kind, results }: Report): string {
  const checks = Object.fromEntries(
    results
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ id, outcome, message }) => [id, outcome === 'passed' ? outcome : `${outcome}: ${message ?? ''}`]),
  );
  return `${JSON.stringify({ plugin, kind, checks }, undefined, 2)}\n`;
}
