import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';

export type ActivityStatus = 'Succeeded' | 'Failed' | 'Skipped' | 'Cancelled';
export type PipelineStatus = 'Succeeded' | 'Failed' | 'Cancelled';

/** Why an activity failed. Azure Data Factory, "Monitor copy activity", read 2026-11. */
export interface ActivityError {
  readonly errorCode: string;
  readonly message: string;
  /** Whether the factory is at fault, or what it works with. */
  readonly failureType: 'UserError' | 'SystemError';
  /** Name of the activity. */
  readonly target: string;
  readonly details: readonly ExpressionObject[];
}

/** One run of an activity; within a loop there is one for each round. Times are ISO 8601, UTC. */
export interface ActivityRun {
  readonly activityRunId: string;
  readonly activityName: string;
  readonly activityType: string;
  readonly status: ActivityStatus;
  /** Null for an activity that did not run. */
  readonly activityRunStart: string | null;
  readonly activityRunEnd: string | null;
  readonly durationInMs: number | null;
  /** From 0; retries by the policy of the activity count on. */
  readonly retryAttempt: number;
  readonly input: ExpressionValue;
  readonly output: ExpressionValue;
  readonly error: ActivityError | null;
}

/** One run of a pipeline. The names are those of Data Factory's own run records. */
export interface PipelineRun {
  readonly runId: string;
  readonly pipelineName: string;
  readonly status: PipelineStatus;
  readonly parameters: ExpressionObject;
  /** Final values by name. */
  readonly variables: ExpressionObject;
  readonly invokedBy: InvokedBy;
  readonly runStart: string;
  readonly runEnd: string;
  readonly durationInMs: number;
  /** Empty for a run that succeeded. */
  readonly message: string;
  readonly activityRuns: readonly ActivityRun[];
}

export interface InvokedBy {
  readonly name: string;
  readonly invokedByType: 'Manual' | 'PipelineActivity';
  readonly pipelineName?: string;
  readonly pipelineRunId?: string;
}

/** What came of an activity. */
export type ActivityOutcome =
  | { readonly status: 'Succeeded' | 'Skipped'; readonly output?: ExpressionObject }
  | { readonly status: 'Failed'; readonly output?: ExpressionObject; readonly error: ActivityError }
  | { readonly status: 'Cancelled'; readonly error: ActivityError };
