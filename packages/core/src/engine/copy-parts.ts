import type { Schema } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { Sink } from '../contract/sink.ts';
import type { Source } from '../contract/source.ts';
import type { MappingPlan } from './map-rows.ts';
import type { RunParts } from './plugin-context.ts';
import type { ProgressMeter } from './progress.ts';
import type { RejectLimit } from './reject-limit.ts';

/** What copying needs, once the run is planned. */
export interface CopyParts {
  readonly run: RunParts;
  readonly source: Source;
  readonly sink: Sink;
  readonly plan: Json;
  readonly target: Json;
  readonly sourceSchema: Schema;
  readonly sinkSchema: Schema;
  readonly mapping: MappingPlan | undefined;
  readonly limit: RejectLimit;
  readonly progress: ProgressMeter;
  /** Splits read at once, at most. */
  readonly parallelism: number;
  /** Batches read ahead of the writer, a split. */
  readonly prefetch: number;
  readonly signal: AbortSignal;
  /** Aborts the signal with the error, unless it is aborted already, and throws its reason. */
  readonly fail: (error: unknown) => never;
}
