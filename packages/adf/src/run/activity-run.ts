import type { Activity } from '../definition/activity/activity.ts';
import { type ExpressionObject, type ExpressionValue, isObject } from '../expression/expression-value.ts';
import { conceal, reveal } from '../expression/secret-value.ts';
import { activityError, innerFailure } from './activity-error.ts';
import { type ActivityPolicy, policyOf } from './activity-policy.ts';
import { HIDDEN } from './redaction.ts';
import type { ActivityLabel } from './run-engine.ts';
import type { ActivityOutcome, ActivityRun } from './run-record.ts';
import type { RunScope } from './run-scope.ts';
import { withTimeLimit } from './time-limit.ts';

export interface ActivityTurn {
  /** Whether what it depends on ended as it should. */
  readonly isMet: boolean;
}

/** Runs an activity as often as its policy allows, takes it down, and lets the activities behind it see it. */
export async function runActivity(
  activity: Activity,
  scope: RunScope,
  signal: AbortSignal,
  { isMet }: ActivityTurn,
): Promise<ActivityOutcome> {
  const { engine, state } = scope;
  const label: ActivityLabel = {
    pipelineName: state.pipelineName,
    activityName: activity.name,
    activityType: activity.type,
    depth: scope.depth,
  };
  if (signal.aborted) return cancelled(activity.name);
  const past = scope.isTop ? state.past?.activities.get(activity.name.toLowerCase()) : undefined;
  if (past !== undefined && isMet) return takeOver(past, label, scope);
  const outcome = !isMet
    ? takeDown(label, scope, { status: 'Skipped' })
    : activity.state === 'Inactive'
      ? takeDown(label, scope, inactive(activity))
      : await runAttempts(activity, label, scope, signal);
  scope.setActivity(activity.name, seenOutcome(outcome));
  if (scope.isTop) await keep(activity, outcome, scope);
  return outcome;

  function takeDown(of: ActivityLabel, { state: { records } }: RunScope, ended: ActivityOutcome): ActivityOutcome {
    const run = runRecord(of, ended, { activityRunId: engine.newId() });
    records.open()(run);
    engine.emit({ kind: 'activityEnded', activity: of, run });
    return ended;
  }
}

/** An activity that succeeded in a run before is as it was then. */
function takeOver(run: ActivityRun, label: ActivityLabel, scope: RunScope): ActivityOutcome {
  const { output } = run;
  const outcome: ActivityOutcome = {
    status: 'Succeeded',
    ...(output !== null && isObject(output) ? { output } : {}),
  };
  scope.state.records.open()(run);
  scope.engine.emit({ kind: 'activityEnded', activity: label, run });
  scope.setActivity(label.activityName, seenOutcome(outcome));
  return outcome;
}

/** Writes down what a run that is run again would need. */
async function keep(activity: Activity, outcome: ActivityOutcome, { engine, state }: RunScope): Promise<void> {
  const run = state.records.last(activity.name);
  if (state.history === undefined || run === undefined) return;
  const variables = state.variables.values();
  await state.history.append({
    kind: 'activityEnded',
    run,
    isReusable: outcome.status === 'Succeeded' && run.activityRunStart !== null && !holdsSecret(outputOf(outcome)),
    variables: engine.redaction.object(variables),
    hasVariables: !holdsSecret(variables),
  });
}

async function runAttempts(
  activity: Activity,
  label: ActivityLabel,
  scope: RunScope,
  signal: AbortSignal,
): Promise<ActivityOutcome> {
  const { clock } = scope.engine;
  for (let attempt = 0; ; attempt++) {
    const { outcome, policy } = await runAttempt(activity, label, scope, signal, attempt);
    if (outcome.status !== 'Failed' || policy === undefined || attempt >= policy.retries) return outcome;
    try {
      await clock.sleep(policy.retryIntervalMs, signal);
    } catch (error) {
      if (signal.aborted) return cancelled(activity.name);
      throw error;
    }
  }
}

interface Attempt {
  readonly outcome: ActivityOutcome;
  /** `undefined` where it cannot be evaluated. */
  readonly policy: ActivityPolicy | undefined;
}

