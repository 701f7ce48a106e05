import type { Reject, WriteOutcome, Writer } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import type { EncodingFacts } from '../ingest-rows/encode/ingest-encoder.ts';
import { batchSlices } from './batch-slices.ts';
import { isLengthWanted } from './ingest-job.ts';
import type { IngestMessage, PartLoad } from './ingest-state.ts';
import { PartLoadWriter, type LoadParts } from './part-load-writer.ts';

export interface PartWriting extends LoadParts {
  readonly maxUploadBytes: number;
  /** A proxy refuses uploads of unknown length: from now on none is sent. */
  readonly requireLength: () => void;
  /** Called once all rows are with the org, before that is told. */
  readonly uploaded: (facts: readonly EncodingFacts[]) => Promise<void>;
  /** Ends jobs that nobody will close. */
  readonly giveUp: () => Promise<void>;
}

const POSTPONED = {
  code: 'KEY_POSTPONED',
  message: 'The row follows in another job, behind those that wait for earlier rows with their keys.',
  retryable: true,
} as const satisfies Omit<Reject, 'row'>;

/** Uploads the rows of one part. Nothing of it takes effect before its jobs are closed. */
export class PartWriter implements Writer<IngestMessage> {
  readonly #writing: PartWriting;
  readonly #loads: PartLoad[] = [];
  readonly #facts: EncodingFacts[] = [];
  #load: PartLoadWriter;
  #largestBatchBytes = 0;
  /** A row waits for the part behind this one: none with its key may go before it. */
  #isWaitedFor = false;
  #isPrepared = false;

  constructor(writing: PartWriting) {
    this.#writing = writing;
    this.#load = new PartLoadWriter(writing, 0);
  }

  async write(batch: RecordBatch): Promise<WriteOutcome> {
    return await this.#watched(async () => await this.#write(batch));
  }

  async prepare(): Promise<IngestMessage> {
    await this.#watched(async () => await this.#endLoad());
    await this.#writing.uploaded(this.#facts);
    this.#isPrepared = true;
    return { v: 1, loads: this.#loads };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#load[Symbol.asyncDispose]();
    // A run that is aborted ends its jobs in `abort`, which has a signal of its own.
    if (!this.#isPrepared && !this.#writing.ctx.signal.aborted) await this.#writing.giveUp();
  }

  async #write(batch: RecordBatch): Promise<WriteOutcome> {
    const { maxUploadBytes, ctx } = this.#writing;
    const rejects: Reject[] = [];
    const before = this.#load.maxBytes;
    let left = batch.numRows;
    for (const slice of batchSlices(batch, maxUploadBytes)) {
      ctx.signal.throwIfAborted();
      // Ahead of encoding it: what is encoded is part of its load.
      if (this.#load.rows > 0 && this.#load.maxBytes + slice.maxBytes > maxUploadBytes) {
        if (this.#isWaitedFor) break;
        await this.#nextLoad();
      }
      const refused = await this.#load.write(slice);
      this.#isWaitedFor ||= refused.some(({ code }) => code === POSTPONED.code);
      rejects.push(...refused);
      left -= slice.batch.numRows;
    }
    const { to } = this.#load;
    for (let row = to; row < to + left; row++) rejects.push({ row, ...POSTPONED });
    this.#largestBatchBytes = Math.max(this.#largestBatchBytes, this.#load.maxBytes - before);
    const isLoadFull = this.#load.maxBytes + this.#largestBatchBytes > maxUploadBytes;
    const isFull = left > 0 || this.#loads.length > 0 || isLoadFull;
    return { ...(rejects.length === 0 ? {} : { rejects }), ...(isFull ? { full: true } : {}) };
  }

  async #nextLoad(): Promise<void> {
    await this.#endLoad();
    this.#load = new PartLoadWriter(this.#writing, this.#loads.at(-1)?.to ?? 0);
  }

  async #endLoad(): Promise<void> {
    const { facts } = this.#load;
    this.#loads.push(await this.#load.finish());
    this.#facts.push(facts);
    await this.#load[Symbol.asyncDispose]();
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isLengthWanted(error)) this.#writing.requireLength();
      throw error;
    }
  }
}
