import { SluiceError } from '@sluice/core';

import type { LookupActivity } from '../definition/activity/activity.ts';
import { lookupActivity } from '../definition/activity/data-activities.ts';
import { type ExpressionObject, isObject } from '../expression/expression-value.ts';
import { openDataset } from '../resolve/dataset.ts';
import { resolveProperties } from '../resolve/resolve-properties.ts';
import type { ActivityParts } from '../run/run-engine.ts';
import type { ActivityOutcome } from '../run/run-record.ts';
import { withTimeLimit } from '../run/time-limit.ts';
import { copyError } from './copy-fault.ts';
import { CopyMeter } from './copy-meter.ts';
import { INTEGRATION_RUNTIME } from './copy-output.ts';
import { retryOf } from './copy-retry.ts';
import type { DataOptions } from './data-options.ts';
import { lookUpRows } from './lookup-rows.ts';
import { openSource } from './open-source.ts';

/** Azure Data Factory, "Lookup activity", read 2026-11. */
const MAX_DURATION_MS = 24 * 3_600_000;

/** Reads rows into the output of the activity. */
export async function runLookupActivity(
  activity: LookupActivity,
  parts: ActivityParts,
  options: DataOptions,
): Promise<ActivityOutcome> {
  const { engine, signal } = parts;
  const meter = new CopyMeter(engine.clock);
  const what = `the lookup ${JSON.stringify(activity.name)}`;
  try {
    const limit = { clock: engine.clock, signal, limitMs: MAX_DURATION_MS, what };
    const looked = await withTimeLimit(
      limit,
      async (limited) => await lookUp(activity, { ...parts, signal: limited }, options, meter),
    );
    return {
      status: 'Succeeded',
      output: {
        ...looked,
        effectiveIntegrationRuntime: INTEGRATION_RUNTIME,
        durationInQueue: { integrationRuntimeQueue: 0 },
      },
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!SluiceError.is(error)) throw error;
    const side = meter.sideOf(error);
    return {
      status: 'Failed',
      output: {},
      error: copyError(error, { activityName: activity.name, activityType: 'Lookup', side }),
    };
  }
}

async function lookUp(
  { typeProperties }: LookupActivity,
  parts: ActivityParts,
  options: DataOptions,
  meter: CopyMeter,
): Promise<ExpressionObject> {
  const { engine, signal, evaluate, setInput, label } = parts;
  const { clock, random, redaction, log, factory } = engine;
  const { value: properties, shown } = resolveProperties(
    lookupActivity.shape.typeProperties,
    typeProperties,
    'typeProperties',
    { evaluate, reveal: (secret) => redaction.reveal(secret) },
  );
  setInput(isObject(shown) ? shown : {});
  const dataset = openDataset(typeProperties.dataset, evaluate, { factory, engine, vaults: options.vaults, signal });
  await using opened = await openSource(properties.source, dataset, engine, options, { asDocuments: true });
  const note = (code: string, message: string): void =>
    engine.emit({ kind: 'note', activity: label, code, message: redaction.text(message) });
  const output = await lookUpRows(opened, properties, {
    meter,
    note,
    run: { signal, clock, random, log, retry: retryOf(properties.source) },
  });
  for (const { code, message } of meter.notes.values()) note(code, message);
  return output;
}
