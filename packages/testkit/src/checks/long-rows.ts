import type { PluginHarness } from '../harness/plugin-harness.ts';

/** Rows that a check of memory goes through. */
export function longRowsOf({ longRows = 1_000_000 }: PluginHarness): number {
  return longRows;
}
