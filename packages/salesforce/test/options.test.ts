import { secret } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { salesforce, type SalesforceOrg } from '../src/index.ts';
import { rejectionOf } from './thrown.ts';

const ORG = {
  environmentUrl: 'https://acme.my.salesforce.com',
  apiVersion: '64.0',
  clientId: 'key',
  clientSecret: secret.env('SF_SECRET'),
};

async function refusal(work: (org: SalesforceOrg) => unknown): Promise<unknown> {
  await using org = salesforce(ORG);
  return await rejectionOf(
    (async () => {
      work(org);
    })(),
  );
}

describe('options that are wrong', () => {
  it('are named together, each with what it must be and what it is for', async () => {
    const options = { object: 'Account', operation: 'merge', writeBatchSize: 0, externalld: 'Key__c' };

    // As from a program without types.
    const error = await refusal((org) => org.ingest(options as unknown as { readonly object: string }));

    expect(error).toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'salesforce ingest: operation must be insert, upsert, update, delete or hardDelete; writeBatchSize must be at least 1; externalld is not known; did you mean externalId?',
      hint: expect.stringMatching(
        /^Correct the options of salesforce ingest\.\noperation: What the org does with each row\..*\nwriteBatchSize: Rows of an ingest job/,
      ),
    });
  });

  it('of a query, of a report and of the org are told alike', async () => {
    const query = await refusal((org) => org.query('SELECT Id FROM Account', { pageSize: 0.5 }));
    const report = await refusal((org) => org.report('00O000000000001AAA', { truncated: 'no' as 'error' }));
    const org = await rejectionOf(
      (async () => {
        salesforce({ ...ORG, gzip: 'yes' as unknown as boolean, proxy: 'nowhere' });
      })(),
    );

    expect(query).toMatchObject({ message: 'salesforce query: pageSize must be a whole number' });
    expect(report).toMatchObject({ message: expect.stringMatching(/^salesforce report: truncated must be /) });
    expect(org).toMatchObject({
      message: 'salesforce: proxy must be a URL; gzip must be true or false',
      hint: expect.stringContaining('proxy: URL of a proxy, or false for none.'),
    });
  });

  it('do not show what was given', async () => {
    const error = await rejectionOf(
      (async () => {
        salesforce({ ...ORG, clientSecret: 'hunter2' as unknown as typeof ORG.clientSecret });
      })(),
    );

    expect(error).toMatchObject({ message: 'salesforce: clientSecret must be a secret or a reference to one' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});
