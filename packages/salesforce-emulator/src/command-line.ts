import { parseArgs } from 'node:util';

import * as z from 'zod';

import { startBenchEmulator } from './bench/bench-emulator.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import { openOrg } from './org/create-org.ts';
import { type Emulator, startEmulator } from './start-emulator.ts';

function wholeNumber(least: number): z.ZodCoercedNumber<string | number> {
  return z.coerce.number<string | number>().int().min(least);
}

const benchSettings = z.strictObject({
  rows: wholeNumber(0).default(500_000),
  seed: wholeNumber(0).default(1),
});

type BenchInput = string | z.input<typeof benchSettings>;

/** `rows=500000,seed=1` as an object. */
function benchFromText(given: BenchInput): unknown {
  return typeof given === 'string' ? Object.fromEntries(given.split(',').map((pair) => pair.split('=', 2))) : given;
}

/** What `runEmulator` takes: text as on a command line, or values. */
export const emulatorCommandSchema = z.strictObject({
  port: wholeNumber(0).default(0).meta({ description: 'Port on 127.0.0.1; 0: the system picks one.' }),
  data: z.string().min(1).optional().meta({ description: 'Definition file of the org; default: the built-in org.' }),
  bench: z
    .preprocess(benchFromText, benchSettings)
    .optional()
    .meta({ description: 'Serve a wide object for benchmarks: rows=500000,seed=1.' }),
  jobDelay: wholeNumber(0).default(0).meta({ description: 'Milliseconds a job runs.' }),
  pageRows: wholeNumber(1).default(50_000).meta({ description: 'Most rows per result page.' }),
  json: z.union([z.boolean(), z.stringbool()]).default(false).meta({ description: 'Print one line of JSON.' }),
});

export type EmulatorCommandOptions = z.input<typeof emulatorCommandSchema>;

export interface EmulatorCommandIo {
  readonly write: (text: string) => void;
  /** Aborted when the emulator is to stop. */
  readonly signal: AbortSignal;
}

/**
 * Starts an emulator, prints where it is and how to log in, and resolves when it has stopped after the signal.
 *
 * @throws {Error} when an option, the definition file or the port cannot be used.
 */
export async function runEmulator(given: EmulatorCommandOptions, { write, signal }: EmulatorCommandIo): Promise<void> {
  const parsed = emulatorCommandSchema.safeParse(given);
  if (!parsed.success) throw new Error(`The emulator cannot start so.\n${z.prettifyError(parsed.error)}`);
  const { port, data, bench: benchmark, jobDelay, pageRows, json } = parsed.data;
  if (data !== undefined && benchmark !== undefined) throw new Error('Give either --data or --bench, not both.');
  const options: EmulatorOptions = {
    port,
    jobs: { runningMs: jobDelay },
    ingest: { runningMs: jobDelay },
    results: { pageRows },
  };

  using org = data === undefined ? undefined : openOrg(data);
  await using emulator =
    benchmark === undefined
      ? await startEmulator({ ...options, ...(org === undefined ? {} : { org }) })
      : await startBenchEmulator({ ...options, ...benchmark });
  const facts = emulatorFacts(emulator);
  write(json ? `${JSON.stringify(facts)}\n` : readable(facts));
  await aborted(signal);
}

/** The options of a command line. @throws {TypeError} for one that is not known. */
export function parseEmulatorArguments(args: readonly string[]): EmulatorCommandOptions {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: text,
      data: text,
      bench: text,
      'job-delay': text,
      'page-rows': text,
      json: { type: 'boolean' },
    },
  });
  const { 'job-delay': jobDelay, 'page-rows': pageRows, ...others } = values;
  return {
    ...others,
    ...(jobDelay === undefined ? {} : { jobDelay }),
    ...(pageRows === undefined ? {} : { pageRows }),
  };
}

type Facts = Readonly<Record<string, string | number>>;

function emulatorFacts(emulator: Emulator & { readonly soql?: string; readonly csvBytes?: number }): Facts {
  const { url, clientId, clientSecret, soql, csvBytes } = emulator;
  return {
    url,
    clientId,
    clientSecret,
    ...(soql === undefined ? {} : { soql }),
    ...(csvBytes === undefined ? {} : { csvBytes }),
  };
}

function readable(facts: Facts): string {
  const width = Math.max(...Object.keys(facts).map((key) => key.length));
  return Object.entries(facts)
    .map(([key, value]) => `${key.padEnd(width)}  ${value}\n`)
    .join('');
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
