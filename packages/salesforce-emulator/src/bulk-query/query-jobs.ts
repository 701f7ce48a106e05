import type { EmulatorClock } from '../emulator-clock.ts';
import type { EmulatorSettings } from '../emulator-options.ts';
import { ApiFault, notFound } from '../http/api-fault.ts';
import type { JobNumbers } from '../job-numbers.ts';
import { type Org, SoqlFault } from '../org/org.ts';
import { recordId, toLongId } from '../org/record-id.ts';
import type { Quotas } from '../rest/quotas.ts';
import { csvColumns, SELECT_ORDER_SINCE } from './csv-columns.ts';
import type { JobRequest } from './job-request.ts';
import { type JobResult, liveResult } from './job-result.ts';
import { type PrerenderedResult, prerenderResult } from './prerendered-result.ts';
import { QueryJob } from './query-job.ts';

/** What a client gets wrong about names and grammar; what Bulk does not do is refused at once in any case. */
const STATEMENT_FAULTS = new Set(['INVALID_FIELD', 'INVALID_TYPE', 'MALFORMED_QUERY']);

export interface QueryJobsOptions {
  readonly org: Org;
  readonly clock: EmulatorClock;
  readonly quotas: Quotas;
  readonly numbers: JobNumbers;
  readonly options: Pick<EmulatorSettings, 'jobs' | 'results'>;
}

/** The query jobs of an org. */
export class QueryJobs implements Disposable {
  readonly #org: Org;
  readonly #clock: EmulatorClock;
  readonly #quotas: Quotas;
  readonly #numbers: JobNumbers;
  readonly #options: QueryJobsOptions['options'];
  readonly #jobs = new Map<string, QueryJob>();
  readonly #prerendered = new Map<string, PrerenderedResult>();

  constructor({ org, clock, quotas, numbers, options }: QueryJobsOptions) {
    this.#org = org;
    this.#clock = clock;
    this.#quotas = quotas;
    this.#numbers = numbers;
    this.#options = options;
  }

