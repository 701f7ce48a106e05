import { innerFailure } from '../activity-error.ts';
import type { ListFailure, ListOutcome } from '../activity-list.ts';
import type { ActivityOutcome } from '../run-record.ts';

/** How an activity ends that holds others. */
export function containerOutcome(name: string, outcomes: readonly ListOutcome[]): ActivityOutcome {
  const failures = outcomes.flatMap((outcome) => (outcome.status === 'Failed' ? outcome.failures : []));
  if (failures.length === 0) return { status: 'Succeeded', output: {} };
  return { status: 'Failed', output: {}, error: innerFailure(name, 'InnerActivityFailed', innerMessage(failures)) };
}

const NAMED_FAILURES = 5;

function innerMessage(failures: readonly ListFailure[]): string {
  const named = failures
    .slice(0, NAMED_FAILURES)
    .map(({ activityName, error }) => `Inner activity name: ${activityName}, Error: ${error.message}`);
  const rest = failures.length - named.length;
  return [
    'Activity failed because an inner activity failed',
    ...named,
    ...(rest === 0 ? [] : [`and ${rest} more`]),
  ].join('; ');
}
