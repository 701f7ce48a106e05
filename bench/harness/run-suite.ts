import type { Measurement, Suite } from './contender.ts';
import { runContender } from './run-contender.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface ContenderResult {
  readonly name: string;
  readonly caveat: string | undefined;
  readonly isOurs: boolean;
  readonly wallMs: Spread;
  readonly cpuMs: Spread;
  readonly peakRssBytes: Spread;
  /** Of the last round. */
  readonly apiCalls?: number;
  readonly megabytesPerSecond: number;
  readonly rowsPerSecond: number;
  /** How many times as long as the first contender, round by round. */
  readonly ratio: Spread;
  /** The same of CPU times, which what else the machine does disturbs less. */
  readonly cpuRatio: Spread;
}

export interface SuiteResult {
  readonly name: string;
  readonly title: string;
  readonly rows: number;
  readonly bytes: number;
  readonly rounds: number;
  readonly contenders: readonly ContenderResult[];
  /** Names of those that the machine has not. */
  readonly absent?: readonly string[];
}

export interface RunSuiteOptions {
  readonly rounds: number;
  readonly tell: (line: string) => void;
}

/** Interleaves the contenders, so that what else the machine does falls on all of them. */
export async function runSuite(suite: Suite, { rounds, tell }: RunSuiteOptions): Promise<SuiteResult> {
  const { name, title, rows, bytes, contenders, expected, absent } = suite;
  const runs = contenders.map((): Measurement[] => []);
  for (let round = 1; round <= rounds; round++) {
    for (const [i, contender] of contenders.entries()) {
      const measurement = await runContender(contender, expected);
      runs[i]!.push(measurement);
      tell(`${name} ${round}/${rounds}: ${contender.name} ${(measurement.wallMs / 1000).toFixed(2)} s`);
    }
  }
  const results = contenders.map((contender, i): ContenderResult => {
    const { caveat, isOurs = false } = contender;
    const apiCalls = runs[i]!.at(-1)?.apiCalls;
    const wallMs = spreadOf(runs[i]!.map((run) => run.wallMs));
    return {
      name: contender.name,
      caveat,
      isOurs,
      wallMs,
      cpuMs: spreadOf(runs[i]!.map((run) => run.cpuMs)),
      peakRssBytes: spreadOf(runs[i]!.map((run) => run.peakRssBytes)),
      ...(apiCalls === undefined ? {} : { apiCalls }),
      megabytesPerSecond: (contender.bytes ?? bytes) / 1000 / wallMs.median,
      rowsPerSecond: ((contender.rows ?? rows) * 1000) / wallMs.median,
      ratio: spreadOf(runs[i]!.map((run, round) => run.wallMs / runs[0]![round]!.wallMs)),
      cpuRatio: spreadOf(runs[i]!.map((run, round) => run.cpuMs / runs[0]![round]!.cpuMs)),
    };
  });
  return { name, title, rows, bytes, rounds, contenders: results, ...(absent === undefined ? {} : { absent }) };
}
