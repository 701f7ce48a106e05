import type { IngestOperation } from './ingest-request.ts';
import type { RowRejection } from './row-fault.ts';

/** A row of an upload as a rule sees it. */
export interface UploadedRow {
  readonly object: string;
  readonly operation: IngestOperation;
  /** Counts the rows of the upload from 1, the header row not included. */
  readonly number: number;
  /** As sent, by the names of the header row. */
  readonly cells: Readonly<Record<string, string>>;
}

/** What the org's own triggers, validation rules and locks do to the rows of a job. */
export interface RowRule {
  /** Whether the row alone is rejected, or with it every row of its chunk of 200. */
  readonly scope: 'row' | 'chunk';
  readonly reject: (row: UploadedRow) => RowRejection | undefined;
}
