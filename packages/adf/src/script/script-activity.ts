import { SluiceError } from '@sluice/core';

import { copyError } from '../copy/copy-fault.ts';
import { INTEGRATION_RUNTIME } from '../copy/copy-output.ts';
import type { DataOptions } from '../copy/data-options.ts';
import { openStore } from '../copy/files/file-location.ts';
import { type OpenDatabase, openDatabase } from '../copy/postgres/open-database.ts';
import type { ScriptActivity } from '../definition/activity/activity.ts';
import { scriptActivity } from '../definition/activity/script-activity.ts';
import { type ExpressionObject, isObject } from '../expression/expression-value.ts';
import { type Following, linkedServiceRequest } from '../resolve/linked-service.ts';
import { resolveProperties } from '../resolve/resolve-properties.ts';
import type { ActivityParts } from '../run/run-engine.ts';
import type { ActivityOutcome } from '../run/run-record.ts';
import { withTimeLimit } from '../run/time-limit.ts';
import { timeSpanMs } from '../run/time-span.ts';
import { bindScript, type ScriptParameter } from './bind-script.ts';
import { scriptLogFolder, writeScriptLog } from './script-log.ts';
import { MAX_SCRIPT_ROWS, ScriptOutput } from './script-output.ts';

/** What editors write; the service names no default. */
const SCRIPT_TIMEOUT_MS = 2 * 3_600_000;

/** Runs scripts in a database, one after the other, each of them as a whole or not at all. */
export async function runScriptActivity(
  activity: ScriptActivity,
  parts: ActivityParts,
  options: DataOptions,
): Promise<ActivityOutcome> {
  const { engine, signal, label } = parts;
  const startMs = engine.clock.now();
  try {
    const output = await runScripts(activity, parts, options);
    return {
      status: 'Succeeded',
      output: {
        ...output,
        effectiveIntegrationRuntime: INTEGRATION_RUNTIME,
        executionDuration: Math.round((engine.clock.now() - startMs) / 1000),
        durationInQueue: { integrationRuntimeQueue: 0 },
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!SluiceError.is(error)) throw error;
    const failed = { activityName: label.activityName, activityType: 'Script', side: undefined } as const;
    return { status: 'Failed', output: {}, error: copyError(error, failed) };
  }
}

async function runScripts(
  { typeProperties, linkedServiceName }: ScriptActivity,
  { engine, signal, evaluate, setInput, activityRunId, label }: ActivityParts,
  { vaults, factoryFolder }: DataOptions,
): Promise<ExpressionObject> {
  const { redaction, factory, clock } = engine;
  const { value: properties, shown } = resolveProperties(
    scriptActivity.shape.typeProperties,
    typeProperties,
    'typeProperties',
    { evaluate, reveal: (secret) => redaction.reveal(secret) },
  );
  setInput(isObject(shown) ? shown : {});
  const { scripts, scriptBlockExecutionTimeout, logSettings } = properties;
  const following: Following = { factory, engine, vaults, signal };
  const blocks = scripts.map(({ text, parameters, type }, index) => ({
    // Names are texts, and expressions are gone.
    statements: bindScript(text, parameters as readonly ScriptParameter[], `scripts[${index}]`),
    parameters: parameters as readonly ScriptParameter[],
    isQuery: type === 'Query',
    what: `scripts[${index}]`,
  }));
  const request = linkedServiceRequest(linkedServiceName, evaluate, following);
  const database = await openDatabase(request, { redaction, factoryFolder });
  const limitMs = timeoutMs(scriptBlockExecutionTimeout, database);
  const location = logSettings?.logDestination === 'ExternalStore' ? logSettings.logLocationSettings : undefined;
  const store =
    location === undefined
      ? undefined
      : await openStore(linkedServiceRequest(location.linkedServiceName, evaluate, following), factoryFolder);
  const { activityName } = label;
  const folder =
    store === undefined ? '' : scriptLogFolder({ root: store.root, path: location?.path, activityName, activityRunId });
  const output = new ScriptOutput();
  for (const { statements, parameters, isQuery, what } of blocks) {
    const result = await withTimeLimit(
      { clock, signal, limitMs, what },
      async (limited) => await database.db.run(statements, { signal: limited, maxRows: MAX_SCRIPT_ROWS }),
    );
    output.add(result, isQuery, parameters);
  }
  if (store !== undefined) await writeLog(store.root, folder, output.logs);
  return output.toObject({ isPart: logSettings?.logDestination === 'ActivityOutput', location: folder });

  /** What a log fails with is no reason to run scripts again. */
  async function writeLog(root: string, logFolder: string, text: string): Promise<void> {
    try {
      await writeScriptLog(root, logFolder, text);
    } catch (error) {
      if (!SluiceError.is(error)) throw error;
      engine.emit({ kind: 'note', activity: label, code: 'LOG_NOT_WRITTEN', message: redaction.text(error.message) });
    }
  }
}

function timeoutMs(timeout: string | undefined, { commandTimeoutMs }: OpenDatabase): number {
  if (timeout === undefined) return commandTimeoutMs ?? SCRIPT_TIMEOUT_MS;
  return timeSpanMs(timeout, 'scriptBlockExecutionTimeout');
}
