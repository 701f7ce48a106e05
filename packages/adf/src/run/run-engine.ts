import type { Clock, Logger, Progress, Random } from '@sluice/core';

import type { Activity, CopyActivity, LookupActivity, ScriptActivity } from '../definition/activity/activity.ts';
import type { Factory, Pipeline } from '../definition/factory.ts';
import type { ExpressionObject, ExpressionValue } from '../expression/expression-value.ts';
import type { Redaction } from './redaction.ts';
import type { PastRun, RunHistory } from './run-history.ts';
import type { ActivityOutcome, ActivityRun, InvokedBy, PipelineRun } from './run-record.ts';
import type { RunScope } from './run-scope.ts';

/** What happens in a run, for people who watch. Holds no secret. */
export type PipelineEvent =
  | { readonly kind: 'pipelineStarted'; readonly runId: string; readonly pipelineName: string; readonly depth: number }
  | { readonly kind: 'pipelineEnded'; readonly run: PipelineRun; readonly depth: number }
  | { readonly kind: 'activityStarted'; readonly activity: ActivityLabel }
  | { readonly kind: 'activityProgress'; readonly activity: ActivityLabel; readonly progress: Progress }
  | { readonly kind: 'activityEnded'; readonly activity: ActivityLabel; readonly run: ActivityRun }
  | { readonly kind: 'note'; readonly activity: ActivityLabel; readonly code: string; readonly message: string };

export interface ActivityLabel {
  readonly pipelineName: string;
  readonly activityName: string;
  readonly activityType: string;
  /** Pipelines above, then loops and branches above. */
  readonly depth: number;
}

/** What all pipelines of one run share: the pipeline started and those it runs. */
export interface RunEngine {
  readonly factory: Factory;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: () => string;
  readonly log: Logger;
  readonly redaction: Redaction;
  readonly data: DataActivities;
  readonly strict: boolean;
  /** Of the run as a whole. */
  readonly signal: AbortSignal;
  emit(event: PipelineEvent): void;
  /** Does what an activity is there for, once. @throws what it fails with. */
  perform(activity: Activity, scope: RunScope, parts: ActivityParts): Promise<ActivityOutcome>;
  /** Runs another pipeline once its concurrency allows. */
  startPipeline(start: PipelineStart): StartedPipeline;
}

export interface PipelineStart {
  readonly pipeline: Pipeline;
  readonly parameters: ExpressionObject;
  readonly invokedBy: InvokedBy;
  readonly groupId: string;
  readonly depth: number;
  readonly signal: AbortSignal;
  readonly history?: RunHistory | undefined;
  readonly past?: PastRun | undefined;
}

export interface StartedPipeline {
  readonly runId: string;
  readonly ended: Promise<EndedPipeline>;
}

export interface EndedPipeline {
  readonly run: PipelineRun;
  readonly returnValues: ExpressionObject;
}

/** What copies, looks up and runs scripts: kept apart, so that the control flow knows no connector. They throw what they fail with. */
export interface DataActivities {
  copy(activity: CopyActivity, parts: ActivityParts): Promise<ActivityOutcome>;
  lookup(activity: LookupActivity, parts: ActivityParts): Promise<ActivityOutcome>;
  script(activity: ScriptActivity, parts: ActivityParts): Promise<ActivityOutcome>;
}

/** What an activity works with. */
export interface ActivityParts {
  readonly engine: RunEngine;
  readonly label: ActivityLabel;
  readonly activityRunId: string;
  readonly pipelineRunId: string;
  readonly signal: AbortSignal;
  /** The JSON with its expressions evaluated. @throws `EXPRESSION_INVALID`, `EXPRESSION_FAILED` */
  evaluate(json: unknown, path: string): ExpressionValue;
  /** What the run record shows as the input. */
  setInput(input: ExpressionObject): void;
}
