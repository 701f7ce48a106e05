import { setImmediate } from 'node:timers/promises';

import type { JobState } from '../bulk-query/query-job.ts';
import { ApiFault } from '../http/api-fault.ts';
import type { Body } from '../http/reply.ts';
import { UnverifiedFault } from '../http/unverified-errors.ts';
import type { IngestRequest } from './ingest-request.ts';
import { IngestRun, type IngestRunOptions, QuotaFault } from './ingest-run.ts';
import { JobUpload } from './job-upload.ts';
import { ResultLines } from './result-lines.ts';
import { JobFault } from './row-fault.ts';
import type { RowRule } from './row-rule.ts';
import { headerOf, rowsAfter } from './unprocessed-rows.ts';

export type IngestState = 'Open' | JobState;

export interface IngestJobOptions extends Omit<IngestRunOptions, 'rules' | 'uploadPath' | 'resultPath'> {
  readonly id: string;
  /** The files of the job start with it. */
  readonly path: string;
}

/** After how many rows something happens; it does at the end of the chunk they are in. */
export interface AfterRows {
  readonly afterRows?: number;
}

/**
 * An ingest job. It moves on when its status is asked for, by one state or some chunks of rows at a time, so that
 * whoever polls sees each state and the count of rows rise.
 */
export class IngestJob implements AsyncDisposable {
  readonly id: string;
  readonly request: IngestRequest;
  readonly objectName: string;
  readonly createdMs: number;
  readonly #options: IngestJobOptions;
  readonly #rules: RowRule[] = [];
  readonly #upload: JobUpload;
  #state: IngestState = 'Open';
  #stateMs: number;
  #runningMs: number | undefined;
  #run: IngestRun | undefined;
  #failure: { readonly text: string; readonly afterRows: number } | undefined;
  #errorMessage: string | undefined;
  #holdAfterRows: number | undefined;
  #isRecorded = true;
  #isGone = false;
  #work: Promise<unknown> = Promise.resolve();

  constructor(options: IngestJobOptions) {
    this.id = options.id;
    this.request = options.request;
    this.objectName = options.object.name;
    this.createdMs = options.clock.now();
    this.#options = options;
    this.#upload = new JobUpload({ ...options, jobId: options.id });
    this.#stateMs = this.createdMs;
    this.#holdAfterRows = options.settings.hold ? 0 : undefined;
  }

  get state(): IngestState {
    return this.#state;
  }

  /** When the job came into its state. */
  get stateMs(): number {
    return this.#stateMs;
  }

  get isTerminal(): boolean {
    return this.#state === 'JobComplete' || this.#state === 'Failed' || this.#state === 'Aborted';
  }

  get hasData(): boolean {
    return this.#upload.hasData;
  }

  /** Rows saved and rejected so far. */
  get processedRows(): number {
    return this.#run?.processedRows ?? 0;
  }

  get failedRows(): number {
    return this.#run?.failedRows ?? 0;
  }

