import { countOutcomes, type Outcome, type Report, verdictOf } from './report.ts';

const MARKS: Readonly<Record<Outcome, string>> = {
  passed: 'ok  ',
  failed: 'FAIL',
  excepted: 'exc ',
  inapplicable: '-   ',
};

/** For a terminal: one line a check, and how to repeat the run. */
export function reportText(report: Report): string {
  const { plugin, kind, seed, results } = report;
  const width = Math.max(...results.map(({ id }) => id.length));
  const lines = results.flatMap(({ id, title, outcome, message }) => [
    `${MARKS[outcome]} ${id.padEnd(width)}  ${title}`,
    ...(message === undefined ? [] : [`${' '.repeat(width + 7)}${message}`]),
  ]);
  const { passed, failed, excepted, inapplicable } = countOutcomes(report);
  const sums = `${passed} passed, ${failed} failed, ${excepted} excepted, ${inapplicable} not applicable`;
  return [`${plugin} (${kind}), seed ${seed}`, ...lines, sums, `${plugin} ${verdictOf(report)}`, ''].join('\n');
}
