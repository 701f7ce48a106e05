import type { Machine } from './machine.ts';
import type { ContenderResult, SuiteResult } from './run-suite.ts';

/** A Markdown table of a suite, with what is not comparable below it. */
export function renderSuite({ name, title, rows, bytes, rounds, contenders, absent = [] }: SuiteResult): string {
  const head = ['contender', 'time', 'ratio', 'throughput', 'rows/s', 'CPU', 'CPU ratio', 'peak memory'];
  const lines = [head, ...contenders.map(renderContender)];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const caveats = [
    ...contenders.flatMap(({ name: contender, caveat, apiCalls }) => [
      ...(caveat === undefined ? [] : [`- ${contender}: ${caveat}`]),
      ...(apiCalls === undefined ? [] : [`- ${contender}: ${apiCalls} API calls`]),
    ]),
    ...absent.map((contender) => `- ${contender}: not available here`),
  ];
  return [
    `### ${name}: ${title}`,
    '',
    `${rows.toLocaleString('en-US')} rows, ${(bytes / 1e6).toFixed(0)} MB, median of ${rounds} rounds; ratios are times over that of ${contenders[0]?.name}, least to most in brackets.`,
    '',
    row(lines[0]!),
    rule,
    ...lines.slice(1).map(row),
    ...(caveats.length === 0 ? [] : ['', ...caveats]),
  ].join('\n');
}

export function renderMachine({ processor, cores, memoryBytes, system, node, measuredAt }: Machine): string {
  const memory = `${Math.round(memoryBytes / 2 ** 30)} GiB`;
  return `${processor}, ${cores} cores, ${memory}, ${system}, Node ${node}, ${measuredAt.slice(0, 10)}`;
}

function renderContender(result: ContenderResult): string[] {
  const { name, wallMs, cpuMs, peakRssBytes, megabytesPerSecond, rowsPerSecond, ratio, cpuRatio } = result;
  return [
    name,
    `${(wallMs.median / 1000).toFixed(2)} s`,
    `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`,
    `${megabytesPerSecond.toFixed(0)} MB/s`,
    Math.round(rowsPerSecond).toLocaleString('en-US'),
    `${(cpuMs.median / 1000).toFixed(2)} s`,
    cpuRatio.median.toFixed(2),
    `${(peakRssBytes.median / 1e6).toFixed(0)} MB`,
  ];
}