  /** How long the job has been, or was, in `InProgress`. */
  get processingMs(): number {
    if (this.#runningMs === undefined) return 0;
    return Math.round((this.isTerminal ? this.#stateMs : this.#options.clock.now()) - this.#runningMs);
  }

  get errorMessage(): string | undefined {
    return this.#errorMessage;
  }

  /** Takes the rows. @throws {ApiFault} when the job is not open, or has data already. */
  async upload(body: Body): Promise<void> {
    await this.#upload.receive(body, () => this.#state === 'Open' && !this.#isGone);
  }

  /** No more rows. @throws {ApiFault} when the job is not open, or has got data twice. */
  close(): void {
    if (this.#state !== 'Open') throw new UnverifiedFault('closedJob');
    this.#upload.requireSingle();
    this.#enter('UploadComplete');
  }

  /** Rows that are saved stay saved. @throws {ApiFault} when the job is over. */
  async abort(): Promise<void> {
    if (this.isTerminal) throw new ApiFault(400, 'INVALIDJOBSTATE', 'Aborting already Completed Job not allowed');
    await this.#end('Aborted');
  }

  /** A job that was left open too long. */
  async expire(state: 'Aborted' | 'Failed'): Promise<void> {
    if (state === 'Failed') this.#errorMessage = 'Timeout : The job was open for too long';
    await this.#end(state);
  }

  /** What a status request does: moves on by a state, or by some chunks of rows, when the time for it has come. */
  async poll(): Promise<void> {
    const { queuedMs, runningMs, chunksPerPoll } = this.#options.settings;
    const elapsedMs = (): number => this.#options.clock.now() - this.#stateMs;
    await this.#serially(async () => {
      if (this.#state === 'UploadComplete' && elapsedMs() >= queuedMs && !this.#isHeld) await this.#start();
      else if (this.#state === 'InProgress') await this.#save(chunksPerPoll, elapsedMs() >= runningMs);
    });
  }

  /** Moves on by a state at once, held or not. */
  async tick(): Promise<IngestState> {
    await this.#serially(async () => {
      if (this.#state === 'UploadComplete') await this.#start();
      else if (this.#state === 'InProgress') {
        this.#holdAfterRows = undefined;
        await this.#save(Infinity, true);
      }
    });
    return this.#state;
  }

  /** Saves that many chunks of a job in progress, held or not; it stays in progress. */
  async step(chunks = 1): Promise<void> {
    await this.#serially(async () => {
      const held = this.#holdAfterRows;
      this.#holdAfterRows = undefined;
      if (this.#state === 'InProgress') await this.#save(chunks, false);
      this.#holdAfterRows = held;
    });
  }

  /** The job stays in its state, or in progress once it has processed some rows, but for `tick` and `step`. */
  hold({ afterRows = 0 }: AfterRows = {}): void {
    this.#holdAfterRows = afterRows;
  }

  /** The job goes on by itself after `hold`. */
  release(): void {
    this.#holdAfterRows = undefined;
  }

  /** The job will end as `Failed` with this text; the rows after `afterRows` are unprocessed. */
  failWith(text: string, { afterRows = 0 }: AfterRows = {}): void {
    this.#failure = { text, afterRows };
  }

  /** For rows that are still to come. */
  addRule(rule: RowRule): void {
    this.#rules.push(rule);
  }

  /** @throws {ApiFault} unless the job is over. */
  successfulResults(): Body {
    this.#requireTerminal();
    return this.#run?.successfulResults() ?? this.#headerOnly(['sf__Id', 'sf__Created']);
  }

  /** @throws {ApiFault} unless the job is over. */
  failedResults(): Body {
    this.#requireTerminal();
    return this.#run?.failedResults() ?? this.#headerOnly(['sf__Id', 'sf__Error']);
  }

  /** @throws {ApiFault} unless the job is over. */
  unprocessedRecords(): Body {
    this.#requireTerminal();
    return this.#unprocessed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isGone = true;
    await this.#work;
    await this.#run?.[Symbol.asyncDispose]();
    await this.#upload.discard();
  }

  get #isHeld(): boolean {
    return this.#holdAfterRows !== undefined && this.processedRows >= this.#holdAfterRows;
  }

  /** Requests come at the same time, and one at a time moves the job on. */
  async #serially(work: () => Promise<void>): Promise<void> {
    const earlier = this.#work;
    const inTurn = async (): Promise<void> => {
      await earlier;
      if (!this.#isGone) await work();
    };
    const done = inTurn();
    this.#work = done.catch(() => {});
    await done;
  }

  async #start(): Promise<void> {
    const { path, ...options } = this.#options;
    this.#enter('InProgress');
    this.#runningMs = this.#stateMs;
    try {
      this.#run = await IngestRun.start({
        ...options,
        rules: this.#rules,
        uploadPath: this.#upload.path,
        resultPath: path,
      });
    } catch (error) {
      if (!(error instanceof JobFault)) throw error;
      // Found out while the job is in progress, whatever is scripted.
      this.#failure = { text: error.message, afterRows: 0 };
    }
  }

  async #save(chunks: number, mayComplete: boolean): Promise<void> {
    const run = this.#run;
    for (let saved = 0; ; saved += 1) {
      if (this.#state !== 'InProgress' || this.#isGone) return;
      if (this.#failure !== undefined && this.processedRows >= this.#failure.afterRows) {
        return await this.#fail(this.#failure.text);
      }
      if (this.#isHeld) return;
      if (run === undefined || run.isDone) {
        if (mayComplete) await this.#complete();
        return;
      }
      if (saved === chunks) return;
      try {
        await run.step();
      } catch (error) {
        if (!(error instanceof JobFault)) throw error;
        this.#isRecorded = !(error instanceof QuotaFault);
        return await this.#fail(error.message);
      }
      // Other requests get their turn between two chunks.
      await setImmediate();
    }
  }

  async #complete(): Promise<void> {
    if (this.#failure !== undefined) return await this.#fail(this.#failure.text);
    this.#enter('JobComplete');
    await this.#run?.end();
    await this.#upload.discard();
  }

  async #fail(text: string): Promise<void> {
    this.#errorMessage = text;
    this.#enter('Failed');
    await this.#run?.end();
  }

  async #end(state: 'Aborted' | 'Failed'): Promise<void> {
    this.#enter(state);
    await this.#serially(async () => await this.#run?.end());
  }

  async *#unprocessed(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#headerOnly([]);
    const { path } = this.#upload;
    if (path !== undefined && this.#isRecorded) yield* rowsAfter(path, this.request, this.processedRows);
  }

  /** With the names of the upload as sent. */
  async *#headerOnly(added: readonly string[]): AsyncGenerator<Uint8Array, void, undefined> {
    const { path } = this.#upload;
    const names = this.#run?.header ?? (path === undefined ? [] : await headerOf(path, this.request));
    yield Buffer.from(new ResultLines(this.request).header(added, names));
  }

  #enter(state: IngestState): void {
    this.#state = state;
    this.#stateMs = this.#options.clock.now();
  }

  #requireTerminal(): void {
    if (!this.isTerminal) throw new UnverifiedFault('earlyResults');
  }
}
