import type { Clock, Note } from '@sluice/core';

/** How many there were at the same time, at most. */
class PeakCount {
  #now = 0;
  #peak = 0;

  get peak(): number {
    return this.#peak;
  }

  enter(): void {
    this.#now++;
    this.#peak = Math.max(this.#peak, this.#now);
  }

  leave(): void {
    this.#now--;
  }
}

/** What is measured while a copy runs, beside what its receipt tells. Times are in milliseconds. */
export class CopyMeter {
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly source = new PeakCount();
  readonly sink = new PeakCount();
  readonly parallelReads = new PeakCount();
  /** Waiting for rows, and for them to be taken; of several at the same time all count. */
  readMs = 0;
  writeMs = 0;
  /** From the start to the first rows. */
  firstRowsMs: number | undefined;
  /** What the source has to tell, each once. */
  readonly notes = new Map<string, Note>();
  /** Of a sink of files. */
  filesWritten: number | undefined;
  bytesWritten = 0;
  readonly #failures = new Map<unknown, 'Source' | 'Sink'>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startMs = clock.now();
  }

  get elapsedMs(): number {
    return this.#clock.now() - this.#startMs;
  }

  noteRows(): void {
    this.firstRowsMs ??= this.elapsedMs;
  }

  addNote(note: Note): void {
    this.notes.set(`${note.code} ${note.message}`, note);
  }

  /** Runs a call of one side, and remembers on which side it failed. */
  async on<T>(side: 'Source' | 'Sink', call: () => Promise<T>): Promise<T> {
    const startMs = this.#clock.now();
    try {
      return await call();
    } catch (error) {
      this.#failures.set(error, side);
      throw error;
    } finally {
      const spentMs = this.#clock.now() - startMs;
      if (side === 'Source') this.readMs += spentMs;
      else this.writeMs += spentMs;
    }
  }

  /** Where an error, or what caused it, came from. */
  sideOf(error: unknown): 'Source' | 'Sink' | undefined {
    const seen = new Set<unknown>();
    for (let cause = error; cause instanceof Error && !seen.has(cause); cause = cause.cause) {
      const side = this.#failures.get(cause);
      if (side !== undefined) return side;
      seen.add(cause);
    }
    return undefined;
  }
}
