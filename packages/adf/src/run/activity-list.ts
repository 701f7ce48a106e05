import type { DependencyCondition } from '../definition/activity/activity-head.ts';
import type { Activity } from '../definition/activity/activity.ts';
import { runActivity } from './activity-run.ts';
import { decidingNodes } from './leaf-status.ts';
import type { ActivityError, ActivityOutcome, ActivityStatus } from './run-record.ts';
import type { RunScope } from './run-scope.ts';

/** How a list of activities ended. */
export type ListOutcome =
  | { readonly status: 'Succeeded' }
  | { readonly status: 'Failed'; readonly failures: readonly ListFailure[] };

export interface ListFailure {
  readonly activityName: string;
  readonly error: ActivityError;
}

/** When a condition holds, by how the activity it is about has ended. */
const HOLDS: Readonly<Record<DependencyCondition, (status: ActivityStatus) => boolean>> = {
  Succeeded: (status) => status === 'Succeeded',
  Failed: (status) => status === 'Failed',
  Skipped: (status) => status === 'Skipped',
  Completed: (status) => status === 'Succeeded' || status === 'Failed',
};

/**
 * Runs activities side by side, each as soon as what it depends on has ended; one whose conditions do not hold is
 * skipped. An activity that fails stops nothing but what depends on it.
 *
 * @throws the signal's reason once everything under way has ended.
 */
export async function runActivities(
  activities: readonly Activity[],
  scope: RunScope,
  signal: AbortSignal,
): Promise<ListOutcome> {
  const byName = new Map(activities.map((activity) => [activity.name.toLowerCase(), activity]));
  const started = new Map<Activity, Promise<ActivityOutcome>>();

  const outcomeOf = (activity: Activity): Promise<ActivityOutcome> => {
    const known = started.get(activity);
    if (known !== undefined) return known;
    const outcome = runInTurn(activity);
    started.set(activity, outcome);
    return outcome;
  };

  async function runInTurn(activity: Activity): Promise<ActivityOutcome> {
    const holds = await Promise.all(
      activity.dependsOn.map(async ({ activity: name, dependencyConditions }) => {
        // Validation has seen that it is there.
        const { status } = await outcomeOf(byName.get(name.toLowerCase())!);
        return dependencyConditions.some((condition) => HOLDS[condition](status));
      }),
    );
    return await runActivity(activity, scope, signal, { isMet: !holds.includes(false) });
  }

  const outcomes = await Promise.all(
    activities.map(async (activity) => ({
      name: activity.name,
      dependsOn: activity.dependsOn.map(({ activity: name }) => name),
      ...(await outcomeOf(activity)),
    })),
  );
  signal.throwIfAborted();
  const failures = decidingNodes(outcomes).flatMap((node) =>
    node.status === 'Failed' ? [{ activityName: node.name, error: node.error }] : [],
  );
  return failures.length === 0 ? { status: 'Succeeded' } : { status: 'Failed', failures };
}

/** As Data Factory words what failed in a pipeline. */
export function failureMessage(failures: readonly ListFailure[]): string {
  return failures
    .map(({ activityName, error }) => `Operation on target ${activityName} failed: ${error.message}`)
    .join('; ');
}
