import { rm } from 'node:fs/promises';

import { ApiFault } from '../http/api-fault.ts';
import type { Body } from '../http/reply.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';
import type { IngestSettings } from './ingest-options.ts';
import { receiveUpload } from './upload-file.ts';

export interface JobUploadOptions {
  readonly jobId: string;
  /** The files of the uploads start with it. */
  readonly path: string;
  readonly settings: Pick<IngestSettings, 'secondUpload' | 'uploadBase64Bytes'>;
}

/** The rows a job was sent: once, or it is refused here or there. */
export class JobUpload {
  readonly #options: JobUploadOptions;
  /** Uploads that came, or are coming. */
  #uploads = 0;
  #attempts = 0;
  #path: string | undefined;

  constructor(options: JobUploadOptions) {
    this.#options = options;
  }

  /** Something came, or is coming. */
  get hasData(): boolean {
    return this.#uploads > 0;
  }

  /** Where the rows are; undefined until they are there in full. */
  get path(): string | undefined {
    return this.#path;
  }

  /** @throws {ApiFault} when the job has data already, or is open no more, now or when the rows have come. */
  async receive(body: Body, isOpen: () => boolean): Promise<void> {
    const { path, settings } = this.#options;
    if (!isOpen()) throw new UnverifiedFault('closedUpload');
    if (this.#uploads > 0 && settings.secondUpload === 'rejectAtPut') throw this.#severalUploads();
    this.#uploads += 1;
    this.#attempts += 1;
    const ownPath = `${path}.upload${this.#attempts}`;
    try {
      await receiveUpload(body, ownPath, settings.uploadBase64Bytes);
      if (!isOpen()) {
        await rm(ownPath, { force: true });
        throw new UnverifiedFault('closedUpload');
      }
    } catch (error) {
      this.#uploads -= 1;
      throw error;
    }
    // A second one is taken, and has the job refused when it is closed.
    if (this.#path === undefined) this.#path = ownPath;
    else await rm(ownPath, { force: true });
  }

  /** @throws {ApiFault} when there are several uploads. */
  requireSingle(): void {
    if (this.#uploads > 1) throw this.#severalUploads();
  }

  async discard(): Promise<void> {
    if (this.#path !== undefined) await rm(this.#path, { force: true });
    this.#path = undefined;
  }

  #severalUploads(): ApiFault {
    const shortId = this.#options.jobId.slice(0, 15);
    // The misspelling is Salesforce's.
    const message = `Found multipe contents for job: <${shortId}>, please 'Close' / 'Abort' / 'Delete' the current Job then create a new Job and make sure you only do 'PUT' once on a given Job.`;
    return new ApiFault(400, 'INVALIDJOB', message);
  }
}
