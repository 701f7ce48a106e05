import type { Reject } from '@sluice/core';

import type { HeaderVariant } from '../encode/header-variant.ts';

/** The result sets of one job of a part: bytes as they came, each from its start whenever it is called. */
export interface JobResults {
  readonly variant: HeaderVariant;
  /** Rows uploaded. */
  readonly submittedRows: number;
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

export type ResultSetKind = 'successful' | 'failed' | 'unprocessed';

/** In this order, so that of equal rows the first are those that were written. */
export const RESULT_SETS: readonly ResultSetKind[] = ['successful', 'failed', 'unprocessed'];

export function openSet(job: JobResults, kind: ResultSetKind): AsyncIterable<Uint8Array> {
  switch (kind) {
    case 'successful':
      return job.successfulResults();
    case 'failed':
      return job.failedResults();
    case 'unprocessed':
      return job.unprocessedRecords();
  }
}
