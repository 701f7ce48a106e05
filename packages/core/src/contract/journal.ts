import type { Note } from './context.ts';
import type { Json } from './json.ts';
import type { PartId, RowRange } from './sink.ts';
import type { Change, Estimate, LeftBehind } from './source.ts';

/** Where reading goes on: after `position` (the split's start without one), `skipRows` rows further. */
export interface ResumePoint {
  readonly position?: Json;
  readonly skipRows: number;
}

/** Rejected rows of a part that share a reason. */
export interface RejectGroup {
  readonly stage: 'read' | 'map' | 'write' | 'commit';
  readonly code: string;
  readonly message: string;
  readonly columns: readonly string[];
  readonly rows: number;
  /** Which of equal rows these are is a guess. */
  readonly ambiguous?: true;
  /** The first of them: ordinal of the split, and row in the split. */
  readonly firstSplit: number;
  readonly firstRow: number;
}

/** Where rows go beside the sink: those that were rejected, and what those that were written are called there. */
export type SideName = 'rejected' | 'written';

/** A sink for such rows, once it is open. */
export interface SideTarget {
  readonly sink: string;
  readonly target: Json;
  /** As Arrow IPC, base64. */
  readonly schema: string;
}

/** API calls by account id, since the entry before. */
export type ApiCalls = Readonly<Record<string, number>>;

export type JournalRecord =
  | {
      readonly kind: 'planned';
      readonly contractVersion: number;
      readonly source: string;
      readonly sink: string;
      /** Of the configuration, without secrets. */
      readonly fingerprint: string;
      readonly plan: Json;
      /** The planned schema and the one the sink was opened with, as Arrow IPC, base64. */
      readonly sourceSchema: string;
      readonly sinkSchema: string;
      readonly target: Json;
      readonly sides?: Readonly<Partial<Record<SideName, SideTarget>>>;
      readonly estimate: Estimate;
    }
  | { readonly kind: 'memo'; readonly scope: string; readonly key: string; readonly value: Json }
  | { readonly kind: 'note'; readonly note: Note }
  | { readonly kind: 'splitFound'; readonly split: number; readonly value: Json }
  | { readonly kind: 'splitsEnd'; readonly splits: number }
  | {
      readonly kind: 'partPrepared';
      readonly part: PartId;
      readonly from: ResumePoint;
      readonly to: ResumePoint;
      readonly message: Json;
      /**
       * Rows read for the part, those rejected on the way included. For a retry, as all that the part it belongs to was read
       * for; of its rows those that do not go again are unseen.
       */
      readonly readRows: number;
      /** Rows handed to the writer and not refused by it. */
      readonly preparedRows: number;
      readonly batchBytes: number;
      /** Over the source rows of the part, however they were batched. */
      readonly digest: string;
      readonly changes: readonly Change[];
      readonly rejects: readonly RejectGroup[];
      /** Rows of the part, counted as read, that the sink was not given: it counts without them. */
      readonly unseen: readonly RowRange[];
      /** Rows of the part, counted as read, that the writer refused for good. */
      readonly refused: readonly RowRange[];
      /** Those that it refused and that go again. */
      readonly retry: readonly RowRange[];
      readonly calls: ApiCalls;
    }
  | {
      readonly kind: 'partCommitted';
      readonly part: PartId;
      readonly writtenRows: number;
      readonly rejects: readonly RejectGroup[];
      /** Rows of the part, counted as read. */
      readonly inDoubt: readonly RowRange[];
      /** Rows of the part, counted as read, that were refused and go again. */
      readonly retry: readonly RowRange[];
      readonly calls: ApiCalls;
    }
  | {
      readonly kind: 'sidePrepared';
      readonly side: SideName;
      /** The part that the rows belong to. */
      readonly part: PartId;
      readonly message: Json;
      readonly rows: number;
    }
  | { readonly kind: 'splitDone'; readonly split: number; readonly rows: number }
  | {
      readonly kind: 'ended';
      readonly end: 'committed' | 'abandoned';
      readonly leftBehind: readonly LeftBehind[];
      readonly calls: ApiCalls;
    };

export type JournalEntry = JournalRecord & {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
};

/** The append-only log of one run, held by one process at a time. */
export interface RunJournal extends AsyncDisposable {
  readonly id: string;
  /** What was there when it was opened, in order. */
  readonly entries: readonly JournalEntry[];
  /**
   * A folder beside it that may hold files of the run for as long as the run goes on. Whoever opens the run makes it, and
   * removes it at the end.
   */
  readonly filesFolder?: string;
  /** Durable when it resolves, as far as this journal is durable at all. Entries keep the order of the calls. */
  append(entry: JournalEntry): Promise<void>;
}

export interface RunSummary {
  readonly id: string;
  /** Of an unreadable run, when it was last written. */
  readonly startedMs: number;
  /** Where entries of a run cannot be read, that is its own trouble: the others are listed with it. */
  readonly state: 'unfinished' | 'running' | 'committed' | 'abandoned' | 'unreadable';
  /** Why it is unreadable. */
  readonly reason?: string;
  readonly source: string | undefined;
  readonly sink: string | undefined;
}

export interface Journal {
  /** Whether entries outlive the process. */
  readonly durable: boolean;
  /** What a user needs to find it again: a path. Undefined for memory. */
  readonly location: string | undefined;
  /**
   * Opens a run, new or not, and holds it until disposed of or until the process dies.
   *
   * @throws `RUN_LOCKED` when another process holds it; `JOURNAL_UNREADABLE` when the file is not a journal or of a
   * later version.
   */
  open(runId: string): Promise<RunJournal>;
  /** The entries of a run without taking hold of it; undefined when there is no such run. */
  peek(runId: string): Promise<readonly JournalEntry[] | undefined>;
  list(): Promise<readonly RunSummary[]>;
}
