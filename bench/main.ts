import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { parseBaseline, regressions } from './harness/compare-runs.ts';
import type { Suite } from './harness/contender.ts';
import { machine } from './harness/machine.ts';
import { writePerformancePage } from './harness/performance-page.ts';
import { renderMachine, renderSuite } from './harness/report.ts';
import { runSuite, type SuiteResult } from './harness/run-suite.ts';
import { openPluginSuites } from './plugin/plugin-suites.ts';
import { SUITES } from './suites.ts';

const USAGE = `Usage: bench [suite…] [--rows n] [--rounds n] [--json file] [--baseline file] [--tolerance percent] [--large] [--docs]
       bench plugin <module> [the same options]
Suites: ${Object.keys(SUITES).join(', ')} (default: all)
--baseline compares with a file that --json wrote, and fails where something of ours takes more CPU time in relation to a
peer, or more memory, by more than the tolerance (default 15). --large lets the suite scale go on to 100 times the rows.
--docs writes docs/performance.md.
plugin measures the source, sink or format that a module exports, see bench/plugin/bench-subject.ts.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      baseline: { type: 'string' },
      tolerance: { type: 'string', default: '15' },
      large: { type: 'boolean', default: false },
      docs: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const plugin = positionals[0] === 'plugin' ? pluginModule(positionals) : undefined;
  const asked = plugin === undefined ? positionals : [];
  const names = positionals.length === 0 ? Object.keys(SUITES) : asked.flatMap(suitesNamed);
  const rows = values.rows === undefined ? undefined : wholeNumber('--rows', values.rows);
  const rounds = wholeNumber('--rounds', values.rounds);
  const tolerance = wholeNumber('--tolerance', values.tolerance) / 100;
  const baseline = values.baseline === undefined ? undefined : parseBaseline(await readFile(values.baseline, 'utf8'));

  const results: SuiteResult[] = [];
  const options = { rows, isLarge: values.large };
  const run = async (opened: Suite): Promise<void> => {
    await using suite = opened;
    results.push(await runSuite(suite, { rounds, tell: (line) => console.error(line) }));
  };
  for (const name of names) await run(await SUITES[name]!(options));
  if (plugin !== undefined) for (const suite of await openPluginSuites(plugin, options)) await run(suite);
  const where = machine();
  console.log(`\n${renderMachine(where)}\n\n${results.map(renderSuite).join('\n\n')}`);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ machine: where, results }, null, 2)}\n`);
  if (values.docs) await writePerformancePage(results, where);
  const worse = baseline === undefined ? [] : regressions(baseline, results, tolerance);
  if (baseline !== undefined) console.log(`\nagainst the baseline: ${worse.length === 0 ? 'no regression' : ''}`);
  for (const line of worse) console.log(`- ${line}`);
  if (worse.length > 0) process.exitCode = 1;
}

/** The suite, and those that go on with its subject: `parquet` is `parquet-read` too. */
function suitesNamed(name: string): readonly string[] {
  const found = Object.keys(SUITES).filter((suite) => suite === name || suite.startsWith(`${name}-`));
  if (found.length === 0) throw new TypeError(`there is no suite ${name}`);
  return found;
}

function pluginModule([, module, ...more]: readonly string[]): string {
  if (module !== undefined && more.length === 0) return module;
  throw new TypeError('bench plugin takes the path of one module');
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new TypeError(`${option} must be a whole number above 0`);
}

try {
  await main();
} catch (error) {
  console.error(error instanceof TypeError ? `${error.message}\n${USAGE}` : error);
  process.exitCode = error instanceof TypeError ? 2 : 1;
}
