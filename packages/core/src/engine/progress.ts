import type { Clock } from '../contract/context.ts';
import type { Estimate } from '../contract/source.ts';
import { rowsOf } from './reject-groups.ts';
import type { RunEvent } from './run-events.ts';
import { partsOf, type RunState } from './run-state.ts';

export type RunPhase = 'planning' | 'copying' | 'committing' | 'ended';

/** How far a run is. Rows and bytes are those read; bytes are of batches in memory. */
export interface Progress {
  readonly phase: RunPhase;
  readonly elapsedMs: number;
  readonly rows: number;
  readonly batchBytes: number;
  readonly rejectedRows: number;
  /** Over the last seconds. */
  readonly rowsPerSecond: number;
  readonly batchBytesPerSecond: number;
  readonly splitsFound: number;
  /** Undefined while the source may find more. */
  readonly splitsInAll: number | undefined;
  readonly splitsDone: number;
  readonly partsPrepared: number;
  readonly partsCommitted: number;
  readonly estimate: Estimate;
  /** What a plugin says it is doing. */
  readonly status: string | undefined;
}

/** Whom it is told. */
export interface ProgressWatcher {
  readonly isProgressWatched: boolean;
  tellProgress(progress: Progress): void;
}

interface Sample {
  readonly atMs: number;
  readonly rows: number;
  readonly batchBytes: number;
}

const RATE_WINDOW_MS = 5_000;
const SAMPLE_MS = 100;

/**
 * Adds up the events of a run, and tells at most every `intervalMs`, and once at the end. What comes sooner is told when that
 * time is over, so that a run that stands still has told all that it has done.
 */
export class ProgressMeter {
  readonly #watcher: ProgressWatcher;
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #startedMs: number;
  #toldMs = -Infinity;
  #later: AbortController | undefined;
  #samples: Sample[] = [];
  /** Rows and bytes of parts under way, by split. */
  readonly #reading = new Map<number, { readonly rows: number; readonly batchBytes: number }>();
  #phase: RunPhase = 'planning';
  #rows = 0;
  #batchBytes = 0;
  #rejectedRows = 0;
  #splitsFound = 0;
  #splitsInAll: number | undefined;
  #splitsDone = 0;
  #partsPrepared = 0;
  #partsCommitted = 0;
  #estimate: Estimate = {};
  #status: string | undefined;

  constructor(clock: Clock, intervalMs: number, watcher: ProgressWatcher) {
    this.#watcher = watcher;
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#startedMs = clock.now();
    this.#samples.push({ atMs: this.#startedMs, rows: 0, batchBytes: 0 });
  }

  setPhase(phase: RunPhase): void {
    this.#phase = phase;
    this.#status = undefined;
    this.#tell(true);
  }

  setReading(split: number, rows: number, batchBytes: number): void {
    if (rows === 0) this.#reading.delete(split);
    else this.#reading.set(split, { rows, batchBytes });
    this.#tell(false);
  }

  take(event: RunEvent): void {
    switch (event.kind) {
      case 'planned':
        this.#estimate = event.estimate;
        break;
      case 'splitFound':
        this.#splitsFound = Math.max(this.#splitsFound, event.split + 1);
        break;
      case 'splitsEnd':
        this.#splitsInAll = event.splits;
        break;
      case 'splitDone':
        this.#splitsDone++;
        break;
      case 'partPrepared':
        this.#partsPrepared++;
        this.#rows += event.readRows;
        this.#batchBytes += event.batchBytes;
        this.#rejectedRows += rowsOf(event.rejects);
        this.#reading.delete(event.part.split);
        break;
      case 'partCommitted':
        this.#partsCommitted++;
        this.#rejectedRows += rowsOf(event.rejects);
        break;
      case 'status':
        this.#status = event.text;
        break;
      default:
        return;
    }
    this.#tell(false);
  }

  /** What a resumed run has come to before. */
  start(state: RunState): void {
    const { splits, areSplitsKnown, planned } = state;
    this.#estimate = planned?.estimate ?? {};
    this.#splitsFound = splits.length;
    this.#splitsInAll = areSplitsKnown ? splits.length : undefined;
    this.#splitsDone = splits.filter(({ isDone }) => isDone).length;
    for (const { prepared, committed } of partsOf(state)) {
      this.#partsPrepared++;
      if (committed !== undefined) this.#partsCommitted++;
      if (prepared.part.retry === undefined) this.#rows += prepared.readRows;
      this.#batchBytes += prepared.batchBytes;
      this.#rejectedRows += rowsOf(prepared.rejects) + rowsOf(committed?.rejects ?? []);
    }
    this.#samples = [{ atMs: this.#clock.now(), rows: this.#rows, batchBytes: this.#batchBytes }];
  }

  end(): void {
    this.setPhase('ended');
  }

  #tell(isDue: boolean): void {
    const nowMs = this.#clock.now();
    const dueInMs = this.#toldMs + this.#intervalMs - nowMs;
    if (!isDue && dueInMs > 0) {
      this.#tellLater(dueInMs);
      return;
    }
    this.#later?.abort();
    this.#later = undefined;
    this.#toldMs = nowMs;
    this.#watcher.tellProgress(this.#now(nowMs));
  }

  #tellLater(ms: number): void {
    if (this.#later !== undefined || !this.#watcher.isProgressWatched) return;
    const later = new AbortController();
    this.#later = later;
    const told = async (): Promise<void> => {
      await this.#clock.sleep(ms, later.signal);
      if (this.#later === later) this.#tell(true);
    };
    // It has been told by then.
    told().catch(() => {});
  }

  #now(nowMs: number): Progress {
    let [rows, batchBytes] = [this.#rows, this.#batchBytes];
    for (const part of this.#reading.values()) {
      rows += part.rows;
      batchBytes += part.batchBytes;
    }
    if (nowMs - this.#samples.at(-1)!.atMs >= SAMPLE_MS) this.#samples.push({ atMs: nowMs, rows, batchBytes });
    while (this.#samples.length > 2 && this.#samples[1]!.atMs <= nowMs - RATE_WINDOW_MS) this.#samples.shift();
    const since = this.#samples[0]!;
    const seconds = Math.max(nowMs - since.atMs, 1) / 1000;
    return {
      phase: this.#phase,
      elapsedMs: nowMs - this.#startedMs,
      rows,
      batchBytes,
      rejectedRows: this.#rejectedRows,
      // Writing a part anew takes rows back.
      rowsPerSecond: Math.max(0, (rows - since.rows) / seconds),
      batchBytesPerSecond: Math.max(0, (batchBytes - since.batchBytes) / seconds),
      splitsFound: this.#splitsFound,
      splitsInAll: this.#splitsInAll,
      splitsDone: this.#splitsDone,
      partsPrepared: this.#partsPrepared,
      partsCommitted: this.#partsCommitted,
      estimate: this.#estimate,
      status: this.#status,
    };
  }
}
