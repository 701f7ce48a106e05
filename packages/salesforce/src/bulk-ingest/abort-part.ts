import { SluiceError, type Context, type LeftBehind, type PartResult, type PreparedPart } from '@sluice/core';

import type { JobEnd } from './close-job.ts';
import type { IngestMessage } from './ingest-state.ts';
import { orphansOf } from './job-creation.ts';
import type { PartMemo } from './part-memo.ts';
import { jobIdsOf, partOutcome, type PartSetting } from './part-outcome.ts';
import { abortIngestJob, voidJobs, type VoidOptions } from './void-job.ts';

export interface AbortedPart {
  readonly leftBehind: readonly LeftBehind[];
  /** Where the org may have been told to process the part. */
  readonly result?: PartResult;
}

/** Ends the jobs of a part. What had begun to take effect is stopped, and its results are read. */
export async function abortPart(
  setting: PartSetting,
  prepared: PreparedPart<IngestMessage> | undefined,
  memo: PartMemo,
  options: VoidOptions,
  ctx: Context,
): Promise<AbortedPart> {
  const { http } = setting;
  const { jobs, closing } = memo.state;
  const orphans = orphansOf(memo.state);
  const isEffective = prepared !== undefined && jobIdsOf(prepared.message).some((id) => closing.includes(id));
  if (!isEffective) {
    return { leftBehind: [...(await voidJobs(http, jobs, memo, options, ctx)), ...orphans] };
  }
  const live = new Set(jobIdsOf(prepared.message));
  const stale = jobs.filter((id) => !live.has(id));
  const left = await voidJobs(http, stale, memo, options, ctx);
  const stopped = await stopPart(setting, prepared, memo, options, ctx);
  return { ...stopped, leftBehind: [...left, ...orphans, ...stopped.leftBehind] };
}

async function stopPart(
  setting: PartSetting,
  prepared: PreparedPart<IngestMessage>,
  memo: PartMemo,
  { apiVersion }: VoidOptions,
  ctx: Context,
): Promise<AbortedPart> {
  const { http } = setting;
  const ids = jobIdsOf(prepared.message);
  const ends = new Map<string, JobEnd>();
  try {
    for (const id of ids) {
      const wasClosed = memo.state.closing.includes(id);
      const job = await abortIngestJob(http, { id, apiVersion }, ctx);
      ends.set(id, job === undefined ? { kind: wasClosed ? 'lost' : 'void' } : { kind: 'ended', job, wasClosed });
    }
    return { leftBehind: [], result: await partOutcome(setting, prepared, ends, ctx) };
  } catch (error) {
    const reason = SluiceError.is(error) ? error.message : 'The time for cleaning up ran out.';
    const hint =
      'Look at it under Setup, Bulk Data Load Jobs: its results, kept for 7 days, tell which rows were written.';
    return {
      leftBehind: ids.map((id) => ({ kind: 'ingest job', id, reason, hint })),
      result: await doubtfulOutcome(setting, prepared, memo, ctx),
    };
  }
}

/** Where the org does not tell: what it may have been told to process is in doubt. */
async function doubtfulOutcome(
  setting: PartSetting,
  prepared: PreparedPart<IngestMessage>,
  { state }: PartMemo,
  ctx: Context,
): Promise<PartResult> {
  const ends = new Map<string, JobEnd>(
    jobIdsOf(prepared.message).map((id) => [id, { kind: state.closing.includes(id) ? 'lost' : 'void' }]),
  );
  return await partOutcome(setting, prepared, ends, ctx);
}
