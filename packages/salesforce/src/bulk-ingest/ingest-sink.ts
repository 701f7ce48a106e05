import { SluiceError, type Context, type PreparedPart, type Sink, type SinkTraits } from '@sluice/core';

import { checkOrg } from '../org/check-org.ts';
import type { OrgClient } from '../org/org-client.ts';
import { assertSameOrg } from '../org/org-identity.ts';
import { abortPart } from './abort-part.ts';
import { createBulkBatches, type BulkBatches } from './bulk-batches.ts';
import { runIngestJob, type JobEnd } from './close-job.ts';
import { deleteIngestJob } from './ingest-job.ts';
import type { ParsedIngestOptions } from './ingest-options.ts';
import { parseMessage, parseTarget, type IngestMessage, type IngestTarget } from './ingest-state.ts';
import { openPartWriter } from './open-part-writer.ts';
import { openTarget, requestOf } from './open-target.ts';
import { partMemo } from './part-memo.ts';
import { jobIdsOf, partOutcome, type PartSetting } from './part-outcome.ts';

export type IngestSink = Sink<IngestTarget, IngestMessage>;

/** Jobs side by side where their order does not matter: more of them contend for the same locks. */
const PARALLEL_JOBS = 4;
/** The chunk under way, the one that waits, and what an encoder keeps of keys. */
const BUFFER_BYTES = 4 * 1024 * 1024;
const KEY_BYTES = 20;

/**
 * Writes rows through Bulk API 2.0 ingest jobs, a job for each part, and another for each further header that a part
 * needs.
 *
 * A part is encoded straight into an upload; once the org has acknowledged all of it, its job is closed, and the verdict
 * on every row is read and joined to the rows. Each row is sent to be processed at most once: an upload that was not
 * acknowledged is given up with its job, which nobody closes, and the rows go into another. That holds for as long as
 * the run's journal does. Memory: two chunks of about 1 MiB a writer, and 20 bytes a row of a part where rows have keys.
 *
 * Bulk API 2.0 Developer Guide, "Bulk API 2.0 Ingest", read 2026-11.
 *
 * @throws what the plan of the columns refuses; `QUOTA_EXCEEDED` before a job is closed that the org's allocation has no
 * room for; `JOB_FAILED`, `JOB_GONE` for a job that somebody else ended before its rows were there; `DEADLINE_EXCEEDED`;
 * `RUN_MISMATCH` in another org.
 */
export function ingestSink(client: OrgClient, options: ParsedIngestOptions): IngestSink {
  const { http } = client;
  const { deleteJobs, assignmentRuleId } = options;
  const bulkBatches = createBulkBatches(client);
  let isLengthNeeded = false;

  /** @throws `POSITION_UNSUPPORTED`; `RUN_MISMATCH` in another org than the run began in. */
  async function settingOf(target: IngestTarget, schema: PartSetting['schema'], ctx: Context): Promise<PartSetting> {
    const parsed = parseTarget(target);
    assertSameOrg(parsed.orgId, await client.identity(ctx));
    return { http, target: parsed, schema };
  }

  return {
    contractVersion: 1,
    name: 'salesforce ingest',
    // What decides on what is written; sizes of jobs and waiting may change from one attempt to the next.
    config: {
      environmentUrl: client.environmentUrl,
      ...requestOf(options),
      ...(assignmentRuleId === undefined ? {} : { assignmentRuleId }),
    },
    traits: traitsOf(options),

    check: async (ctx) => await checkOrg(client, ctx),

    async open(schema, intent, ctx) {
      const target = await openTarget(client, options, schema, intent, ctx);
      await bulkBatches.requireAny(ctx);
      return target;
    },

    async writer(target, schema, part, ctx) {
      const setting = await settingOf(target, schema, ctx);
      return await openPartWriter(
        {
          ...setting,
          options,
          needsLength: () => isLengthNeeded,
          requireLength: () => {
            isLengthNeeded = true;
          },
        },
        part,
        ctx,
      );
    },

    async *commit(target, schema, parts, ctx) {
      const setting = await settingOf(target, schema, ctx);
      for (const part of parts) {
        const prepared = { ...part, message: parseMessage(part.message) };
        const ends = await runJobs(setting, prepared, options, bulkBatches, ctx);
        yield await partOutcome(setting, prepared, ends, ctx);
        // Whoever asked for the results has kept them by now.
        if (deleteJobs) await deleteJobsOf(setting, ends, ctx);
      }
    },

    async abort(target, schema, staged, ctx) {
      const setting = await settingOf(target, schema, ctx);
      const voiding = { apiVersion: setting.target.apiVersion, deleteJobs };
      const aborted = [];
      for (const part of staged) {
        const prepared = part.message === undefined ? undefined : { ...part, message: parseMessage(part.message) };
        aborted.push(await abortPart(setting, prepared, partMemo(part.memo), voiding, ctx));
      }
      return {
        leftBehind: aborted.flatMap(({ leftBehind }) => leftBehind),
        results: aborted.flatMap(({ result }) => (result === undefined ? [] : [result])),
      };
    },

    async [Symbol.asyncDispose]() {
      // Connections are the org's.
    },
  };
}

function traitsOf(options: ParsedIngestOptions): SinkTraits {
  const { operation, keysAreUnique, maxConcurrentConnections, writeBatchSize } = options;
  const isAnyOrder = operation === 'insert' || keysAreUnique;
  return {
    guarantee: 'idempotent',
    commit: 'part',
    keepsRows: true,
    writers: isAnyOrder ? (maxConcurrentConnections ?? PARALLEL_JOBS) : 1,
    bufferBytes: BUFFER_BYTES + (operation === 'insert' ? 0 : KEY_BYTES * writeBatchSize),
    part: { rows: writeBatchSize },
  };
}

/** One after another: rows with one key take effect in order, and no more jobs are active than there are writers. */
async function runJobs(
  { http, target: { apiVersion } }: PartSetting,
  { message, memo }: PreparedPart<IngestMessage>,
  { poll, jobTimeoutMs }: ParsedIngestOptions,
  bulkBatches: BulkBatches,
  ctx: Context,
): Promise<ReadonlyMap<string, JobEnd>> {
  const ends = new Map<string, JobEnd>();
  const remembered = partMemo(memo);
  const jobs = message.loads.flatMap((load) => load.jobs);
  const isNew = ({ id }: { readonly id: string }): boolean => !remembered.state.closing.includes(id);
  await bulkBatches.reserve(
    jobs.filter(isNew).map(({ rows }) => rows),
    ctx,
  );
  for (const id of jobIdsOf(message)) {
    ends.set(id, await runIngestJob(http, { id, apiVersion }, remembered, { poll, jobTimeoutMs }, ctx));
  }
  return ends;
}

/** What stays decides nothing about the rows. */
async function deleteJobsOf(
  { http, target: { apiVersion } }: PartSetting,
  ends: ReadonlyMap<string, JobEnd>,
  ctx: Context,
): Promise<void> {
  for (const [id, { kind }] of ends) {
    if (kind !== 'ended') continue;
    try {
      await deleteIngestJob(http, { id, apiVersion }, ctx);
    } catch (error) {
      ctx.signal.throwIfAborted();
      const reason = SluiceError.is(error) ? error.message : 'an unknown failure';
      await ctx.note({ code: 'INGEST_JOB_KEPT', message: `Ingest job ${id} could not be deleted: ${reason}` });
    }
  }
}
