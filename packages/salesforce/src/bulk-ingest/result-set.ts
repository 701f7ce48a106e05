import type { Context } from '@sluice/core';

import type { JobReference } from '../bulk-job/bulk-job.ts';
import { statusOf } from '../http/salesforce-fault.ts';
import { headerText, type SalesforceHttp } from '../http/salesforce-http.ts';
import { fetchIngestJob, ingestJobPath } from './ingest-job.ts';

/** As the paths spell them. */
export type ResultSetName = 'successfulResults' | 'failedResults' | 'unprocessedrecords';

const LF = 0x0a;

/**
 * The bytes of a result set, asked for when they are wanted and as fast as they are read.
 *
 * Bulk API 2.0 Developer Guide, "Get Job Successful Record Results" and the pages next to it, read 2026-11. They speak of
 * no pages; where an org names a next one all the same, it is read, without its header row.
 *
 * @throws `JOB_GONE`; `RESPONSE_TRUNCATED` and `CONNECTION_LOST` from within, after which it may be read again.
 */
export async function* readResultSet(
  http: SalesforceHttp,
  job: JobReference,
  name: ResultSetName,
  ctx: Context,
): AsyncGenerator<Uint8Array, void, undefined> {
  const what = `read ${name} of ingest job ${job.id}`;
  const seen = new Set<string>();
  let locator: string | undefined;
  do {
    const query = locator === undefined ? '' : `?${new URLSearchParams({ locator }).toString()}`;
    const path = `${ingestJobPath(job)}/${name}/${query}`;
    const { value, headers } = await http
      .stream({ what, method: 'GET', path, accept: 'text/csv', safe: true }, ctx)
      .catch(async (error: unknown) => {
        // Throws that the job is gone, if it is.
        if (statusOf(error) === 404) await fetchIngestJob(http, job, ctx);
        throw error;
      });
    using body = value;
    yield* locator === undefined ? body.chunks : behindFirstLine(body.chunks);
    const next = headerText(headers, 'sforce-locator')?.trim() ?? '';
    locator = next === '' || next === 'null' || seen.has(next) ? undefined : next;
    seen.add(next);
  } while (locator !== undefined);
}

async function* behindFirstLine(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let isBehind = false;
  for await (const chunk of chunks) {
    if (isBehind) {
      yield chunk;
      continue;
    }
    const end = chunk.indexOf(LF);
    if (end === -1) continue;
    isBehind = true;
    if (end + 1 < chunk.length) yield chunk.subarray(end + 1);
  }
}
