import { countOutcomes, type CheckResult, type Report, verdictOf } from './report.ts';

/** JUnit XML, as build servers read it; exceptions and checks that do not apply are skipped tests with a reason. */
export function reportJunit(report: Report): string {
  const { plugin, seed, results } = report;
  const { failed, excepted, inapplicable } = countOutcomes(report);
  const counts = `tests="${results.length}" failures="${failed}" skipped="${excepted + inapplicable}"`;
  const seconds = secondsText(results.reduce((sum, { durationMs }) => sum + durationMs, 0));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="${escaped(plugin)}" ${counts} time="${seconds}">`,
    '  <properties>',
    `    <property name="seed" value="${seed}"/>`,
    `    <property name="verdict" value="${escaped(verdictOf(report))}"/>`,
    '  </properties>',
    ...results.map((result) => testCase(plugin, result)),
    '</testsuite>',
    '',
  ].join('\n');
}

function testCase(plugin: string, { id, title, outcome, message = '', durationMs }: CheckResult): string {
  const name = escaped(`${id}: ${title}`);
  const head = `  <testcase classname="${escaped(plugin)}" name="${name}" time="${secondsText(durationMs)}"`;
  if (outcome === 'passed') return `${head}/>`;
  const child = outcome === 'failed' ? 'failure' : 'skipped';
  const why = outcome === 'excepted' ? `excepted: ${message}` : message;
  return `${head}><${child} message="${escaped(why)}"/></testcase>`;
}

function secondsText(durationMs: number): string {
  return (durationMs / 1000).toFixed(3);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escaped(text: string): string {
  // XML has no way to say most control characters.
  return text.replaceAll(/[&<>"]/g, (mark) => ENTITIES[mark]!).replaceAll(/[^\x20-\uD7FF\uE000-\uFFFD]/g, '\uFFFD');
}
