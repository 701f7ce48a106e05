import {
  type Context,
  type Delivery,
  fingerprint,
  type Json,
  type LeftBehind,
  type Plan,
  type Source,
  SluiceError,
} from '@sluice/core';
import * as z from 'zod';

import { statusOf } from '../http/salesforce-fault.ts';
import { MAX_REPORT_RESULT_BYTES, MAX_REPORT_ROWS } from '../limits.ts';
import { checkOrg } from '../org/check-org.ts';
import type { OrgClient } from '../org/org-client.ts';
import { reportBatches } from './report-batches.ts';
import { parseReportResult, reportDescribe, type ReportResult } from './report-body.ts';
import { planReportColumns, type ReportColumn, reportColumn, reportSchema } from './report-columns.ts';
import type { ParsedReportOptions } from './report-options.ts';
import { countedRows, reportRows } from './report-rows.ts';

const reportState = z.object({
  v: z.literal(1),
  apiVersion: z.string(),
  columns: z.array(reportColumn),
});
const reportSplit = z.object({ v: z.literal(1) });

export type ReportState = z.output<typeof reportState>;
export type ReportSplit = z.output<typeof reportSplit>;
export type ReportSource = Source<ReportState, ReportSplit>;

/**
 * Reads the rows of one tabular or summary report by running it, which counts against the 500 runs an org allows an hour.
 *
 * Types come from the report's metadata: amounts and other numbers as decimals with room for any of them, since a report
 * tells neither precision nor scale; groups of months and the like as the text that is shown. Where the org has several
 * currencies, each amount has its currency in a column behind it. What the report shows in the language of the user is
 * taken for texts only.
 *
 * The report runs anew for every attempt, so that a run that is resumed fails with `SOURCE_CHANGED` where its rows have
 * changed. Memory: the whole result, 2,000 rows.
 *
 * Reports and Dashboards REST API Developer Guide, "Run Reports Synchronously or Asynchronously", read 2026-11.
 *
 * @throws `OBJECT_UNKNOWN` for a report that is not there or hidden; `PERMISSION_DENIED`; `QUOTA_EXCEEDED` after 500 runs in
 * an hour; `QUERY_UNSUPPORTED` for matrix and joined reports; `COUNT_MISMATCH` when rows are missing, those beyond 2,000
 * included; `SCHEMA_CHANGED`; `RESPONSE_TRUNCATED` (read again), `RESPONSE_INVALID`.
 */
export function reportSource(client: OrgClient, reportId: string, options: ParsedReportOptions): ReportSource {
  const { truncated, columnNames, texts } = options;

  return {
    contractVersion: 1,
    name: 'salesforce report',
    config: { environmentUrl: client.environmentUrl, reportId, truncated, columnNames, texts },
    traits: { ordered: true, positions: false },

    check: async (ctx) => await checkOrg(client, ctx),

    async plan(ctx): Promise<Plan<ReportState>> {
      await client.assertVersionOffered(ctx);
      const { apiVersion } = client;
      const request = {
        what: `describe report ${reportId}`,
        method: 'GET',
        path: `${pathOf(apiVersion, reportId)}/describe`,
        safe: true,
      } as const;
      const { value } = await explained(reportId, client.http.json(request, reportDescribe, ctx));
      const columns = planReportColumns(value, options);
      return {
        state: { v: 1, apiVersion, columns: [...columns] },
        schema: reportSchema(columns),
        estimate: { apiCalls: 1 },
        notes: [],
      };
    },

    async *splits(_plan, _ctx, after): AsyncGenerator<ReportSplit, void, undefined> {
      if (after === undefined) yield { v: 1 };
    },

    async *read(plan, split, ctx): AsyncGenerator<Delivery<Json>, void, undefined> {
      const { apiVersion, columns } = parsed('plan', reportState, plan);
      parsed('split', reportSplit, split);
      const result = await explained(reportId, runReport(client, reportId, apiVersion, ctx));
      requireSameColumns(columns, planReportColumns(result, options));
      const rows = [...reportRows(result, columns, options)];
      await requireAllRows(result, rows.length, truncated, ctx);
      for (const delivery of reportBatches(reportSchema(columns), rows, ctx.batch)) {
        ctx.signal.throwIfAborted();
        yield delivery;
      }
    },

    async finish(): Promise<readonly LeftBehind[]> {
      // A run leaves nothing behind.
      return [];
    },

    async [Symbol.asyncDispose]() {
      // Connections are the org's.
    },
  };
}

