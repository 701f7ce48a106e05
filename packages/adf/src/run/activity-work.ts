import { SluiceError } from '@sluice/core';

import type { Activity } from '../definition/activity/activity.ts';
import { runIfCondition, runSwitch } from './control/branches.ts';
import { runExecutePipeline } from './control/execute-pipeline.ts';
import { runFilter } from './control/filter.ts';
import { runForEach } from './control/for-each.ts';
import { runAppendVariable, runSetVariable } from './control/set-variable.ts';
import { runFail, runWait } from './control/steps.ts';
import { runUntil } from './control/until.ts';
import type { ActivityParts } from './run-engine.ts';
import type { ActivityOutcome } from './run-record.ts';
import type { RunScope } from './run-scope.ts';

/** Does what an activity is there for, once. @throws what it fails with. */
export async function performActivity(
  activity: Activity,
  scope: RunScope,
  parts: ActivityParts,
): Promise<ActivityOutcome> {
  switch (activity.type) {
    case 'Copy':
      return await parts.engine.data.copy(activity, parts);
    case 'Lookup':
      return await parts.engine.data.lookup(activity, parts);
    case 'Script':
      return await parts.engine.data.script(activity, parts);
    case 'SetVariable':
      return runSetVariable(activity, scope, parts);
    case 'AppendVariable':
      return runAppendVariable(activity, scope, parts);
    case 'Wait':
      return await runWait(activity, parts);
    case 'Fail':
      return runFail(activity, parts);
    case 'Filter':
      return runFilter(activity, scope, parts);
    case 'ExecutePipeline':
      return await runExecutePipeline(activity, scope, parts);
    case 'ForEach':
      return await runForEach(activity, scope, parts);
    case 'IfCondition':
      return await runIfCondition(activity, scope, parts);
    case 'Switch':
      return await runSwitch(activity, scope, parts);
    case 'Until':
      return await runUntil(activity, scope, parts);
    default:
      throw new SluiceError('CONNECTOR_MISSING', `activities of type ${activity.type} cannot be run here`);
  }
}
