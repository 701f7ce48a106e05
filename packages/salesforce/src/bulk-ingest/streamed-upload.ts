import { Readable } from 'node:stream';

import { SluiceError, type Context } from '@sluice/core';

import type { JobReference } from '../bulk-job/bulk-job.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { uploadRows } from './ingest-job.ts';

/**
 * An upload under way: bytes are handed to the connection as it takes them, and one chunk waits.
 *
 * Disposing of it before its end cuts the connection, and the org has no rows.
 */
export class StreamedUpload implements Disposable {
  readonly #job: JobReference;
  readonly #body: Readable;
  readonly #cut = new AbortController();
  readonly #stallTimeoutMs: number;
  readonly #signal: AbortSignal;
  readonly #answer: Promise<void>;
  /** Rejects as soon as the request has come to its end, however: before the last row nobody may answer. */
  readonly #over: Promise<never>;
  #wanted = Promise.withResolvers<void>();
  /** The connection has begun to take the body; before, it waited for its turn. */
  #isUnderWay = false;

  constructor(http: SalesforceHttp, job: JobReference, ctx: Context) {
    this.#job = job;
    this.#stallTimeoutMs = http.stallTimeoutMs;
    this.#signal = ctx.signal;
    this.#body = new Readable({
      highWaterMark: 1,
      read: () => {
        this.#isUnderWay = true;
        this.#wanted.resolve();
      },
    });
    // A request that fails destroys its body; whoever writes learns of it by the request.
    this.#body.on('error', () => {});
    const signal = AbortSignal.any([ctx.signal, this.#cut.signal]);
    this.#answer = uploadRows(http, job, { bytes: this.#body }, ctx, signal);
    this.#over = this.#answer.then(() => {
      throw this.#lost('the org answered before it had all rows');
    });
    this.#over.catch(() => {});
  }

  /** Resolves when the bytes are on their way and the connection can take more. The bytes must not change any more. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#taken();
    this.#wanted = Promise.withResolvers();
    this.#body.push(bytes);
  }

  /** Resolves when the org has taken everything. */
  async finish(): Promise<void> {
    await this.#taken();
    this.#body.push(null);
    await this.#answer;
  }

  [Symbol.dispose](): void {
    this.#cut.abort(this.#lost('it was given up'));
    this.#body.destroy();
  }

  /** Bounded while the connection takes nothing; the time between two chunks is the source's. */
  async #taken(): Promise<void> {
    const stall = Promise.withResolvers<never>();
    const onStall = (): void => {
      const error = this.#lost(`no byte was taken for ${this.#stallTimeoutMs} ms`);
      this.#cut.abort(error);
      stall.reject(error);
    };
    const timer = this.#isUnderWay ? setTimeout(onStall, this.#stallTimeoutMs) : undefined;
    try {
      await Promise.race([this.#wanted.promise, this.#over, stall.promise]);
    } catch (error) {
      this.#signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #lost(why: string): SluiceError {
    return new SluiceError('CONNECTION_LOST', `upload to ingest job ${this.#job.id}: ${why}`, {
      details: { job: this.#job.id },
    });
  }
}
