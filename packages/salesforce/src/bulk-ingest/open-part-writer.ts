import type { Context, PartId } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import type { SalesforceHttp } from '../http/salesforce-http.ts';
import type { EncodingFacts } from '../ingest-rows/encode/ingest-encoder.ts';
import type { ParsedIngestOptions } from './ingest-options.ts';
import type { IngestTarget } from './ingest-state.ts';
import { createPartJob } from './job-creation.ts';
import { partMemo } from './part-memo.ts';
import { PartWriter } from './part-writer.ts';
import { voidJobs } from './void-job.ts';

export interface WriterSetting {
  readonly http: SalesforceHttp;
  readonly target: IngestTarget;
  readonly schema: Schema;
  readonly options: ParsedIngestOptions;
  readonly needsLength: () => boolean;
  readonly requireLength: () => void;
}

/** A writer for a part, whose jobs of earlier attempts are ended first: none of them was closed. */
export async function openPartWriter(setting: WriterSetting, part: PartId, ctx: Context): Promise<PartWriter> {
  const { http, target, schema, options, needsLength, requireLength } = setting;
  const { apiVersion, plan, assignmentRuleId } = target;
  const { object, operation, externalIdFieldName } = plan;
  const { deleteJobs, maxUploadBytes } = options;
  const memo = partMemo(ctx.memo);
  const voiding = { apiVersion, deleteJobs };
  const earlier = memo.state.jobs;
  await voidJobs(http, earlier, memo, voiding, ctx);
  const request = { apiVersion, object, operation, externalIdFieldName, assignmentRuleId };
  return new PartWriter({
    http,
    plan,
    schema,
    needsLength,
    requireLength,
    maxUploadBytes,
    ctx,
    createJob: async () => await createPartJob(http, request, memo, ctx),
    async uploaded(facts) {
      // Once more, for those that could not be ended then.
      for (const { id, reason } of await voidJobs(http, earlier, memo, voiding, ctx)) {
        await ctx.note({ code: 'INGEST_JOB_LEFT_OPEN', message: `Ingest job ${id} could not be ended: ${reason}` });
      }
      await noteFacts(facts, part, ctx);
    },
    giveUp: async () => {
      await voidJobs(http, memo.state.jobs, memo, voiding, ctx);
    },
  });
}

const FACTS: Readonly<Record<keyof EncodingFacts, readonly [code: string, what: string]>> = {
  inexactInOrg: [
    'INEXACT_IN_ORG',
    'numbers of more than 15 significant digits were sent, of which the org keeps the nearest double',
  ],
  unlistedPicklistValues: ['PICKLIST_VALUES_UNKNOWN', 'cells were sent with values that their picklist does not have'],
  supersededRows: ['ROWS_SUPERSEDED', 'rows were not sent, because a later one of the same part has their key'],
  requiredNullsLeft: ['REQUIRED_NULLS_LEFT', 'nulls were left out of fields that cannot be null'],
};

async function noteFacts(facts: readonly EncodingFacts[], { split, part, retry }: PartId, ctx: Context): Promise<void> {
  const name = `split ${split}, part ${part}${retry === undefined ? '' : `, retry ${retry}`}`;
  // The keys of an object literal are its type's.
  for (const key of Object.keys(FACTS) as (keyof EncodingFacts)[]) {
    const count = facts.reduce((sum, one) => sum + one[key], 0);
    const [code, what] = FACTS[key];
    if (count > 0) await ctx.note({ code, message: `${name}: ${count} ${what}.` });
  }
}
