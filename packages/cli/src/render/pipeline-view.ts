import type { ActivityLabel, ActivityRun, PipelineEvent } from '@sluice/adf';

import type { Output } from './output.ts';
import { progressText } from './progress-text.ts';
import { durationText } from './quantity-text.ts';

/** Shows what a pipeline does while it does it. */
export function showPipeline(output: Output): (event: PipelineEvent) => void {
  return (event) => {
    switch (event.kind) {
      case 'activityStarted':
        output.say(line(event.activity, 'started'));
        return;
      case 'activityProgress': {
        const { activity, progress } = event;
        if (!output.isQuiet) output.live?.show(line(activity, progressText(progress, progress.elapsedMs)));
        return;
      }
      case 'activityEnded':
        output.live?.clear();
        output.say(line(event.activity, endText(event.run)));
        return;
      case 'note':
        output.say(line(event.activity, `${event.code}: ${event.message}`));
        return;
      default:
    }
  };
}

function line({ depth, activityName, activityType }: ActivityLabel, text: string): string {
  return `${'  '.repeat(depth)}${activityName} (${activityType})  ${text}`;
}

function endText({ status, durationInMs, error }: ActivityRun): string {
  const time = durationInMs === null ? '' : ` after ${durationText(durationInMs)}`;
  return `${status}${time}${error === null ? '' : `: ${error.message}`}`;
}
