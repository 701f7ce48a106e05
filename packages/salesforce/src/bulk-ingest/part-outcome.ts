import { SluiceError, type Context, type PartResult, type PreparedPart } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import { errorDetail } from '../http/error-detail.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { joinResults, type JobResults, type JoinedResults, type LostJob } from '../ingest-rows/join/join-results.ts';
import { keepOrderOfLoads } from '../ingest-rows/join/load-order.ts';
import type { JobEnd } from './close-job.ts';
import type { IngestMessage, IngestTarget, LoadJob, PartLoad } from './ingest-state.ts';
import { readResultSet } from './result-set.ts';
import { unprocessedReject, VOID_REJECT } from './unprocessed-rows.ts';
import { emptySet, noRecords, unsentRecords } from './unsent-records.ts';

/** Where a part was written to. */
export interface PartSetting {
  readonly http: SalesforceHttp;
  readonly target: IngestTarget;
  readonly schema: Schema;
}

/** A part whose jobs are all over, and how each came to its end, by id. */
interface EndedPart extends PartSetting {
  readonly prepared: PreparedPart<IngestMessage>;
  readonly ends: ReadonlyMap<string, JobEnd>;
}

interface LoadOutcome {
  readonly load: PartLoad;
  readonly joined: JoinedResults;
}

/** A result set that ends early at the end of a row looks whole: it is read so often before its rows are in doubt. */
const UNBALANCED_READINGS = 3;
const NAMED_REASONS = 5;

/** What became of the rows of a part, by the result sets of its jobs. */
export async function partOutcome(
  setting: PartSetting,
  prepared: PreparedPart<IngestMessage>,
  ends: ReadonlyMap<string, JobEnd>,
  ctx: Context,
): Promise<PartResult> {
  const { part, message } = prepared;
  const ended = { ...setting, prepared, ends };
  const outcomes: LoadOutcome[] = [];
  for (const load of message.loads) {
    if (load.jobs.length > 0) outcomes.push({ load, joined: await loadOutcome(ended, load, ctx) });
  }
  if (outcomes.length > 1) await keepOrderOfLoads(outcomes.map(({ joined }) => joined.settled));
  const inDoubt = outcomes.flatMap(({ load, joined }) =>
    joined.inDoubt.map(({ from, to }) => ({ from: from + load.from, to: to + load.from })),
  );
  return {
    part,
    writtenRows: outcomes.reduce((sum, { joined }) => sum + joined.writtenRows, 0),
    rejects: numberedInPart(outcomes, (joined) => joined.rejects()),
    ...(inDoubt.length === 0 ? {} : { inDoubt }),
    written: numberedInPart(outcomes, (joined) => joined.written()),
  };
}

/** In the order they were uploaded. */
export function jobIdsOf({ loads }: IngestMessage): readonly string[] {
  return loads.flatMap(({ jobs }) => jobs.map(({ id }) => id));
}

/** Results may go away while they are read, and leave their rows in doubt. */
async function loadOutcome(ended: EndedPart, load: PartLoad, ctx: Context): Promise<JoinedResults> {
  const ends = new Map(ended.ends);
  for (;;) {
    try {
      const joined = await readOutcome({ ...ended, ends }, load, ctx);
      await noteFacts(joined, load, ctx);
      return joined;
    } catch (error) {
      ctx.signal.throwIfAborted();
      const gone = SluiceError.is(error) && error.code === 'JOB_GONE' ? errorDetail(error, 'job') : undefined;
      if (typeof gone !== 'string' || ends.get(gone)?.kind !== 'ended') throw error;
      ends.set(gone, { kind: 'lost' });
    }
  }
}

async function readOutcome(ended: EndedPart, load: PartLoad, ctx: Context): Promise<JoinedResults> {
  const { target, schema } = ended;
  const part = {
    plan: target.plan,
    schema,
    rows: () => rowsOfLoad(ended, load),
    rowCount: load.to - load.from,
    signal: ctx.signal,
  };
  const what = `read the results of ${load.jobs.map(({ id }) => `ingest job ${id}`).join(' and ')}`;
  let last: JoinedResults | undefined;
  let unbalancedReadings = 0;
  const read = async (): Promise<JoinedResults> => {
    // The job's own counts say which sets are empty; where that does not add up, all are read.
    const isCountTrusted = unbalancedReadings === 0;
    const jobs = load.jobs.map((job) => resultsOf(ended, load, job, { isCountTrusted }, ctx));
    last = await joinResults({ ...part, jobs });
    if (last.facts.unbalancedVariants.length === 0) return last;
    unbalancedReadings += 1;
    if (unbalancedReadings < UNBALANCED_READINGS) throw unbalanced(what);
    return last;
  };
  try {
    return await ctx.retry(read, { what, safe: true });
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (last !== undefined && SluiceError.is(error) && error.code === 'COUNT_MISMATCH') return last;
    throw error;
  }
}

