import * as z from 'zod';

import type { SuiteResult } from './run-suite.ts';

/** What is read of the file that `--json` wrote. */
const baselineFile = z.object({
  results: z.array(
    z.object({
      name: z.string(),
      rows: z.number(),
      contenders: z.array(
        z.object({
          name: z.string(),
          isOurs: z.boolean(),
          cpuMs: z.object({ median: z.number() }),
          peakRssBytes: z.object({ median: z.number() }),
        }),
      ),
    }),
  ),
});

export type Baseline = z.output<typeof baselineFile>['results'];

/** @throws {TypeError} when it is no file of results. */
export function parseBaseline(text: string): Baseline {
  const parsed = baselineFile.safeParse(JSON.parse(text));
  if (!parsed.success) throw new TypeError(`the baseline is no file of results: ${z.prettifyError(parsed.error)}`);
  return parsed.data.results;
}

/**
 * What became worse by more than `tolerance` (0.15 is 15 %), one line each: our CPU time in relation to that of each peer
 * of the same run, since machines differ, and our peak memory.
 *
 * @throws {TypeError} when the runs have nothing in common.
 */
export function regressions(before: Baseline, after: readonly SuiteResult[], tolerance: number): readonly string[] {
  const found: string[] = [];
  let compared = 0;
  for (const suite of after) {
    const earlier = before.find(({ name, rows }) => name === suite.name && rows === suite.rows);
    for (const contender of suite.contenders.filter(({ isOurs }) => isOurs)) {
      const ours = earlier?.contenders.find(({ name, isOurs }) => isOurs && name === contender.name);
      if (earlier === undefined || ours === undefined) continue;
      const what = `${suite.name}, ${contender.name}`;
      const memory = contender.peakRssBytes.median / ours.peakRssBytes.median;
      compared++;
      if (memory > 1 + tolerance) found.push(`${what}: ${memory.toFixed(2)} times the peak memory`);
      for (const peer of suite.contenders.filter(({ isOurs }) => !isOurs)) {
        const peerBefore = earlier.contenders.find(({ name }) => name === peer.name);
        if (peerBefore === undefined) continue;
        const time = contender.cpuMs.median / peer.cpuMs.median / (ours.cpuMs.median / peerBefore.cpuMs.median);
        if (time > 1 + tolerance) found.push(`${what}: ${time.toFixed(2)} times the CPU time, against ${peer.name}`);
      }
    }
  }
  if (compared === 0) throw new TypeError('the baseline has no suite of as many rows with a contender of this run');
  return found;
}
