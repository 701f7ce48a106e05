import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** What the guards need of vitest's JSON report. */
interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/**
 * The counts of a test run, as one line.
 *
 * A file that fails without a failing test of its own (it does not load, or something was left over at its end) is one
 * failure, and so is a run that fails, or reports nothing, for any other reason.
 */
export function closingLine(report: TestReport | undefined, exitCode: number): string {
  const brokenFiles = (report?.testResults ?? []).filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  );
  const passed = report?.numPassedTests ?? 0;
  const failed = (report?.numFailedTests ?? 0) + brokenFiles.length;
  const isUnexplained = failed === 0 && (exitCode !== 0 || passed === 0);
  return `${passed} passed, ${isUnexplained ? 1 : failed} failed`;
}

async function readReport(path: string): Promise<TestReport | undefined> {
  try {
    // Written by vitest, whose version is pinned.
    return JSON.parse(await readFile(path, 'utf8')) as TestReport;
  } catch {
    return undefined; // A run that was cut short has written nothing, or half of it.
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [reportPath = '', exitCode = '1'] = process.argv.slice(2);
  console.log(closingLine(await readReport(reportPath), Number(exitCode)));
}
