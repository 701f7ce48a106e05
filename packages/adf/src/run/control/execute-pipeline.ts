import type { ExecutePipelineActivity } from '../../definition/activity/activity.ts';
import { type ExpressionObject, isObject } from '../../expression/expression-value.ts';
import { innerFailure } from '../activity-error.ts';
import { requirePipeline } from '../find-definition.ts';
import type { ActivityParts } from '../run-engine.ts';
import type { ActivityOutcome } from '../run-record.ts';
import type { RunScope } from '../run-scope.ts';
import { invalidValue, requireBoolean } from '../run-value.ts';

/** Starts another pipeline, and waits for it where it is told to. */
export async function runExecutePipeline(
  { name, typeProperties }: ExecutePipelineActivity,
  { state }: RunScope,
  { engine, evaluate, setInput, pipelineRunId, signal }: ActivityParts,
): Promise<ActivityOutcome> {
  const waitPath = 'typeProperties.waitOnCompletion';
  const waits = requireBoolean(evaluate(typeProperties.waitOnCompletion, waitPath), waitPath);
  const parameters = evaluate(typeProperties.parameters, 'typeProperties.parameters');
  if (!isObject(parameters)) throw invalidValue('typeProperties.parameters', 'an object');
  const pipeline = requirePipeline(engine.factory, typeProperties.pipeline.referenceName);
  setInput({ pipeline: pipeline.name, parameters, waitOnCompletion: waits });
  const started = engine.startPipeline({
    pipeline,
    parameters,
    invokedBy: { name, invokedByType: 'PipelineActivity', pipelineName: state.pipelineName, pipelineRunId },
    groupId: state.groupId,
    depth: state.depth + 1,
    // What is not waited for goes on beyond the bounds of this activity.
    signal: waits ? signal : engine.signal,
  });
  const facts: ExpressionObject = { pipelineName: pipeline.name, pipelineRunId: started.runId };
  if (!waits) return { status: 'Succeeded', output: facts };
  const { run, returnValues } = await started.ended;
  signal.throwIfAborted();
  const output = { ...facts, pipelineReturnValue: returnValues };
  if (run.status === 'Succeeded') return { status: 'Succeeded', output };
  return { status: 'Failed', output, error: innerFailure(name, 'PipelineFailed', run.message) };
}
