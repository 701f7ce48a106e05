import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import type { Suite, SuiteOptions } from './harness/contender.ts';
import { machine } from './harness/machine.ts';
import { renderMachine, renderSuite } from './harness/report.ts';
import { runSuite, type SuiteResult } from './harness/run-suite.ts';
import { openQuerySuite } from './query/query-suite.ts';

const SUITES: Readonly<Record<string, (options: SuiteOptions) => Promise<Suite>>> = { query: openQuerySuite };

const USAGE = `Usage: bench [suite…] [--rows n] [--rounds n] [--json file]
Suites: ${Object.keys(SUITES).join(', ')} (default: all)`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const names = positionals.length === 0 ? Object.keys(SUITES) : positionals;
  const unknown = names.filter((name) => !Object.hasOwn(SUITES, name));
  if (unknown.length > 0) throw new TypeError(`there is no suite ${unknown.join(', ')}`);
  const rows = values.rows === undefined ? undefined : wholeNumber('--rows', values.rows);
  const rounds = wholeNumber('--rounds', values.rounds);

  const results: SuiteResult[] = [];
  for (const name of names) {
    await using suite = await SUITES[name]!({ rows });
    results.push(await runSuite(suite, { rounds, tell: (line) => console.error(line) }));
  }
  const where = machine();
  console.log(`\n${renderMachine(where)}\n\n${results.map(renderSuite).join('\n\n')}`);
  if (values.json !== undefined)
    await writeFile(values.json, `${JSON.stringify({ machine: where, results }, null, 2)}\n`);
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
