import type { Report } from './report.ts';

/** A table, one row a check. */
export function reportMarkdown({ plugin, kind, seed, results }: Report): string {
  const rows = results.map(({ id, level, title, outcome, message = '' }) =>
    [id, level, cell(title), outcome, cell(message)].join(' | '),
  );
  return [
    `## ${plugin} (${kind})`,
    '',
    `Seed ${seed}.`,
    '',
    '| check | level | what holds | outcome | why |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
