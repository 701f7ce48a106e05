import { secret } from '@sluice/core';
import { parseOptions } from '@sluice/core/options';
import { createOrg, startEmulator, type Emulator, type StartEmulatorOptions } from '@sluice/salesforce-emulator';

import { createIngestJob } from '../src/bulk-ingest/ingest-job.ts';
import type { JobReference } from '../src/bulk-job/bulk-job.ts';
import { createOrgClient, type OrgClient } from '../src/org/org-client.ts';
import { orgOptions, type OrgOptions } from '../src/org/org-options.ts';
import type { TestRun } from './run-context.ts';

export interface EmulatedIngest extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly records: ReturnType<typeof createOrg>;
  readonly client: OrgClient;
}

/** An org with one object to write to, and a client of it, below the sink. */
export async function emulatedIngest(
  options: { readonly emulator?: StartEmulatorOptions; readonly org?: Partial<OrgOptions> } = {},
): Promise<EmulatedIngest> {
  const records = createOrg({ objects: { Item__c: { fields: { Number__c: { type: 'int', digits: 10 } } } } });
  const emulator = await startEmulator({ ...options.emulator, org: records });
  const client = createOrgClient(
    parseOptions('test', orgOptions, {
      environmentUrl: emulator.url,
      clientId: emulator.clientId,
      clientSecret: secret.value(emulator.clientSecret),
      apiVersion: '64.0',
      proxy: false,
      ...options.org,
    }),
  );
  return {
    emulator,
    records,
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
      records[Symbol.dispose]();
    },
  };
}

export async function openJob({ client }: EmulatedIngest, { ctx }: TestRun): Promise<JobReference> {
  const { apiVersion, http } = client;
  const request = {
    apiVersion,
    object: 'Item__c',
    operation: 'insert',
    externalIdFieldName: undefined,
    assignmentRuleId: undefined,
  } as const;
  const { id } = await createIngestJob(http, request, ctx);
  return { id, apiVersion };
}
