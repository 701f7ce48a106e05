import { type Context, type Readable, SluiceError } from '@sluice/core';
import { parseOptions } from '@sluice/core/options';

import { ingestOptions, type IngestOptions } from './bulk-ingest/ingest-options.ts';
import { ingestSink, type IngestSink } from './bulk-ingest/ingest-sink.ts';
import { objectQuery, queryOptions, type BulkQueryOptions, type ObjectQuery } from './bulk-query/query-options.ts';
import { querySource, type QuerySource } from './bulk-query/query-source.ts';
import { checkOrg } from './org/check-org.ts';
import { discoverObjects } from './org/discover-objects.ts';
import { createOrgClient } from './org/org-client.ts';
import { orgOptions, type OrgOptions } from './org/org-options.ts';
import { isReportId, reportOptions, type ReportOptions } from './reports/report-options.ts';
import { reportSource, type ReportSource } from './reports/report-source.ts';

/** One Salesforce org, as one user. Sources and sinks made from it share its connections, session and metadata. */
export interface SalesforceOrg extends AsyncDisposable {
  /** Whether the credentials, the address and the API version work. No side effect. */
  check(ctx: Context): Promise<void>;
  /** The objects the user may query. */
  discover(ctx: Context): AsyncIterable<Readable>;
  /**
   * A query, as SOQL or as an object with fields and a filter, to read through a Bulk API 2.0 query job.
   *
   * @throws `CONFIG_INVALID` naming each option that is wrong.
   */
  query(query: string | ObjectQuery, options?: BulkQueryOptions): QuerySource;
  /**
   * A report, by its id, to read up to the 2,000 rows that an org gives of one.
   *
   * @throws `CONFIG_INVALID` naming each option that is wrong.
   */
  report(reportId: string, options?: ReportOptions): ReportSource;
  /**
   * An object to write to through Bulk API 2.0 ingest jobs.
   *
   * @throws `CONFIG_INVALID` naming each option that is wrong.
   */
  ingest(options: IngestOptions): IngestSink;
}

/**
 * An org to read from and to write to. Connects to nothing yet; dispose of it after its last use.
 *
 * @throws `CONFIG_INVALID` naming each option that is wrong, without its value.
 *
 * @example
 * await using org = salesforce({ environmentUrl, clientId, clientSecret: secret.env('SF_SECRET'), apiVersion: '64.0' });
 * const receipt = await copy({ from: org.query('SELECT Id, Name FROM Account'), to });
 */
export function salesforce(options: OrgOptions): SalesforceOrg {
  const client = createOrgClient(parseOptions('salesforce', orgOptions, options));

  return {
    check: async (ctx) => await checkOrg(client, ctx),
    discover: (ctx) => discoverObjects(client, ctx),
    query(query, options = {}) {
      const request =
        typeof query === 'string' ? { soql: query } : parseOptions('salesforce query', objectQuery, query);
      return querySource(client, request, parseOptions('salesforce query', queryOptions, options));
    },
    report(reportId, options = {}) {
      if (!isReportId(reportId)) {
        throw new SluiceError(
          'CONFIG_INVALID',
          'salesforce report: the id must have 15 or 18 characters and begin with 00O',
          {
            hint: 'Take it from the address of the report.',
          },
        );
      }
      return reportSource(client, reportId, parseOptions('salesforce report', reportOptions, options));
    },
    ingest: (options) => ingestSink(client, parseOptions('salesforce ingest', ingestOptions, options)),
    [Symbol.asyncDispose]: async () => await client[Symbol.asyncDispose](),
  };
}
