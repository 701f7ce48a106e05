import { copy, type CopyOptions, type Receipt, type RunOptions, SluiceError } from '@sluice/core';

import type { CopyActivity } from '../definition/activity/activity.ts';
import { copyProperties } from '../definition/copy/copy-properties.ts';
import { isObject } from '../expression/expression-value.ts';
import { inContext } from '../inspect/in-context.ts';
import type { Following } from '../resolve/linked-service.ts';
import { resolveProperties } from '../resolve/resolve-properties.ts';
import type { ActivityParts } from '../run/run-engine.ts';
import type { ActivityOutcome } from '../run/run-record.ts';
import { copyError } from './copy-fault.ts';
import { CopyMeter } from './copy-meter.ts';
import { type CopyFacts, copyOutput, failedOutput } from './copy-output.ts';
import { requestText } from './copy-request.ts';
import { retryOf } from './copy-retry.ts';
import type { DataOptions } from './data-options.ts';
import { identifiedEnds } from './identified-ends.ts';
import { copyMapping } from './mapping/copy-mapping.ts';
import { mappingRequest } from './mapping/request-of-copy.ts';
import { measuredSink } from './measured-sink.ts';
import { measuredSource } from './measured-source.ts';
import { openOrigin, openTarget } from './open-ends.ts';
import { openSessionLog } from './open-session-log.ts';
import type { OpenedSink, WrittenTarget } from './opened-sink.ts';
import { recordDataset } from './recorded-dataset.ts';
import { sessionLogSink } from './session-log-sink.ts';

/** Copies rows from the input dataset to the output dataset, all of them or none. */
export async function runCopyActivity(
  activity: CopyActivity,
  parts: ActivityParts,
  options: DataOptions,
): Promise<ActivityOutcome> {
  const { engine, signal } = parts;
  const meter = new CopyMeter(engine.clock);
  const facts = {
    meter,
    sourceType: '',
    sinkType: '',
    startMs: engine.clock.now(),
    isVerified: false,
    dataIntegrationUnits: undefined,
  };
  const told: { facts: CopyFacts } = { facts };
  try {
    const receipt = await copyRows(activity, parts, options, told);
    return { status: 'Succeeded', output: copyOutput(receipt, told.facts) };
  } catch (error) {
    signal.throwIfAborted();
    if (!SluiceError.is(error)) throw error;
    const side = meter.sideOf(error);
    const failure = copyError(error, { activityName: activity.name, activityType: 'Copy', side });
    return { status: 'Failed', error: failure, output: failedOutput(failure.message, failure.errorCode, told.facts) };
  }
}

async function copyRows(
  { typeProperties, inputs, outputs }: CopyActivity,
  parts: ActivityParts,
  options: DataOptions,
  told: { facts: CopyFacts },
): Promise<Receipt> {
  const { engine, signal, evaluate, setInput } = parts;
  const { clock, random, redaction } = engine;
  const { meter } = told.facts;
  const resolving = { evaluate, reveal: (secret: Parameters<typeof redaction.reveal>[0]) => redaction.reveal(secret) };
  const { value: properties, shown } = resolveProperties(copyProperties, typeProperties, 'typeProperties', resolving);
  setInput(isObject(shown) ? shown : {});

  const following: Following = { factory: engine.factory, engine, vaults: options.vaults, signal };
  // The schema has seen to it that there is one of each.
  const { dataset: from, record: input } = recordDataset(inputs[0]!, evaluate, following);
  const { dataset: to, record: output } = recordDataset(outputs[0]!, evaluate, following);
  told.facts = {
    ...told.facts,
    sourceType: from.linkedService.linkedService.properties.type,
    sinkType: to.linkedService.linkedService.properties.type,
    dataIntegrationUnits: properties.dataIntegrationUnits,
    isVerified: properties.validateDataConsistency,
  };
  await using target = await openTarget(properties, { from, to }, parts, options);
  const calls = { signal, clock, random, log: engine.log, retry: retryOf(properties.source, properties.sink) };
  const there = await writtenTarget(target, meter, calls);
  const log = await openSessionLog(properties, parts, following, options.factoryFolder);
  if (log !== undefined) told.facts = { ...told.facts, logFilePath: log.folder };
  await using opened = await openOrigin(properties, { from, to }, parts, options);
  const { activityRunId, pipelineRunId, label } = parts;
  const ends = identifiedEnds(activityRunId, {
    source: measuredSource(opened.source, meter, { maxConnections: opened.maxConnections }),
    sink: measuredSink(target, meter),
    mapping: copyMapping(mappingRequest(properties, there?.columns)),
    rejected: log === undefined ? undefined : sessionLogSink(log),
    intent: { ...target.intent, ...(there?.keys === undefined ? {} : { keys: there.keys }) },
  });
  const kept = { activityName: label.activityName, pipelineRunId, activityRunId, properties, input, output };
  const journal = await options.copies?.begin(
    activityRunId,
    requestText({ ...kept, strict: engine.strict }, redaction),
  );
  const run = copy({
    ...ends,
    id: activityRunId,
    ...(journal === undefined ? {} : { journal }),
    maxRejects: properties.enableSkipIncompatibleRow ? Infinity : 0,
    // Nothing in a definition allows for them: such rows are not known to be incompatible.
    maxInDoubt: 0,
    ...calls,
    ...parallelismOf(properties.parallelCopies, opened.maxConnections),
  });
  run.progress$.subscribe((progress) => engine.emit({ kind: 'activityProgress', activity: parts.label, progress }));
  run.events$.subscribe((event) => {
    if (event.kind === 'note') engine.emit({ kind: 'note', activity: parts.label, ...noteOf(event.note, redaction) });
  });
  try {
    const receipt = await run;
    const filesRead = opened.filesRead?.();
    if (filesRead !== undefined) told.facts = { ...told.facts, filesRead };
    log?.flush();
    return receipt;
  } finally {
    await options.copies?.settle(activityRunId);
  }
}

/** What there is already of what the rows go to. */
async function writtenTarget(
  { sink, target }: OpenedSink,
  meter: CopyMeter,
  calls: RunOptions,
): Promise<WrittenTarget | undefined> {
  if (target === undefined) return undefined;
  return await meter.on('Sink', async () => await inContext(sink.name, target, calls));
}

function noteOf(
  { code, message }: { readonly code: string; readonly message: string },
  redaction: ActivityParts['engine']['redaction'],
): { readonly code: string; readonly message: string } {
  return { code, message: redaction.text(message) };
}

function parallelismOf(
  parallelCopies: number | undefined,
  maxConnections: number | undefined,
): Pick<CopyOptions, 'parallelism'> {
  if (parallelCopies === undefined && maxConnections === undefined) return {};
  return { parallelism: Math.min(parallelCopies ?? Infinity, maxConnections ?? Infinity) };
}
