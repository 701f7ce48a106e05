import { describe, expect, it } from 'vitest';

import { closingLine } from '../scripts/closing-line.ts';

const passedFile = { status: 'passed', assertionResults: [{ status: 'passed' }] };
const failedFile = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
const unloadedFile = { status: 'failed', assertionResults: [] };

describe('the closing line of a run', () => {
  it.each([
    ['every test passed', 2, 0, [passedFile, passedFile], 0, '2 passed, 0 failed'],
    ['a test failed', 1, 1, [failedFile], 1, '1 passed, 1 failed'],
    ['a file did not load', 1, 0, [passedFile, unloadedFile], 1, '1 passed, 1 failed'],
    [
      'something was left over at the end of a file',
      1,
      0,
      [{ ...passedFile, status: 'failed' }],
      1,
      '1 passed, 1 failed',
    ],
    ['the run failed though no test did', 1, 0, [passedFile], 1, '1 passed, 1 failed'],
    ['no test ran', 0, 0, [], 0, '0 passed, 1 failed'],
  ])('counts when %s', (_, numPassedTests, numFailedTests, testResults, exitCode, line) => {
    expect(closingLine({ numPassedTests, numFailedTests, testResults }, exitCode)).toBe(line);
  });

  it('counts a run that left no report as a failure', () => {
    expect(closingLine(undefined, 124)).toBe('0 passed, 1 failed');
  });
});
