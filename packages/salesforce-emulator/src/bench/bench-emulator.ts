import { createOrg } from '../org/create-org.ts';
import { type Emulator, startEmulator, type StartEmulatorOptions } from '../start-emulator.ts';
import { BENCH_DEFINITION, BENCH_OBJECT, BENCH_SOQL, benchRows } from './bench-object.ts';

export interface BenchOptions extends Omit<StartEmulatorOptions, 'org'> {
  readonly rows: number;
  /** The same rows for the same seed; default 1. */
  readonly seed?: number;
}

export interface BenchEmulator extends Emulator {
  /** The statement whose result is held ready. */
  readonly soql: string;
  /** Bytes of all its pages, header rows included: plain, and compressed. */
  readonly csvBytes: number;
  readonly gzipBytes: number;
}

/**
 * An org for benchmarks: one wide object, and the pages of a query over it (of `results.pageRows` rows) held ready,
 * plain and compressed. Resolves when all is ready; give it a process of its own.
 */
export async function startBenchEmulator({ rows, seed = 1, ...options }: BenchOptions): Promise<BenchEmulator> {
  const objects = { [BENCH_OBJECT]: BENCH_DEFINITION };
  const org = createOrg({ objects });
  // Listens first: a port that is taken is told at once.
  const emulator = await startEmulator({ ...options, org });
  org.insert(BENCH_OBJECT, benchRows(rows, seed));
  const { csvBytes, gzipBytes } = await emulator.jobs.prerender(BENCH_SOQL);
  return {
    ...emulator,
    soql: BENCH_SOQL,
    csvBytes,
    gzipBytes,
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      org[Symbol.dispose]();
    },
  };
}
