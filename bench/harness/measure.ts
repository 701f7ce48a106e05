import type { ContenderInput, Facts, Measurement } from './contender.ts';

/**
 * Runs a contender and tells the parent what it took. `work` is timed; what it returns is called afterwards, off the
 * clock, and gives the facts.
 */
export async function measure(work: (input: ContenderInput) => Promise<() => Facts | Promise<Facts>>): Promise<void> {
  // What the parent gave as the input of this contender.
  const input = JSON.parse(process.argv[2] ?? '{}') as ContenderInput;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const factsOf = await work(input);
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  const measurement: Measurement = { wallMs, cpuMs: (user + system) / 1000, peakRssBytes, facts: await factsOf() };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}
