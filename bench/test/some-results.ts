import type { ContenderResult } from '../harness/run-suite.ts';

/** What a contender came to that took so many milliseconds and bytes. */
export function contender(name: string, cpu: number, memory: number, isOurs = false): ContenderResult {
  const spread = (value: number) => ({ min: value, median: value, max: value });
  return {
    name,
    isOurs,
    caveat: undefined,
    wallMs: spread(cpu),
    cpuMs: spread(cpu),
    peakRssBytes: spread(memory),
    megabytesPerSecond: 1000 / cpu,
    rowsPerSecond: 1e6 / cpu,
    ratio: spread(1),
    cpuRatio: spread(1),
  };
}
