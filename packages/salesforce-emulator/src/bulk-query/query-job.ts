import type { EmulatorClock } from '../emulator-clock.ts';
import { ApiFault } from '../http/api-fault.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';
import type { JobRequest } from './job-request.ts';
import type { JobResult } from './job-result.ts';
import { ResultLocators } from './result-locators.ts';

export type JobState = 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

export interface JobTiming {
  readonly queuedMs: number;
  readonly runningMs: number;
  readonly hold: boolean;
  readonly skipInProgress: boolean;
}

export interface QueryJobOptions {
  readonly id: string;
  readonly number: number;
  readonly request: JobRequest;
  readonly objectName: string;
  /** Absent when the query failed; then `failure` says how. */
  readonly result: JobResult | undefined;
  readonly failure: string | undefined;
  readonly clock: EmulatorClock;
  readonly timing: JobTiming;
  readonly locatorForm: 'resultSet' | 'offset';
}

/**
 * A query job. It moves on when its status is asked for and the time of its state is over, by one state at a time, so
 * that whoever polls sees each of them.
 */
export class QueryJob implements Disposable {
  readonly id: string;
  readonly request: JobRequest;
  readonly objectName: string;
  readonly createdMs: number;
  readonly locators: ResultLocators;
  readonly #clock: EmulatorClock;
  readonly #timing: JobTiming;
  #result: JobResult | undefined;
  #failure: string | undefined;
  #state: JobState = 'UploadComplete';
  #stateMs: number;
  #isHeld: boolean;

  constructor({ id, number, request, objectName, result, failure, clock, timing, locatorForm }: QueryJobOptions) {
    this.id = id;
    this.request = request;
    this.objectName = objectName;
    this.createdMs = clock.now();
    this.locators = new ResultLocators(locatorForm, number);
    this.#clock = clock;
    this.#timing = timing;
    this.#result = result;
    this.#failure = failure;
    this.#stateMs = this.createdMs;
    this.#isHeld = timing.hold;
  }

  get state(): JobState {
    return this.#state;
  }

  /** When the job came into its state. */
  get stateMs(): number {
    return this.#stateMs;
  }

  get isTerminal(): boolean {
    return this.#state !== 'UploadComplete' && this.#state !== 'InProgress';
  }

  /** Rows of the result, once complete. */
  get totalRows(): number {
    return this.#state === 'JobComplete' ? (this.#result?.totalRows ?? 0) : 0;
  }

  get errorMessage(): string | undefined {
    return this.#state === 'Failed' ? this.#failure : undefined;
  }

  /** @throws {ApiFault} unless the job is complete. */
  requireResult(): JobResult {
    if (this.#state === 'JobComplete' && this.#result !== undefined) return this.#result;
    throw new UnverifiedFault('earlyResults');
  }

  /** What a status request does: moves on by a state when its time is over. */
  poll(): void {
    if (this.#isHeld || this.isTerminal) return;
    const { queuedMs, runningMs, skipInProgress } = this.#timing;
    if (this.#moveWhenDue(queuedMs, 'UploadComplete') && !skipInProgress) return;
    this.#moveWhenDue(runningMs, 'InProgress');
  }

  /** Moves on by a state at once, held or not. */
  tick(): JobState {
    if (!this.isTerminal) this.#moveOn(this.#clock.now());
    return this.#state;
  }

  /** The job stays in its state, but for `tick`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** The job goes on by itself after `hold`. */
  release(): void {
    this.#isHeld = false;
  }

  /** The job will end as `Failed` with this text, in the place of `JobComplete`. */
  failWith(errorMessage: string): void {
    this.#failure = errorMessage;
  }

  /** @throws {ApiFault} when the job is over. */
  abort(): void {
    if (this.isTerminal) throw new ApiFault(400, 'INVALIDJOBSTATE', 'Aborting already Completed Job not allowed');
    this.#enter('Aborted', this.#clock.now());
  }

  [Symbol.dispose](): void {
    this.#result?.[Symbol.dispose]();
    this.#result = undefined;
  }

  #moveWhenDue(delayMs: number, from: JobState): boolean {
    const dueMs = this.#stateMs + delayMs;
    if (this.#state !== from || dueMs > this.#clock.now()) return false;
    this.#moveOn(dueMs);
    return true;
  }

  #moveOn(atMs: number): void {
    if (this.#state === 'UploadComplete') this.#enter('InProgress', atMs);
    else this.#enter(this.#failure === undefined ? 'JobComplete' : 'Failed', atMs);
  }

  #enter(state: JobState, atMs: number): void {
    this.#state = state;
    this.#stateMs = atMs;
    if (state === 'Failed' || state === 'Aborted') this[Symbol.dispose]();
  }
}
