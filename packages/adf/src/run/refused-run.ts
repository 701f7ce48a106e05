import { randomUUID } from 'node:crypto';

import type { PipelineRun } from './run-record.ts';

/** The record of a run that never began: nothing was touched. */
export function refusedRun(
  pipelineName: string,
  message: string,
  atMs: number,
  runId: string = randomUUID(),
): PipelineRun {
  const at = new Date(atMs).toISOString();
  return {
    runId,
    pipelineName,
    status: 'Failed',
    parameters: {},
    variables: {},
    invokedBy: { name: 'Manual', invokedByType: 'Manual' },
    runStart: at,
    runEnd: at,
    durationInMs: 0,
    message,
    activityRuns: [],
  };
}
