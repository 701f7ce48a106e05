import type { Schema } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { PartId, Sink } from '../contract/sink.ts';
import type { Source } from '../contract/source.ts';
import type { DoubtLimit } from './doubt-limit.ts';
import type { MappingPlan } from './map-rows.ts';
import type { RunParts } from './plugin-context.ts';
import type { ProgressMeter } from './progress.ts';
import type { RejectLimit } from './reject-limit.ts';
import type { Sides } from './side-sink.ts';

/** What it takes to say what became of the rows of prepared parts, while a run goes on or when it is given up. */
export interface VerdictParts {
  readonly run: RunParts;
  readonly source: Source;
  readonly sink: Sink;
  readonly plan: Json;
  readonly target: Json;
  readonly sourceSchema: Schema;
  readonly sinkSchema: Schema;
  readonly mapping: MappingPlan | undefined;
  readonly sides: Sides;
  /** Times a row is sent, at most. */
  readonly rowAttempts: number;
  readonly limit: RejectLimit;
  readonly doubt: DoubtLimit;
  /** Batches read ahead of whoever takes them, a split. */
  readonly prefetch: number;
  readonly signal: AbortSignal;
}

/** What copying needs, once the run is planned. */
export interface CopyParts extends VerdictParts {
  readonly progress: ProgressMeter;
  /** Which source rows of parts are kept until the verdicts on them are in. */
  readonly keeps: 'all' | 'rejected' | 'none';
  /** Splits read at once, at most. */
  readonly parallelism: number;
  /** Of commits under way: aborted when they have had the time to settle. */
  readonly lateSignal: AbortSignal;
  /** Aborts the signal with the error, unless it is aborted already, and throws its reason. */
  readonly fail: (error: unknown) => never;
}

/** Whether rows of the part that are refused as retryable go again. */
export function mayRetry(
  { sink, rowAttempts }: Pick<VerdictParts, 'sink' | 'rowAttempts'>,
  { retry = 0 }: PartId,
): boolean {
  const { keepsRows, commit } = sink.traits;
  return keepsRows === true && commit === 'part' && retry + 1 < rowAttempts;
}

/** All rows for a sink that asks for them, and where a verdict comes when its row has gone by; else the rejected ones. */
export function rowsToKeep({ traits }: Sink, sides: Sides): CopyParts['keeps'] {
  const { keepsRows = false, commit } = traits;
  if (keepsRows || sides.written !== undefined) return 'all';
  if (sides.rejected === undefined) return 'none';
  return commit === 'part' ? 'all' : 'rejected';
}
