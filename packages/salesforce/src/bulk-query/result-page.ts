import type { IncomingHttpHeaders } from 'node:http';

import type { Context } from '@sluice/core';

import type { JobReference } from '../bulk-job/bulk-job.ts';
import type { ResponseBody } from '../http/response-body.ts';
import { statusOf } from '../http/salesforce-fault.ts';
import { headerText, type SalesforceHttp } from '../http/salesforce-http.ts';
import { jobGone, jobPath } from './query-job.ts';

/** A page whose head is in. Disposing of it closes its connection. */
export interface ResultPage extends Disposable {
  /** Names the page in errors. */
  readonly what: string;
  /** Its id. */
  readonly job: string;
  readonly chunks: ResponseBody['chunks'];
  /** By the org's own count; undefined when it sent none. */
  readonly announcedRows: number | undefined;
  /** Asks for the next page of a sequence; undefined behind the last. */
  readonly nextLocator: string | undefined;
  /** The end of the body is marked, so that a cut cannot look like an end. */
  readonly isEndMarked: boolean;
}

/**
 * Asks for a page. Bulk API 2.0 Developer Guide, "Get Results for a Query Job", read 2026-11.
 *
 * @throws `JOB_GONE` when the job or its result is no longer there.
 */
export async function openPage(
  http: SalesforceHttp,
  job: JobReference,
  { number, path }: { readonly number: number; readonly path: string },
  ctx: Context,
): Promise<ResultPage> {
  const what = `read result page ${number} of query job ${job.id}`;
  const { value: body, headers } = await http
    .stream({ what, method: 'GET', path, accept: 'text/csv', safe: true }, ctx)
    .catch((error: unknown) => {
      throw statusOf(error) === 404 ? jobGone(job.id, error) : error;
    });
  const locator = headerText(headers, 'sforce-locator')?.trim() ?? '';
  return {
    what,
    job: job.id,
    chunks: body.chunks,
    announcedRows: announcedRows(headerText(headers, 'sforce-numberofrecords')),
    nextLocator: locator === '' || locator === 'null' ? undefined : locator,
    isEndMarked: isEndMarked(headers),
    [Symbol.dispose]: () => {
      body[Symbol.dispose]();
    },
  };
}

/** Of a page of the sequence. The same number of rows is asked for every time: what a change would do is not documented. */
export function pathOfLocator(job: JobReference, locator: string | null, pageRows: number): string {
  const query = new URLSearchParams({ ...(locator === null ? {} : { locator }), maxRecords: String(pageRows) });
  return `${jobPath(job)}/results?${query.toString()}`;
}

function announcedRows(header: string | undefined): number | undefined {
  return header !== undefined && /^\s*\d+\s*$/.test(header) ? Number(header) : undefined;
}

function isEndMarked(headers: IncomingHttpHeaders): boolean {
  return (
    headers['content-length'] !== undefined ||
    headerText(headers, 'transfer-encoding')?.toLowerCase().includes('chunked') === true ||
    /gzip/i.test(headerText(headers, 'content-encoding') ?? '')
  );
}
