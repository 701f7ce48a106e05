import type { RecordBatch, Schema } from 'apache-arrow';

import type { Json } from './json.ts';

/** A row that could not be mapped. */
export interface MappingReject {
  /** In the batch given to `apply`, from 0. */
  readonly row: number;
  readonly code: string;
  readonly message: string;
  readonly columns: readonly string[];
}

export interface MappedBatch {
  readonly batch: RecordBatch;
  /** For each row of the mapped batch its row in the batch given, ascending; undefined when none was removed. */
  readonly rows?: Uint32Array;
  /** Ascending by `row`; exactly the rows that `rows` lacks. */
  readonly rejects?: readonly MappingReject[];
}

/** Stands between source and sink: column kernels over batches that remove rows only by rejecting them. */
export interface Mapping {
  readonly config: Json;
  /** The schema the sink gets. @throws `CONFIG_INVALID` naming the column. */
  plan(schema: Schema): { readonly schema: Schema; apply(batch: RecordBatch): MappedBatch };
}