function resultsOf(
  { http, target: { apiVersion, plan }, schema, ends, prepared }: EndedPart,
  load: PartLoad,
  { id, variant, rows: submittedRows }: LoadJob,
  { isCountTrusted }: { readonly isCountTrusted: boolean },
  ctx: Context,
): JobResults | LostJob {
  const end = ends.get(id);
  if (end === undefined || end.kind === 'lost') return { variant, submittedRows, isLost: true };
  if (end.kind === 'void') {
    return {
      variant,
      submittedRows,
      unprocessed: VOID_REJECT,
      successfulResults: () => emptySet('sf__Created'),
      failedResults: () => emptySet('sf__Error'),
      unprocessedRecords: () => unsentRecords(plan, schema, variant, rowsOfLoad({ prepared }, load)),
    };
  }
  const { state, processedRows, failedRows } = end.job;
  const reference = { id, apiVersion };
  const isAllProcessed = isCountTrusted && state === 'JobComplete' && processedRows === submittedRows;
  return {
    variant,
    submittedRows,
    unprocessed: unprocessedReject(end.job, end),
    successfulResults: () => readResultSet(http, reference, 'successfulResults', ctx),
    failedResults: () =>
      isAllProcessed && failedRows === 0 ? emptySet('sf__Error') : readResultSet(http, reference, 'failedResults', ctx),
    unprocessedRecords: () =>
      isAllProcessed ? noRecords(plan, schema, variant) : readResultSet(http, reference, 'unprocessedrecords', ctx),
  };
}

/** The rows of the part that went into a load. */
async function* rowsOfLoad(
  { prepared }: Pick<EndedPart, 'prepared'>,
  { from, to }: PartLoad,
): AsyncGenerator<RecordBatch, void, undefined> {
  let row = 0;
  for await (const batch of prepared.rows()) {
    const first = Math.max(0, from - row);
    const end = Math.min(batch.numRows, to - row);
    row += batch.numRows;
    if (first < end) yield first === 0 && end === batch.numRows ? batch : batch.slice(first, end);
    if (row >= to) return;
  }
}

function numberedInPart<T extends { readonly row: number }>(
  outcomes: readonly LoadOutcome[],
  rowsOf: (joined: JoinedResults) => AsyncIterable<readonly T[]>,
): AsyncIterable<readonly T[]> {
  return {
    async *[Symbol.asyncIterator]() {
      for (const { load, joined } of outcomes) {
        for await (const rows of rowsOf(joined)) {
          yield load.from === 0 ? rows : rows.map((row) => ({ ...row, row: row.row + load.from }));
        }
      }
    },
  };
}

/** Nothing of this says that a row is lost, and all of it is worth looking into. */
async function noteFacts({ facts }: JoinedResults, { jobs }: PartLoad, ctx: Context): Promise<void> {
  const named = jobs.map(({ id }) => id).join(' and ');
  const { unmatched, unbalancedVariants } = facts;
  if (unmatched.rows > 0) {
    const reasons = unmatched.messages.slice(0, NAMED_REASONS).map(({ code, rows }) => `${code}: ${rows}`);
    const why = reasons.length === 0 ? '' : `; failures among them: ${reasons.join(', ')}`;
    await ctx.note({
      code: 'INGEST_RESULTS_UNMATCHED',
      message: `${unmatched.rows} result rows of ingest job ${named} could be joined to no row that was sent${why}.`,
    });
  }
  if (unbalancedVariants.length > 0) {
    await ctx.note({
      code: 'INGEST_RESULTS_UNBALANCED',
      message: `The results of ingest job ${named} are not as many as the rows that were sent; which rows were written is in doubt.`,
    });
  }
}

function unbalanced(what: string): SluiceError {
  return new SluiceError('COUNT_MISMATCH', `${what}: they are not as many as the rows that were sent`, {
    retryable: true,
  });
}
