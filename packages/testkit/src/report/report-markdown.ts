import { countOutcomes, type Report, verdictOf } from './report.ts';

/** A table, one row a check. */
export function reportMarkdown(report: Report): string {
  const { plugin, kind, seed, results } = report;
  const { passed, failed, excepted, inapplicable } = countOutcomes(report);
  const rows = results.map(({ id, level, title, outcome, message = '' }) =>
    [id, level, cell(title), outcome, cell(message)].join(' | '),
  );
  return [
    `## ${plugin} (${kind})`,
    '',
    `Seed ${seed}: ${passed} passed, ${failed} failed, ${excepted} excepted, ${inapplicable} not applicable. It ${verdictOf(report)}.`,
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
