import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { ERROR_CODES } from '../packages/core/src/error/error-codes.ts';

const PAGE = fileURLToPath(new URL('../docs/errors.md', import.meta.url));
const TABLE = /(?<=<!-- generated: error codes -->\n\n)[^]*(?=\n\n<!-- end -->)/;

/** The table of error codes in docs/errors.md, its columns as wide as the formatter makes them. */
export function renderErrorTable(): string {
  const rows = Object.entries(ERROR_CODES).map(([code, { meaning, retryable, invalid }]) => [
    `\`${code}\``,
    meaning,
    retryable ? 'yes' : '',
    invalid ? 'yes' : '',
  ]);
  const head = ['code', 'meaning', 'retryable', 'invalid'];
  const widths = head.map((_, i) => Math.max(...[head, ...rows].map((cells) => cells[i]!.length)));
  const lineOf = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(lineOf).join('\n');
}

/** The page with its table brought up to date. */
export function renderErrorPage(page: string): string {
  if (!TABLE.test(page)) throw new Error('docs/errors.md lacks the marks around its table');
  return page.replace(TABLE, renderErrorTable);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(PAGE, renderErrorPage(await readFile(PAGE, 'utf8')));
}
