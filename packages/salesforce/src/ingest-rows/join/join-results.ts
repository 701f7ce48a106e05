import type { Reject, RowRange, WrittenRow } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import type { HeaderVariant } from '../encode/ingest-encoder.ts';
import type { IngestPlan } from '../ingest-plan.ts';

/** The result sets of one job of a part, bytes as they came. Each is opened once, `successful` again for ids if asked. */
export interface JobResults {
  readonly variant: HeaderVariant;
  /** Rows uploaded. */
  readonly submittedRows: number;
  /** `numberRecordsProcessed` and `numberRecordsFailed`, where the job told. */
  readonly processedRows?: number;
  readonly failedRows?: number;
  /** What the unprocessed rows of the job are rejected with. */
  readonly unprocessed: Omit<Reject, 'row'>;
  successfulResults(): AsyncIterable<Uint8Array>;
  failedResults(): AsyncIterable<Uint8Array>;
  unprocessedRecords(): AsyncIterable<Uint8Array>;
}

/** A job whose results nobody has any more: its rows are in doubt. */
export interface LostJob {
  readonly variant: HeaderVariant;
  readonly submittedRows: number;
  readonly isLost: true;
}

/** The jobs of one part, at most one for each variant, and the rows they were made of. */
export interface PartJobs {
  readonly plan: IngestPlan;
  readonly schema: Schema;
  /** All the writer was given, again; the encoder's verdicts are made again from them. Iterated once or twice. */
  rows(): AsyncIterable<RecordBatch>;
  /** How many these are. */
  readonly rowCount: number;
  readonly jobs: readonly (JobResults | LostJob)[];
  readonly signal: AbortSignal;
}

/** Result rows that could be joined to no row of the part. */
export interface UnmatchedResults {
  readonly rows: number;
  /** Of failures, with how often each came; at most 100 kinds. */
  readonly messages: readonly { readonly code: string; readonly message: string; readonly rows: number }[];
}

export interface JoinFacts {
  readonly unmatched: UnmatchedResults;
  /** Rejects marked as ambiguous. */
  readonly ambiguousRows: number;
  /** Jobs whose counts do not add up, by variant: their rows are in doubt. */
  readonly unbalancedVariants: readonly HeaderVariant[];
}

/** What became of every row that was sent. Rows the encoder rejected are not in it. */
export interface JoinedResults {
  readonly writtenRows: number;
  readonly rejectedRows: number;
  readonly inDoubt: readonly RowRange[];
  readonly facts: JoinFacts;
  /** In the order of the rows. May be iterated any number of times. */
  rejects(): AsyncIterable<readonly Reject[]>;
  /** In the order of the results, which are read again. */
  written(): AsyncIterable<readonly WrittenRow[]>;
}

/**
 * Joins the result sets of a part's jobs to its rows, by key, else by what the sent values are once an org has rewritten
 * them. Memory: 16 bytes a row, and a bounded number of messages, however many rows fail.
 *
 * @throws `RESPONSE_INVALID` for a result set that cannot be read; whatever the streams throw.
 */
export declare function joinResults(part: PartJobs): Promise<JoinedResults>;
