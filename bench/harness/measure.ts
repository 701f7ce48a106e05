import type { ContenderInput, Facts, Measurement } from './contender.ts';

/**
 * Off the clock, as is loading what it takes to look at the result. `childCpuMs`, what processes took that the work
 * started, counts as the contender's CPU time; `apiCalls` is told, not compared.
 */
type Showing = () => Facts | Promise<Facts>;

/**
 * Runs a contender and tells the parent what it took. `work` is timed; what it returns is called afterwards, off the
 * clock, and gives the facts.
 */
export async function measure(work: (input: ContenderInput) => Promise<Showing>): Promise<void> {
  await measurePrepared(async (input) => input, work);
}

/** The same for work on something that is made ready off the clock. */
export async function measurePrepared<T>(
  prepare: (input: ContenderInput) => Promise<T>,
  work: (prepared: T, input: ContenderInput) => Promise<Showing>,
): Promise<void> {
  // What the parent gave as the input of this contender.
  const input = JSON.parse(process.argv[2] ?? '{}') as ContenderInput;
  const prepared = await prepare(input);
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const factsOf = await work(prepared, input);
  const wallMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  const { apiCalls, childCpuMs = 0, ...facts } = await factsOf();
  const measurement: Measurement = {
    wallMs,
    cpuMs: (user + system) / 1000 + Number(childCpuMs),
    peakRssBytes,
    facts,
    ...(typeof apiCalls === 'number' ? { apiCalls } : {}),
  };
  process.stdout.write(`${JSON.stringify(measurement)}\n`);
}
