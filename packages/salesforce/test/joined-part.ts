import type { Reject, RowRange, WrittenRow } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { ingestEncoder } from '../src/ingest-rows/encode/ingest-encoder.ts';
import type { IngestRequest } from '../src/ingest-rows/ingest-plan.ts';
import { type JobResults, type JoinFacts, joinResults, type LostJob } from '../src/ingest-rows/join/join-results.ts';
import { orderPlan } from './ingest-rows.ts';
import { inChunks, type ModelOutcome, modelResults, readUpload, type Rewriting } from './org-model.ts';

export interface JoinedPart {
  /** Of the encoder. */
  readonly refused: readonly Reject[];
  readonly rejects: readonly Reject[];
  readonly written: readonly WrittenRow[];
  readonly writtenRows: number;
  readonly rejectedRows: number;
  readonly inDoubt: readonly RowRange[];
  readonly facts: JoinFacts;
  /** Rows uploaded, over all headers. */
  readonly sentRows: number;
}

export interface PartSetup {
  readonly request?: Partial<IngestRequest>;
  /** What becomes of a row, by its cells. */
  readonly outcome: (cells: Readonly<Record<string, string>>, sent: number) => ModelOutcome;
  readonly rewriting?: Partial<Rewriting>;
  /** Changes the result sets of a job. */
  readonly damage?: (job: JobResults) => JobResults | LostJob;
}

const UNPROCESSED = { code: 'JOB_FAILED', message: 'the job ended', retryable: true };

/** Encodes batches as one part, lets a model of an org take the uploads, and joins its results. */
export async function joinedPart(batches: readonly RecordBatch[], setup: PartSetup): Promise<JoinedPart> {
  const { schema } = batches[0]!;
  const plan = await orderPlan(schema, setup.request);
  const encoder = ingestEncoder(plan, schema);
  const refused: Reject[] = [];
  const uploads = new Map<number, Buffer[]>();
  for (const batch of batches) {
    const { encoded, rejects } = encoder.encode(batch);
    refused.push(...rejects);
    for (const { variant, bytes } of encoded) {
      const upload = uploads.get(variant) ?? [];
      uploads.set(variant, [...upload, Buffer.from(bytes)]);
    }
  }
  let sentRows = 0;
  const jobs = [...uploads].map(([variant, parts]): JobResults | LostJob => {
    const whole = Buffer.concat(parts);
    const { ranges } = encoder.arrangement(variant) ?? { ranges: [{ fromByte: 0, toByte: whole.length }] };
    const body = ranges.map(({ fromByte, toByte }) => whole.subarray(fromByte, toByte).toString()).join('');
    const { header, rows } = readUpload(Buffer.from(encoder.header(variant)).toString() + body);
    const uploaded = rows.map((cells, index) => ({
      cells,
      id: `a00${String(variant).padStart(3, '0')}${String(index).padStart(12, '0')}`,
      outcome: setup.outcome(Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])), sentRows + index),
    }));
    sentRows += rows.length;
    // A lookup that is null goes by another name.
    const columns = setup.rewriting?.columns?.map((name) => header[schema.names.indexOf(name)] ?? name) ?? header;
    const results = modelResults(header, uploaded, { cells: {}, order: [], ...setup.rewriting, columns });
    const job: JobResults = {
      variant,
      submittedRows: rows.length,
      unprocessed: UNPROCESSED,
      successfulResults: () => inChunks(results.successful),
      failedResults: () => inChunks(results.failed),
      unprocessedRecords: () => inChunks(results.unprocessed),
    };
    return setup.damage?.(job) ?? job;
  });
  const rowCount = batches.reduce((sum, { numRows }) => sum + numRows, 0);
  const joined = await joinResults({
    plan,
    schema,
    rows: () => each(batches),
    rowCount,
    jobs,
    signal: new AbortController().signal,
  });
  const { writtenRows, rejectedRows, inDoubt, facts } = joined;
  const rejects = (await Array.fromAsync(joined.rejects())).flat();
  const written = (await Array.fromAsync(joined.written())).flat();
  return { refused, rejects, written, writtenRows, rejectedRows, inDoubt, facts, sentRows };
}

async function* each(batches: readonly RecordBatch[]): AsyncGenerator<RecordBatch> {
  yield* batches;
}
