import { Secret } from '@sluice/core';

import type { ExpressionObject } from '../expression/expression-value.ts';
import { reveal } from '../expression/secret-value.ts';
import { activityError } from './activity-error.ts';
import { failureMessage, runActivities } from './activity-list.ts';
import { ActivityRecords } from './activity-records.ts';
import { parameterValues } from './parameter-value.ts';
import { ReturnValues } from './return-values.ts';
import type { EndedPipeline, PipelineStart, RunEngine } from './run-engine.ts';
import type { PipelineRun, PipelineStatus } from './run-record.ts';
import { type PipelineState, RunScope } from './run-scope.ts';
import { Variables } from './variables.ts';

/** Runs a pipeline to its end. It fails by its record alone. */
export async function runPipelineOnce(engine: RunEngine, runId: string, start: PipelineStart): Promise<EndedPipeline> {
  const { clock, redaction } = engine;
  const { pipeline, depth } = start;
  const startMs = clock.now();
  engine.emit({ kind: 'pipelineStarted', runId, pipelineName: pipeline.name, depth });
  const records = new ActivityRecords();
  const returnValues = new ReturnValues();
  let parameters = start.parameters;
  let variables: Variables | undefined;
  let ended: PipelineEnd;
  try {
    parameters = parameterValues(
      { what: `pipeline ${pipeline.name}`, parameters: pipeline.properties.parameters },
      start.parameters,
    );
    // What is made of one is hidden, too, wherever a part of it comes up.
    for (const value of Object.values(parameters)) if (Secret.is(value)) redaction.reveal(value);
    variables = new Variables(pipeline.properties.variables);
    if (start.past !== undefined) variables.restore(start.past.variables);
    await start.history?.append({
      kind: 'started',
      runId,
      pipelineName: pipeline.name,
      runStart: new Date(startMs).toISOString(),
      parameters: redaction.object(withoutSecrets(parameters)),
    });
    const state: PipelineState = {
      runId,
      pipelineName: pipeline.name,
      groupId: start.groupId,
      depth,
      system: systemVariables(engine, runId, parameters, start),
      variables,
      returnValues,
      records,
      history: start.history,
      past: start.past,
    };
    ended = await endOf(pipeline.properties.activities, new RunScope(engine, state), start.signal);
  } catch (error) {
    ended = { status: 'Failed', message: redaction.text(activityError(error, pipeline.name).message) };
  }
  const endMs = clock.now();
  const run: PipelineRun = {
    runId,
    pipelineName: pipeline.name,
    ...ended,
    parameters: redaction.object(parameters),
    variables: redaction.object(variables?.values() ?? {}),
    invokedBy: start.invokedBy,
    runStart: new Date(startMs).toISOString(),
    runEnd: new Date(endMs).toISOString(),
    durationInMs: endMs - startMs,
    activityRuns: records.ended(),
  };
  await start.history?.append({ kind: 'ended', run });
  engine.emit({ kind: 'pipelineEnded', run, depth });
  return { run, returnValues: returnValues.values() };
}

/** Secrets are not kept: whoever runs the pipeline again gives them again. */
function withoutSecrets(parameters: ExpressionObject): ExpressionObject {
  return Object.fromEntries(
    Object.entries(parameters).filter(([, value]) => value === undefined || reveal(value)?.hadSecret === false),
  );
}

interface PipelineEnd {
  readonly status: PipelineStatus;
  readonly message: string;
}

async function endOf(
  activities: PipelineStart['pipeline']['properties']['activities'],
  scope: RunScope,
  signal: AbortSignal,
): Promise<PipelineEnd> {
  try {
    const outcome = await runActivities(activities, scope, signal);
    return outcome.status === 'Succeeded'
      ? { status: 'Succeeded', message: '' }
      : { status: 'Failed', message: failureMessage(outcome.failures) };
  } catch (error) {
    if (signal.aborted) return { status: 'Cancelled', message: 'The run was cancelled.' };
    throw error;
  }
}

/** `pipeline()`. */
function systemVariables(
  { factory, clock }: RunEngine,
  runId: string,
  parameters: ExpressionObject,
  { pipeline, invokedBy, groupId }: PipelineStart,
): ExpressionObject {
  return {
    DataFactory: factory.name,
    Pipeline: pipeline.name,
    RunId: runId,
    GroupId: groupId,
    TriggerType: invokedBy.invokedByType,
    TriggerId: invokedBy.pipelineRunId ?? runId,
    TriggerName: invokedBy.name,
    TriggerTime: `${new Date(clock.now()).toISOString().slice(0, -1)}0000Z`,
    TriggeredByPipelineName: invokedBy.pipelineName ?? null,
    TriggeredByPipelineRunId: invokedBy.pipelineRunId ?? null,
    parameters,
    // Whatever JSON holds is a value.
    globalParameters: factory.globalParameters as ExpressionObject,
  };
}
