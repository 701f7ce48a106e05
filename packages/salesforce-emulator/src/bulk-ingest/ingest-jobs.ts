import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { EmulatorClock } from '../emulator-clock.ts';
import type { EmulatorSettings } from '../emulator-options.ts';
import { ApiFault, notFound } from '../http/api-fault.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';
import type { JobNumbers } from '../job-numbers.ts';
import type { ObjectDefinition, Org } from '../org/org.ts';
import { recordId, toLongId } from '../org/record-id.ts';
import type { Quotas } from '../rest/quotas.ts';
import { IngestJob } from './ingest-job.ts';
import type { IngestRequest } from './ingest-request.ts';
import { RECORD_QUOTA } from './ingest-run.ts';
import { fieldNamed } from './upload-header.ts';

export interface IngestJobsOptions {
  readonly org: Org;
  readonly clock: EmulatorClock;
  readonly quotas: Quotas;
  readonly numbers: JobNumbers;
  readonly options: Pick<EmulatorSettings, 'jobs' | 'ingest'>;
}

/** The ingest jobs of an org. Uploads and results are files in a folder of their own, removed with this. */
export class IngestJobs implements AsyncDisposable {
  readonly #parts: IngestJobsOptions;
  readonly #jobs = new Map<string, IngestJob>();
  readonly #removals = new Set<Promise<void>>();
  #folder: string | undefined;

  constructor(parts: IngestJobsOptions) {
    this.#parts = parts;
  }

  /** Those there are, oldest first. */
  get all(): readonly IngestJob[] {
    this.#dropExpired();
    return [...this.#jobs.values()];
  }

  /** By its id, of 15 or 18 characters. */
  get(id: string): IngestJob | undefined {
    this.#dropExpired();
    return this.#jobs.get(toLongId(id) ?? id);
  }

  /** @throws {ApiFault} 404. */
  require(id: string): IngestJob {
    const job = this.get(id);
    if (job === undefined) throw notFound();
    return job;
  }

  /** @throws {ApiFault} when the org does not take such a job, or no more of them. */
  create(request: IngestRequest): IngestJob {
    const { org, clock, quotas, numbers, options } = this.#parts;
    const { ingest: settings } = options;
    this.#dropExpired();
    const object = this.#requireObject(request.object);
    this.#requireKey(object, request);
    if (request.operation === 'hardDelete' && !settings.hardDelete) {
      const message =
        'hardDelete operation requires special user profile permission, please contact your system administrator';
      throw new ApiFault(400, 'FEATURENOTENABLED', message);
    }
    if (quotas.remaining('DailyBulkApiBatches') < 1 || quotas.used(RECORD_QUOTA) >= settings.dailyRecords) {
      throw new UnverifiedFault('ingestQuota');
    }
    const number = numbers.next();
    const id = recordId('750', number);
    this.#folder ??= mkdtempSync(join(tmpdir(), 'salesforce-emulator-'));
    const path = join(this.#folder, String(number));
    const job = new IngestJob({ id, path, request, object, org, clock, quotas, settings, seed: number });
    this.#jobs.set(id, job);
    return job;
  }

  /** The job and its results are gone, as when somebody else deletes it. What it saved stays. */
  remove(id: string): void {
    const job = this.get(id);
    if (job !== undefined) this.#drop(job);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const job of this.#jobs.values()) this.#drop(job);
    await Promise.all(this.#removals);
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  #requireObject(name: string): ObjectDefinition {
    const object = this.#parts.org.object(name);
    if (object?.createable === true && object.bulk) return object;
    throw new UnverifiedFault('unknownObject', `Entity '${name}' is not supported by the Bulk API.`);
  }

  #requireKey(object: ObjectDefinition, { operation, externalIdFieldName: name }: IngestRequest): void {
    if ((operation === 'upsert') !== (name !== undefined)) {
      const message = 'InvalidJob : externalIdFieldName is required for upsert, and usable for nothing else';
      throw new ApiFault(400, 'INVALIDJOB', message);
    }
    if (name === undefined) return;
    const field = fieldNamed(object, name);
    if (field === undefined || !(field.externalId || field.idLookup)) {
      const message = `InvalidJob : Field name provided, ${name.toLowerCase()} does not match an External ID, Salesforce Id, or indexed field for ${object.name}`;
      throw new ApiFault(400, 'INVALIDJOB', message);
    }
    const needsViewAll = field.externalId && !field.unique;
    if (needsViewAll && !this.#parts.options.ingest.viewAllData) throw new UnverifiedFault('noViewAllData');
  }

  #dropExpired(): void {
    const { clock, options } = this.#parts;
    const { openMs, openEnd } = options.ingest;
    for (const job of this.#jobs.values()) {
      const ageMs = clock.now() - (job.isTerminal ? job.stateMs : job.createdMs);
      if (job.state === 'Open' && ageMs >= openMs) {
        if (openEnd === 'gone') this.#drop(job);
        else this.#settle(job.expire(openEnd));
      } else if (ageMs >= options.jobs.retentionMs) this.#drop(job);
    }
  }

  #drop(job: IngestJob): void {
    this.#jobs.delete(job.id);
    this.#settle(job[Symbol.asyncDispose]());
  }

  #settle(work: Promise<void>): void {
    this.#removals.add(work);
    void work.finally(() => this.#removals.delete(work));
  }
}
