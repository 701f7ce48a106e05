import { Readable } from 'node:stream';

import { type Context, type Reject, SluiceError } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import type { JobReference } from '../bulk-job/bulk-job.ts';
import type { SalesforceHttp } from '../http/salesforce-http.ts';
import { variantBits } from '../ingest-rows/encode/header-variant.ts';
import {
  ingestEncoder,
  type EncodedRows,
  type EncodingFacts,
  type HeaderVariant,
  type IngestEncoder,
} from '../ingest-rows/encode/ingest-encoder.ts';
import type { IngestPlan } from '../ingest-rows/ingest-plan.ts';
import { MAX_PART_HEADERS } from '../limits.ts';
import type { BatchSlice } from './batch-slices.ts';
import { uploadRows } from './ingest-job.ts';
import type { LoadJob, PartLoad } from './ingest-state.ts';
import { RowSpool } from './row-spool.ts';
import { StreamedUpload } from './streamed-upload.ts';

export interface LoadParts {
  readonly http: SalesforceHttp;
  readonly plan: IngestPlan;
  readonly schema: Schema;
  /** What the org takes is told ahead: some proxies refuse an upload of unknown length. */
  readonly needsLength: () => boolean;
  readonly createJob: () => Promise<JobReference>;
  readonly ctx: Context;
}

/** Rows of one header on their way into a job of their own. */
interface Lane {
  readonly variant: HeaderVariant;
  rows: number;
  bytes: number;
  readonly way: { readonly job: JobReference; readonly upload: StreamedUpload } | RowSpool;
}

/**
 * Encodes and uploads rows of a part, each header into a job of its own.
 *
 * Rows of the first header are encoded straight into the body of an upload; those of others, and rows that are sent in
 * another order, wait in a file until the first upload has ended, so that one upload is under way at a time.
 */
export class PartLoadWriter implements AsyncDisposable {
  readonly #parts: LoadParts;
  readonly #encoder: IngestEncoder;
  readonly #from: number;
  readonly #lanes = new Map<HeaderVariant, Lane>();
  #rows = 0;
  #maxBytes = 0;

  constructor(parts: LoadParts, from: number) {
    this.#parts = parts;
    this.#encoder = ingestEncoder(parts.plan, parts.schema);
    this.#from = from;
  }

  /** Rows given, refused ones included. */
  get rows(): number {
    return this.#rows;
  }

  /** Of the part, behind those given. */
  get to(): number {
    return this.#from + this.#rows;
  }

  /** Of the largest upload so far. */
  get maxBytes(): number {
    return this.#maxBytes;
  }

  get facts(): EncodingFacts {
    return this.#encoder.facts;
  }

  async write({ batch }: BatchSlice): Promise<readonly Reject[]> {
    const { encoded, rejects } = this.#encoder.encode(batch);
    this.#rows += batch.numRows;
    for (const rows of encoded) await this.#take(rows);
    return this.#from === 0 ? rejects : rejects.map((reject) => ({ ...reject, row: reject.row + this.#from }));
  }

  /** Ends the uploads, one after another. Resolves when the org has taken all rows. */
  async finish(): Promise<PartLoad> {
    const jobs: LoadJob[] = [];
    for (const lane of this.#lanes.values()) {
      const { variant, way } = lane;
      if (!(way instanceof RowSpool)) {
        await way.upload.finish();
        jobs.push({ id: way.job.id, variant, rows: lane.rows });
        continue;
      }
      const job = await this.#uploadSpooled(lane, way);
      if (job !== undefined) jobs.push(job);
    }
    return { from: this.#from, to: this.to, jobs };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { way } of this.#lanes.values()) {
      if (way instanceof RowSpool) await way[Symbol.asyncDispose]();
      else way.upload[Symbol.dispose]();
    }
  }

  async #take({ variant, bytes, rows }: EncodedRows): Promise<void> {
    const lane = this.#lanes.get(variant) ?? (await this.#openLane(variant));
    lane.rows += rows;
    lane.bytes += bytes.length;
    this.#maxBytes = Math.max(this.#maxBytes, lane.bytes);
    await (lane.way instanceof RowSpool ? lane.way.append(bytes) : lane.way.upload.write(bytes));
  }

  async #openLane(variant: HeaderVariant): Promise<Lane> {
    const { http, plan, needsLength, createJob, ctx } = this.#parts;
    if (this.#lanes.size === MAX_PART_HEADERS) throw tooManyHeaders(plan);
    const header = this.#encoder.header(variant);
    const bytes = header.length;
    if (this.#lanes.size > 0 || plan.isArranged || needsLength()) {
      const lane: Lane = { variant, rows: 0, bytes, way: new RowSpool() };
      this.#lanes.set(variant, lane);
      return lane;
    }
    const job = await createJob();
    const upload = new StreamedUpload(http, job, ctx);
    const lane: Lane = { variant, rows: 0, bytes, way: { job, upload } };
    this.#lanes.set(variant, lane);
    await upload.write(header);
    return lane;
  }

  /** Undefined where no row is left to send. */
  async #uploadSpooled({ variant, rows: allRows }: Lane, spool: RowSpool): Promise<LoadJob | undefined> {
    const { http, createJob, ctx } = this.#parts;
    const header = this.#encoder.header(variant);
    const arranged = this.#encoder.arrangement(variant);
    const rows = arranged?.rows ?? allRows;
    if (rows === 0) return undefined;
    const ranges = [...(arranged?.ranges ?? [{ fromByte: 0, toByte: spool.byteLength }])];
    const byteLength = ranges.reduce((sum, { fromByte, toByte }) => sum + toByte - fromByte, header.length);
    const job = await createJob();
    const bytes = Readable.from(chunks(header, spool.read(ranges)), { highWaterMark: 1 });
    try {
      await uploadRows(http, job, { bytes, byteLength }, ctx, ctx.signal);
    } finally {
      bytes.destroy();
    }
    return { id: job.id, variant, rows };
  }
}

function tooManyHeaders({ object, columns, options }: IngestPlan): SluiceError {
  const bits = variantBits(columns, options);
  const lookups = columns.filter((_column, index) => bits[index]! > 0).map(({ header }) => header);
  return new SluiceError(
    'QUOTA_EXCEEDED',
    `${object}: the rows of a part are null in more than ${MAX_PART_HEADERS} combinations of ${lookups.join(', ')}, and each would be an ingest job of its own`,
    {
      hint: 'Pass `ignoreNullValues` where a null need not clear the lookup, give lookups by their own id, or order the rows so that those with the same nulls come together.',
    },
  );
}

async function* chunks(
  header: Uint8Array,
  rows: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield header;
  yield* rows;
}
