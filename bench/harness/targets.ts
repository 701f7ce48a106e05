import type { ContenderResult, SuiteResult } from './run-suite.ts';

/** What something of ours has to come to, beside a peer of the same run. */
export interface Target {
  readonly suite: string;
  readonly ours: string;
  readonly peer: string;
  /** `cpu`, `time`: how many times as long the peer takes. `memory`: by how many MB we are above it. */
  readonly measure: 'cpu' | 'time' | 'memory';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export const TARGETS: readonly Target[] = [
  { suite: 'decode', ours: 'sluice, wasm', peer: 'DuckDB, one thread', measure: 'cpu', atLeast: 2.5 },
  { suite: 'decode', ours: 'sluice, wasm', peer: 'csv-parse', measure: 'cpu', atLeast: 15 },
  { suite: 'decode', ours: 'sluice, wasm', peer: 'udsv', measure: 'cpu', atLeast: 2 },
  { suite: 'decode', ours: 'sluice, js', peer: 'udsv', measure: 'cpu', atLeast: 1 },
  { suite: 'encode', ours: 'sluice', peer: 'csv-stringify', measure: 'cpu', atLeast: 5 },
  { suite: 'encode', ours: 'sluice, ingest', peer: 'csv-stringify', measure: 'cpu', atLeast: 5 },
  { suite: 'encode', ours: 'sluice, ingest', peer: 'jsforce', measure: 'cpu', atLeast: 3 },
  { suite: 'parquet', ours: 'sluice, snappy', peer: 'hyparquet-writer, snappy', measure: 'cpu', atLeast: 3 },
  { suite: 'parquet', ours: 'sluice, zstd', peer: 'hyparquet-writer, zstd', measure: 'cpu', atLeast: 3 },
  { suite: 'query', ours: 'sluice to Parquet (zstd)', peer: 'jsforce bulk2.query', measure: 'time', atLeast: 12 },
  // At most 1.5 times as long as the peer.
  { suite: 'query', ours: 'sluice to Parquet (zstd)', peer: 'DuckDB, local file', measure: 'time', atLeast: 1 / 1.5 },
  { suite: 'query', ours: 'sluice to Parquet (zstd)', peer: 'undici download', measure: 'memory', atMost: 150 },
  {
    suite: 'scale',
    ours: 'sluice, 0.5 million rows',
    peer: 'download, 0.5 million rows',
    measure: 'memory',
    atMost: 150,
  },
  { suite: 'scale', ours: 'sluice, 5 million rows', peer: 'download, 5 million rows', measure: 'memory', atMost: 150 },
  {
    suite: 'scale',
    ours: 'sluice, 50 million rows',
    peer: 'download, 50 million rows',
    measure: 'memory',
    atMost: 150,
  },
  { suite: 'postgres-write', ours: 'sluice, new table', peer: 'psql \\copy', measure: 'time', atLeast: 0.8 },
  { suite: 'postgres-write', ours: 'sluice, new table', peer: 'pg, multi-row INSERT', measure: 'time', atLeast: 5 },
  { suite: 'postgres-read', ours: 'sluice', peer: 'pg-query-stream', measure: 'time', atLeast: 2 },
  // Ten times the rows in the same memory.
  { suite: 'postgres-scale', ours: 'sluice, 10 x', peer: 'sluice, 1 x', measure: 'memory', atMost: 50 },
];

const WHAT = { cpu: 'CPU time', time: 'time', memory: 'peak memory' };
const HEAD = ['suite', 'ours', 'against', 'measure', 'target', 'reached'];

/** A table of all targets. Those of suites that did not run now stand as they do in `table`, the one before. */
export function renderTargets(results: readonly SuiteResult[], table: string): string {
  const before = new Map(table.split('\n').map((line) => [keyOf(cellsOf(line)), cellsOf(line)]));
  const rows = TARGETS.map((target) => {
    const { suite, ours, peer, measure } = target;
    const key = [suite, ours, peer, WHAT[measure]];
    const reached = reachedBy(target, results) ?? before.get(keyOf(key))?.[HEAD.length - 1] ?? 'not measured';
    return [...key, boundOf(target), reached];
  });
  const widths = HEAD.map((head, i) => Math.max(head.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [line(HEAD), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

function reachedBy({ suite, ours, peer, measure, atLeast, atMost }: Target, results: readonly SuiteResult[]) {
  const { contenders, absent } = results.find(({ name }) => name === suite) ?? {};
  if (absent?.includes(peer) === true) return `${peer} is not available here`;
  const [us, them] = [ours, peer].map((wanted) => contenders?.find(({ name }) => name === wanted));
  if (us === undefined || them === undefined) return undefined;
  const value = valueOf(us, them, measure);
  const isReached = value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
  return `${textOf(value, measure)}${isReached ? '' : ', not reached'}`;
}

function valueOf(ours: ContenderResult, peer: ContenderResult, measure: Target['measure']): number {
  if (measure === 'cpu') return peer.cpuMs.median / ours.cpuMs.median;
  if (measure === 'time') return peer.wallMs.median / ours.wallMs.median;
  return (ours.peakRssBytes.median - peer.peakRssBytes.median) / 1e6;
}

function boundOf({ measure, atLeast, atMost }: Target): string {
  return atLeast === undefined ? `at most ${textOf(atMost!, measure)}` : `at least ${textOf(atLeast, measure)}`;
}

function textOf(value: number, measure: Target['measure']): string {
  return measure === 'memory' ? `${value.toFixed(0)} MB more` : `${Number(value.toFixed(value < 10 ? 2 : 1))} x`;
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function keyOf(cells: readonly string[]): string {
  return cells.slice(0, 4).join('|');
}
