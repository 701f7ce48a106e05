import type { Reject } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import type { IngestPlan } from '../ingest-plan.ts';

/**
 * Which header a row is sent under. 0 is the plain one; in any other, each lookup whose key is null stands as the lookup
 * field itself, set to null. A part has a job for each variant that it has rows of. The same number means the same header
 * for one plan, in any process.
 */
export type HeaderVariant = number;

/** Rows of one batch that go under one header. */
export interface EncodedRows {
  readonly variant: HeaderVariant;
  /** CSV, LF line ends, without a header row. The caller's. */
  readonly bytes: Uint8Array;
  readonly rows: number;
}

export interface EncodedBatch {
  /** One for each variant that has rows in the batch; to be uploaded behind what came before of that variant. */
  readonly encoded: readonly EncodedRows[];
  /** Rows of the batch that are not sent, counted in the part, in their order. */
  readonly rejects: readonly Reject[];
}

/** What happened to the values of a part so far. */
export interface EncodingFacts {
  /** Numbers of more than 15 significant digits that were sent. */
  readonly inexactInOrg: number;
  /** Rows that a later one with the same key stands for (`duplicateKeys: 'lastWins'`). */
  readonly supersededRows: number;
  /** Nulls left out of fields that cannot be null (`requiredNulls: 'leave'`). */
  readonly requiredNullsLeft: number;
}

/** A stretch of what was encoded of one variant, header row not counted. */
export interface UploadRange {
  readonly fromByte: number;
  readonly toByte: number;
}

/**
 * Encodes the rows of one part, from its first on; a part that starts over needs another. Keeps, besides what it returns,
 * 20 bytes a row where the plan has a key and `duplicateKeys` is not `send`.
 */
export interface IngestEncoder {
  readonly facts: EncodingFacts;
  /** The header row of a variant, with its line end. */
  header(variant: HeaderVariant): Uint8Array;
  encode(batch: RecordBatch): EncodedBatch;
  /**
   * What of a variant is to be uploaded, in order, once all rows are encoded; undefined where that is all of it as it
   * was encoded, which holds for every plan that is not `isArranged`. The number of its rows comes along.
   */
  arrangement(variant: HeaderVariant): { readonly rows: number; readonly ranges: Iterable<UploadRange> } | undefined;
}

/** Both have to be what the plan was made for. @throws `SCHEMA_CHANGED` */
export declare function ingestEncoder(plan: IngestPlan, schema: Schema): IngestEncoder;