  /** Those there are, oldest first. */
  get all(): readonly QueryJob[] {
    this.#dropExpired();
    return [...this.#jobs.values()];
  }

  /** By its id, of 15 or 18 characters. */
  get(id: string): QueryJob | undefined {
    this.#dropExpired();
    return this.#jobs.get(toLongId(id) ?? id);
  }

  /** @throws {ApiFault} 404. */
  require(id: string): QueryJob {
    const job = this.get(id);
    if (job === undefined) throw notFound();
    return job;
  }

  /** Runs the query and keeps its rows as they are now. @throws {ApiFault} 400. */
  create(request: JobRequest): QueryJob {
    this.#dropExpired();
    this.#refuseOverQuota();
    const number = this.#numbers.next();
    const outcome = this.#run(request, number);
    this.#quotas.use('DailyBulkV2QueryJobs');
    const job = new QueryJob({
      id: recordId('750', number),
      number,
      request,
      ...outcome,
      clock: this.#clock,
      timing: this.#options.jobs,
      locatorForm: this.#options.results.locatorForm,
    });
    this.#jobs.set(job.id, job);
    return job;
  }

  /**
   * Runs a query and holds the pages of its result ready: later jobs with the same statement, delimiter and line ending
   * serve these rows, whatever has changed since. For benchmarks, where the org must not be what is measured.
   *
   * @throws {SoqlFault}
   */
  async prerender(soql: string, given: Partial<Omit<JobRequest, 'soql'>> = {}): Promise<PrerenderedResult> {
    const version = String(SELECT_ORDER_SINCE);
    const request: JobRequest = {
      operation: 'query',
      columnDelimiter: 'COMMA',
      lineEnding: 'LF',
      version,
      ...given,
      soql,
    };
    const result = await prerenderResult(this.#liveResult(request, 0), this.#options.results.pageRows);
    this.#prerendered.get(keyOf(request))?.[Symbol.dispose]();
    this.#prerendered.set(keyOf(request), result);
    return result;
  }

  /** The job and its result are gone, as when somebody else deletes it. */
  remove(id: string): void {
    const job = this.get(id);
    if (job === undefined) return;
    this.#jobs.delete(job.id);
    job[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    for (const job of this.#jobs.values()) job[Symbol.dispose]();
    for (const result of this.#prerendered.values()) result[Symbol.dispose]();
    this.#jobs.clear();
    this.#prerendered.clear();
  }

  #run(
    request: JobRequest,
    number: number,
  ): { readonly objectName: string; readonly result: JobResult | undefined; readonly failure: string | undefined } {
    try {
      const result = this.#result(request, number);
      return { objectName: result.objectName, result, failure: undefined };
    } catch (error) {
      if (!(error instanceof SoqlFault)) throw error;
      const { errorCode, message } = error;
      const { badSoql } = this.#options.jobs;
      if (!STATEMENT_FAULTS.has(errorCode) || badSoql === 'refuse') throw new ApiFault(400, errorCode, message);
      if (badSoql === 'refuseAsApiError') throw new ApiFault(400, 'API_ERROR', message);
      const objectName = /\bFROM\s+(\w+)/i.exec(request.soql)?.[1] ?? '';
      const failure = `InvalidBatch : Failed to process query: ${errorCode}: ${message}`;
      return { objectName, result: undefined, failure };
    }
  }

  #result(request: JobRequest, number: number): JobResult {
    const ready = this.#prerendered.get(keyOf(request));
    // It outlives the job.
    return ready === undefined ? this.#liveResult(request, number) : { ...ready, [Symbol.dispose]: () => {} };
  }

  #liveResult(request: JobRequest, number: number): JobResult {
    const { soql, operation, version, columnDelimiter, lineEnding } = request;
    const { integers, emptyBody, ...headers } = this.#options.results;
    const nowMs = this.#clock.now();
    const includeDeleted = operation === 'queryAll';
    const result = this.#org.query(soql, { includeDeleted, api: 'bulk', nowMs, orderSeed: number });
    const columns = csvColumns(soql, result.columns, Number(version), headers);
    return liveResult(result, columns, { columnDelimiter, lineEnding, integers, emptyBody });
  }

  #refuseOverQuota(): void {
    const jobs = 'DailyBulkV2QueryJobs';
    if (this.#quotas.remaining(jobs) < 1) {
      const [most, used] = [this.#quotas.most(jobs), this.#quotas.used(jobs)];
      const message = `Max bulk v2 query jobs (${most}) per 24 hrs has been reached (${used})`;
      throw new ApiFault(400, 'LIMIT_EXCEEDED', message);
    }
    const storage = 'DailyBulkV2QueryFileStorageMB';
    if (this.#quotas.remaining(storage) < 1) {
      const kilobytes = this.#quotas.most(storage) * 1024;
      const message = `Max bulk v2 query result size stored (${kilobytes}) kb per 24 hrs has been exceeded`;
      throw new ApiFault(400, 'LIMIT_EXCEEDED', message);
    }
  }

  #dropExpired(): void {
    const { retentionMs } = this.#options.jobs;
    for (const job of this.#jobs.values()) {
      const sinceMs = job.isTerminal ? job.stateMs : job.createdMs;
      if (this.#clock.now() - sinceMs < retentionMs) continue;
      this.#jobs.delete(job.id);
      job[Symbol.dispose]();
    }
  }
}

/** Equal for requests with the same result file. */
function keyOf({ soql, operation, columnDelimiter, lineEnding, version }: JobRequest): string {
  const isInSelectOrder = Number(version) >= SELECT_ORDER_SINCE;
  return JSON.stringify([soql.replaceAll(/\s+/g, ' ').trim(), operation, columnDelimiter, lineEnding, isInSelectOrder]);
}
