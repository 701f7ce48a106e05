import type { Note } from '../contract/context.ts';
import type { RejectGroup } from '../contract/journal.ts';
import type { PartId } from '../contract/sink.ts';
import type { Estimate, LeftBehind } from '../contract/source.ts';
import type { ErrorCode } from '../error/error-codes.ts';

/** What happens in a run, for people and programs that watch. Holds no cell value and no secret. */
export type RunEvent =
  | { readonly kind: 'planned'; readonly source: string; readonly sink: string; readonly estimate: Estimate }
  | { readonly kind: 'splitFound'; readonly split: number }
  | { readonly kind: 'splitsEnd'; readonly splits: number }
  | {
      readonly kind: 'partPrepared';
      readonly part: PartId;
      /** Rows that were read for it; none for rows that go again. */
      readonly readRows: number;
      readonly batchBytes: number;
      readonly rejects: readonly RejectGroup[];
    }
  | {
      readonly kind: 'partCommitted';
      readonly part: PartId;
      readonly writtenRows: number;
      readonly rejects: readonly RejectGroup[];
      readonly inDoubtRows: number;
      /** Rows that were refused and go again, as a part of their own. */
      readonly retryRows: number;
    }
  | { readonly kind: 'splitDone'; readonly split: number; readonly rows: number }
  | {
      readonly kind: 'retry';
      readonly what: string;
      /** The one that failed, from 1. */
      readonly attempt: number;
      readonly delayMs: number;
      readonly code: ErrorCode;
      readonly message: string;
    }
  | { readonly kind: 'note'; readonly note: Note }
  | { readonly kind: 'status'; readonly plugin: string; readonly text: string }
  | {
      readonly kind: 'ended';
      /** `kept`: the run failed or was cancelled, and its journal has what a resume needs. */
      readonly end: 'committed' | 'abandoned' | 'kept';
      readonly leftBehind: readonly LeftBehind[];
    };
