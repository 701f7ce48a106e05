import { abandon, type LeftBehind, type Logger, SluiceError } from '@sluice/core';

import type { Factory } from '../definition/factory.ts';
import { type InspectOptions, type Inspection, inspection } from '../inspect/inspect-options.ts';
import { withoutSecrets } from '../inspect/without-secrets.ts';
import { CopyMeter } from './copy-meter.ts';
import { type CopyProperties, type CopyRequest } from './copy-request.ts';
import type { CopyStates, UnsettledCopy } from './copy-states.ts';
import { type CopyEnds, identifiedEnds } from './identified-ends.ts';
import { copyMapping } from './mapping/copy-mapping.ts';
import { mappingRequest } from './mapping/request-of-copy.ts';
import { measuredSink } from './measured-sink.ts';
import { measuredSource } from './measured-source.ts';
import { openOrigin, openTarget } from './open-ends.ts';
import { hasSessionLog } from './open-session-log.ts';
import { replayDataset } from './recorded-dataset.ts';
import { sessionLogSink } from './session-log-sink.ts';

export type AbandonCopiesOptions = Omit<InspectOptions, 'parameters' | 'strict'>;

/**
 * Ends and removes what the copies of a run left behind when its process was killed: query jobs, staged files. Returns
 * what could not be.
 *
 * @throws `RUN_LOCKED` while the run goes on; `IO_FAILED`, `JOURNAL_UNREADABLE`.
 */
export async function abandonCopies(
  factory: Factory,
  states: CopyStates,
  options: AbandonCopiesOptions = {},
): Promise<readonly LeftBehind[]> {
  const left: LeftBehind[] = [];
  for (const copy of await states.unsettled()) {
    left.push(...(await abandonCopy(factory, copy, options)));
    await states.settle(copy.activityRunId);
  }
  return left;
}

async function abandonCopy(
  factory: Factory,
  { activityRunId, journal, entries, request }: UnsettledCopy,
  options: AbandonCopiesOptions,
): Promise<readonly LeftBehind[]> {
  const ended = entries.findLast((entry) => entry.kind === 'ended');
  if (ended?.end === 'committed') return ended.leftBehind;
  if (request === undefined) return [unopened(activityRunId, 'how to reach both ends was not kept: it held a secret')];
  const looking = inspection(factory, { ...options, strict: request.strict });
  try {
    return await withoutSecrets(looking.redaction, async () => {
      await using open = await openEnds(request, looking);
      return await abandon({
        ...identifiedEnds(activityRunId, open.ends),
        id: activityRunId,
        journal,
        ...logOf(options.log),
      });
    });
  } catch (error) {
    if (!SluiceError.is(error) || error.code === 'RUN_LOCKED') throw error;
    return [unopened(activityRunId, `${error.code}: ${error.message}`)];
  }
}

interface OpenEnds extends AsyncDisposable {
  readonly ends: CopyEnds;
}

/** Both ends as they were, whatever the definitions and the clock say today. */
async function openEnds(request: CopyRequest, { following, data, redaction, strict }: Inspection): Promise<OpenEnds> {
  // As it was written by the copy.
  const properties = request.properties as unknown as CopyProperties;
  const { pipelineRunId, activityRunId } = request;
  const engine = { redaction, strict };
  const from = replayDataset(request.input, following);
  const to = replayDataset(request.output, following);
  const parts = { engine, pipelineRunId, activityRunId };
  const target = await openTarget(properties, { from, to }, parts, data);
  const opened = await openOrigin(properties, { from, to }, parts, data);
  const meter = new CopyMeter(following.engine.clock);
  const ends = {
    source: measuredSource(opened.source, meter, { maxConnections: opened.maxConnections }),
    sink: measuredSink(target, meter),
    mapping: copyMapping(mappingRequest(properties)),
    // What was skipped is in the log already.
    rejected: hasSessionLog(properties) ? sessionLogSink(undefined) : undefined,
    intent: target.intent,
  };
  return {
    ends,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

function unopened(activityRunId: string, reason: string): LeftBehind {
  return {
    kind: 'copy',
    id: activityRunId,
    reason,
    hint: 'Look for query jobs and staged files of that run.',
  };
}

function logOf(log: Logger | undefined): { readonly log?: Logger } {
  return log === undefined ? {} : { log };
}
