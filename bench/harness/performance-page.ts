import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { renderBarChart } from './bar-chart.ts';
import type { Machine } from './machine.ts';
import { renderMachine, renderSuite } from './report.ts';
import type { SuiteResult } from './run-suite.ts';
import { renderTargets } from './targets.ts';

const PAGE = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const CHARTS = fileURLToPath(new URL('../../docs/performance/', import.meta.url));

/** Puts what suites came to into docs/performance.md, between the marks of each, and their charts beside it. */
export async function writePerformancePage(results: readonly SuiteResult[], where: Machine): Promise<void> {
  let page = await readFile(PAGE, 'utf8');
  await mkdir(CHARTS, { recursive: true });
  page = withTargets(page, results);
  for (const result of results) {
    page = withSuite(page, result, where);
    await writeFile(`${CHARTS}${result.name}.svg`, renderBarChart(result));
  }
  await writeFile(PAGE, page);
}

/** @throws {TypeError} when the page has no marks for the targets. */
export function withTargets(page: string, results: readonly SuiteResult[]): string {
  const marks = /(?<=<!-- bench: targets -->\n\n)[^]*?(?=\n\n<!-- end -->)/;
  if (!marks.test(page)) throw new TypeError('docs/performance.md has no marks for the targets');
  return page.replace(marks, (table) => renderTargets(results, table));
}

/** @throws {TypeError} when the page has no marks for the suite. */
export function withSuite(page: string, result: SuiteResult, where: Machine): string {
  const { name, title } = result;
  const marks = new RegExp(`(?<=<!-- bench: ${name} -->\\n\\n)[^]*?(?=<!-- end -->)`);
  if (!marks.test(page)) throw new TypeError(`docs/performance.md has no marks for the suite ${name}`);
  const chart = `![${title}](performance/${name}.svg)`;
  const table = renderSuite(result).split('\n').slice(2).join('\n');
  return page.replace(marks, () => `${chart}\n\n${renderMachine(where)}. ${table}\n\n`);
}