function pathOf(apiVersion: string, reportId: string): string {
  return `/services/data/v${apiVersion}/analytics/reports/${reportId}`;
}

async function runReport(
  { http }: OrgClient,
  reportId: string,
  apiVersion: string,
  ctx: Context,
): Promise<ReportResult> {
  const what = `run report ${reportId}`;
  const path = `${pathOf(apiVersion, reportId)}?includeDetails=true`;
  const { value: body } = await http.stream({ what, method: 'GET', path, safe: true }, ctx);
  using held = body;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of held.chunks) {
    bytes += chunk.byteLength;
    if (bytes > MAX_REPORT_RESULT_BYTES) {
      throw new SluiceError('RESPONSE_INVALID', `${what}: the answer is longer than ${MAX_REPORT_RESULT_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return parseReportResult(what, Buffer.concat(chunks).toString('utf8'));
}

/** Adds to a refusal what it means for reports. */
async function explained<T>(reportId: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const status = statusOf(error);
    if (!SluiceError.is(error) || status === undefined) throw error;
    if (status === 404) {
      throw new SluiceError('OBJECT_UNKNOWN', `report ${reportId} is not there, or hidden from the user`, {
        cause: error,
        hint: 'Take its id from the address of the report, and share its folder with the user.',
      });
    }
    if (status === 501) {
      throw new SluiceError('QUERY_UNSUPPORTED', `report ${reportId} is of a format that the API does not serve`, {
        cause: error,
        hint: 'Save it as a tabular or a summary report, or query its objects.',
      });
    }
    if (status === 403 && /every 60 minutes/.test(error.message)) {
      throw new SluiceError('QUOTA_EXCEEDED', error.message, {
        cause: error,
        hint: 'Wait until the hour is over, or query the objects of the report.',
      });
    }
    throw error;
  }
}

function requireSameColumns(planned: readonly ReportColumn[], found: readonly ReportColumn[]): void {
  if (fingerprint([...planned]) === fingerprint([...found])) return;
  throw new SluiceError('SCHEMA_CHANGED', 'the report has other columns than when it was planned', {
    hint: 'Start a new run.',
  });
}

/** @throws `COUNT_MISMATCH` */
async function requireAllRows(
  result: ReportResult,
  rows: number,
  truncated: ParsedReportOptions['truncated'],
  ctx: Context,
): Promise<void> {
  if (!result.allData) {
    const message = `the report has more rows than the ${MAX_REPORT_ROWS} an org gives of one, and ${rows} came`;
    if (truncated === 'allow') return await ctx.note({ code: 'REPORT_TRUNCATED', message });
    throw new SluiceError('COUNT_MISMATCH', message, {
      hint: 'Filter the report, query its objects instead, or accept the rows that come with `truncated: "allow"`.',
    });
  }
  const counted = countedRows(result);
  if (counted === undefined || counted === rows) return;
  throw new SluiceError('COUNT_MISMATCH', `the org counts ${counted} rows of the report, and ${rows} came`, {
    hint: 'Start the run again; if it fails again, remove the grouping that hides rows.',
  });
}

function parsed<T>(what: string, schema: z.ZodType<T>, value: Json): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SluiceError('POSITION_UNSUPPORTED', `this version cannot read the ${what} of the report`, {
    hint: 'Resume with the version that began the run.',
  });
}
