import type { ActivityRun, PipelineResult, PipelineRun } from '@sluice/adf';

import { durationText, plural } from './quantity-text.ts';
import { tableLines } from './table-text.ts';

/** What a run of a pipeline did, for people: the pipelines it ran come behind it. */
export function pipelineRunLines({ run, childRuns }: PipelineResult): readonly string[] {
  return [...runLines(run), ...childRuns.flatMap((child) => ['', ...runLines(child)])];
}

function runLines({
  runId,
  pipelineName,
  status,
  durationInMs,
  message,
  activityRuns,
}: PipelineRun): readonly string[] {
  return [
    `pipeline ${pipelineName}: ${status} in ${durationText(durationInMs)}, run ${runId}`,
    ...tableLines(activityRuns.map(activityCells), '  '),
    ...(message === '' ? [] : message.split('\n').map((text) => `  ${text}`)),
  ];
}

function activityCells({ activityName, activityType, status, durationInMs, output }: ActivityRun): readonly string[] {
  const time = durationInMs === null ? '' : durationText(durationInMs);
  return [activityName, activityType, status, time, rowsText(output)];
}

/** Of copies and lookups. */
function rowsText(output: ActivityRun['output']): string {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return '';
  const [read, copied, skipped] = [
    member(output, 'rowsRead'),
    member(output, 'rowsCopied'),
    member(output, 'rowsSkipped'),
  ];
  const count = member(output, 'count');
  if (copied === undefined) return count === undefined ? '' : plural(count, 'row');
  return `${plural(read ?? copied, 'row')} read, ${plural(copied, 'row')} copied${skipped === 0 || skipped === undefined ? '' : `, ${plural(skipped, 'row')} skipped`}`;
}

function member(output: object, name: string): number | undefined {
  const value: unknown = Object.entries(output).find(([key]) => key === name)?.[1];
  return typeof value === 'number' ? value : undefined;
}
