import { SluiceError, type Context, type Intent } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import type { IngestRequest } from '../ingest-rows/ingest-plan.ts';
import { planIngest } from '../ingest-rows/plan/plan-ingest.ts';
import { ADVISED_JOB_ROWS, MIN_ASSIGNMENT_RULE_API_VERSION } from '../limits.ts';
import type { OrgClient } from '../org/org-client.ts';
import { orgCatalog } from '../schema/org-catalog.ts';
import type { ParsedIngestOptions } from './ingest-options.ts';
import type { IngestTarget } from './ingest-state.ts';

/** Refuses what the org would, before any job, and writes down all that writing needs to know. */
export async function openTarget(
  client: OrgClient,
  options: ParsedIngestOptions,
  schema: Schema,
  intent: Intent,
  ctx: Context,
): Promise<IngestTarget> {
  requireIntent(options, intent);
  requireVersion(client, options);
  const { orgId } = await client.identity(ctx);
  const { plan, notes } = await planIngest(orgCatalog(client, ctx), schema, requestOf(options));
  for (const note of notes) await ctx.note(note);
  const { writeBatchSize, assignmentRuleId } = options;
  if (writeBatchSize < ADVISED_JOB_ROWS.from || writeBatchSize > ADVISED_JOB_ROWS.to) {
    await ctx.note({
      code: 'WRITE_BATCH_SIZE_UNUSUAL',
      message: `writeBatchSize is ${writeBatchSize}; advised are ${ADVISED_JOB_ROWS.from} to ${ADVISED_JOB_ROWS.to} rows: fewer cost more calls and waiting, more risk time-outs.`,
    });
  }
  return {
    v: 1,
    orgId,
    apiVersion: client.apiVersion,
    plan,
    ...(assignmentRuleId === undefined ? {} : { assignmentRuleId }),
  };
}

export function requestOf(options: ParsedIngestOptions): IngestRequest {
  const { object, operation, externalId, groupBy } = options;
  const {
    ignoreNullValues,
    requiredNulls,
    duplicateKeys,
    inexactNumbers,
    controlCharacters,
    picklists,
    writeEncrypted,
  } = options;
  return {
    object,
    operation,
    ...(externalId === undefined ? {} : { externalId }),
    ...(groupBy === undefined ? {} : { groupBy }),
    ignoreNullValues,
    requiredNulls,
    duplicateKeys,
    inexactNumbers,
    controlCharacters,
    picklists,
    writeEncrypted,
  };
}

function requireIntent({ object, operation, externalId }: ParsedIngestOptions, { mode, keys }: Intent): void {
  const where = `${operation} into ${object}`;
  if (mode === 'overwrite') {
    throw new SluiceError('CONFIG_INVALID', `${where}: mode overwrite would have to empty the object first`, {
      hint: 'Delete records by an ingest sink with the operation delete, then insert.',
    });
  }
  if (mode !== 'upsert') return;
  const isKey = keys?.length === 1 && keys[0]?.toLowerCase() === externalId?.toLowerCase();
  if (operation === 'upsert' && isKey) return;
  throw new SluiceError(
    'CONFIG_INVALID',
    operation === 'upsert'
      ? `${where}: mode upsert needs ${externalId ?? 'the external id'} as its one key`
      : `${where}: mode upsert needs the operation upsert`,
    { hint: 'Set operation: "upsert" and externalId on the sink, and leave mode and keys out of the copy.' },
  );
}

function requireVersion({ apiVersion }: OrgClient, { assignmentRuleId }: ParsedIngestOptions): void {
  if (assignmentRuleId === undefined || Number(apiVersion) >= MIN_ASSIGNMENT_RULE_API_VERSION) return;
  throw new SluiceError(
    'CONFIG_INVALID',
    `assignmentRuleId needs API version ${MIN_ASSIGNMENT_RULE_API_VERSION}.0, and apiVersion is ${apiVersion}`,
  );
}