async function runAttempt(
  activity: Activity,
  label: ActivityLabel,
  scope: RunScope,
  signal: AbortSignal,
  retryAttempt: number,
): Promise<Attempt> {
  const { engine, state } = scope;
  const { clock, redaction } = engine;
  const activityRunId = engine.newId();
  const close = state.records.open();
  const startMs = clock.now();
  let input: ExpressionObject | null = null;
  let policy: ActivityPolicy | undefined;
  engine.emit({ kind: 'activityStarted', activity: label });

  const work = async (limited: AbortSignal): Promise<ActivityOutcome> =>
    await engine.perform(activity, scope, {
      engine,
      label,
      activityRunId,
      pipelineRunId: state.runId,
      signal: limited,
      evaluate: (json, path) => scope.evaluate(json, path),
      setInput(given) {
        input = given;
      },
    });
  let outcome: ActivityOutcome;
  try {
    policy = policyOf(activity, (json, path) => scope.evaluate(json, path));
    const what = `the activity ${JSON.stringify(activity.name)}`;
    outcome =
      policy.timeoutMs === undefined
        ? await work(signal)
        : await withTimeLimit({ clock, signal, limitMs: policy.timeoutMs, what }, work);
  } catch (error) {
    outcome = signal.aborted
      ? cancelled(activity.name)
      : { status: 'Failed', error: activityError(error, activity.name) };
  }
  outcome = withoutSecrets(outcome, policy, (text) => redaction.text(text));
  const run = runRecord(label, outcome, {
    activityRunId,
    retryAttempt,
    startMs,
    endMs: clock.now(),
    input: policy?.hidesInput === true ? HIDDEN : redaction.json(input),
    output: policy?.hidesOutput === true ? HIDDEN : redaction.json(outputOf(outcome)),
  });
  close(run);
  engine.emit({ kind: 'activityEnded', activity: label, run });
  return { outcome, policy };
}

/** What was to be hidden stays hidden wherever it is used. */
function withoutSecrets(
  outcome: ActivityOutcome,
  policy: ActivityPolicy | undefined,
  redact: (text: string) => string,
): ActivityOutcome {
  const output = outputOf(outcome);
  const shown = {
    ...outcome,
    // An object stays one.
    ...(output !== null && policy?.hidesOutput === true ? { output: conceal(output) as ExpressionObject } : {}),
  };
  if (!('error' in shown)) return shown;
  return { ...shown, error: { ...shown.error, message: redact(shown.error.message) } };
}

function outputOf(outcome: ActivityOutcome): ExpressionObject | null {
  return 'output' in outcome ? (outcome.output ?? null) : null;
}

function holdsSecret(value: ExpressionValue): boolean {
  return reveal(value)?.hadSecret !== false;
}

interface RunFacts {
  readonly activityRunId: string;
  readonly retryAttempt?: number;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly input?: ExpressionValue;
  readonly output?: ExpressionValue;
}

function runRecord(
  { activityName, activityType }: ActivityLabel,
  outcome: ActivityOutcome,
  { activityRunId, retryAttempt = 0, startMs, endMs, input = null, output = null }: RunFacts,
): ActivityRun {
  const hasRun = startMs !== undefined && endMs !== undefined;
  return {
    activityRunId,
    activityName,
    activityType,
    status: outcome.status,
    activityRunStart: hasRun ? new Date(startMs).toISOString() : null,
    activityRunEnd: hasRun ? new Date(endMs).toISOString() : null,
    durationInMs: hasRun ? endMs - startMs : null,
    retryAttempt,
    input,
    output,
    error: 'error' in outcome ? outcome.error : null,
  };
}

/** What `activity('name')` gives. */
function seenOutcome(outcome: ActivityOutcome): ExpressionObject {
  const error = 'error' in outcome ? { ...outcome.error } : null;
  return { Status: outcome.status, output: outputOf(outcome) ?? {}, error };
}

function inactive({ name, onInactiveMarkAs: status }: Activity): ActivityOutcome {
  if (status !== 'Failed') return { status };
  return { status, error: innerFailure(name, 'ActivityInactive', 'The activity is inactive and marked as failed.') };
}

function cancelled(name: string): ActivityOutcome {
  return { status: 'Cancelled', error: innerFailure(name, 'Cancelled', 'The run was cancelled.') };
}
