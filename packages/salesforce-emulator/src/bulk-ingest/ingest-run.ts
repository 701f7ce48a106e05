import type { EmulatorClock } from '../emulator-clock.ts';
import type { ObjectDefinition, Org } from '../org/org.ts';
import type { Quotas } from '../rest/quotas.ts';
import { ChunkSaver } from './chunk-saver.ts';
import type { CsvRow } from './csv-scanner.ts';
import type { IngestSettings } from './ingest-options.ts';
import type { IngestRequest } from './ingest-request.ts';
import { ResultFile } from './result-file.ts';
import { ResultLines, resultPlaces } from './result-lines.ts';
import { JobFault } from './row-fault.ts';
import type { RowRule } from './row-rule.ts';
import { readHeader, type UploadColumn } from './upload-header.ts';
import { takeRows, uploadRows } from './upload-rows.ts';
import { surveyUpload } from './upload-survey.ts';

const BATCH_ROWS = 10_000;
/** Counted like an allowance of `/limits`, which does not list it. */
export const RECORD_QUOTA = 'DailyBulkRecords';

export interface IngestRunOptions {
  readonly org: Org;
  readonly object: ObjectDefinition;
  readonly request: IngestRequest;
  readonly clock: EmulatorClock;
  readonly quotas: Quotas;
  readonly settings: IngestSettings;
  readonly rules: readonly RowRule[];
  /** Where the rows are; undefined when nothing was uploaded. */
  readonly uploadPath: string | undefined;
  /** The result files start with it. */
  readonly resultPath: string;
  readonly seed: number;
}

/** The processing of one upload, a chunk at a time, and the result files it leaves. */
export class IngestRun implements AsyncDisposable {
  readonly #options: IngestRunOptions;
  readonly #columns: readonly UploadColumn[];
  readonly #places: readonly number[];
  readonly #lines: ResultLines;
  readonly #successes: ResultFile;
  readonly #failures: ResultFile;
  readonly #saver: ChunkSaver;
  readonly #totalRows: number;
  #source: AsyncGenerator<CsvRow, void, undefined> | undefined;

  private constructor(options: IngestRunOptions, columns: readonly UploadColumn[], totalRows: number) {
    const { request, settings, resultPath, seed } = options;
    const order = settings.shuffleResults ? seed : undefined;
    this.#options = options;
    this.#columns = columns;
    this.#totalRows = totalRows;
    this.#successes = new ResultFile(`${resultPath}.successful`, order);
    this.#failures = new ResultFile(`${resultPath}.failed`, order);
    this.#places = resultPlaces(columns, Number(request.version), settings.resultColumns);
    this.#lines = new ResultLines(request);
    this.#saver = new ChunkSaver({ ...options, columns, options: settings, duplicateKeys: settings.duplicateKeys });
  }

  /** Looks the upload through. @throws {JobFault} when no row of it can be saved. */
  static async start(options: IngestRunOptions): Promise<IngestRun> {
    const { uploadPath, request, object, org, settings } = options;
    const survey = uploadPath === undefined ? undefined : await surveyUpload(uploadPath, request, settings);
    const columns = readHeader(survey?.header ?? [], object, org, settings);
    requireKeyColumn(request, columns);
    return new IngestRun(options, columns, survey?.rows ?? 0);
  }

  /** The names of the upload as sent. */
  get header(): readonly string[] {
    return this.#columns.map(({ header }) => header);
  }

  get processedRows(): number {
    return this.#successes.lines + this.#failures.lines;
  }

  get failedRows(): number {
    return this.#failures.lines;
  }

  get isDone(): boolean {
    return this.processedRows === this.#totalRows;
  }

  /** Saves a chunk. @throws {JobFault} when the job fails by it; the rows of the chunk are unprocessed then. */
  async step(): Promise<void> {
    const { clock, settings, request, uploadPath } = this.#options;
    if (this.isDone || uploadPath === undefined) return;
    if (this.#source === undefined) {
      this.#source = uploadRows(uploadPath, request);
      await takeRows(this.#source, 1); // the header row
    }
    const before = this.processedRows;
    // A chunk does not reach over the end of a batch.
    const most = Math.min(settings.chunkRows, BATCH_ROWS - (before % BATCH_ROWS));
    const rows = await takeRows(this.#source, most);
    if (before % BATCH_ROWS === 0) this.#useBatch();
    this.#useRecords(rows.length);
    const outcomes = this.#saver.save(rows, before + 1, clock.now());
    const line = (isSaved: boolean): readonly string[] =>
      outcomes
        .filter(({ error }) => (error === undefined) === isSaved)
        .map((outcome) => this.#lines.outcome(outcome, this.#places));
    await this.#successes.append(line(true));
    await this.#failures.append(line(false));
  }

  successfulResults(): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#result(['sf__Id', 'sf__Created'], this.#successes);
  }

  failedResults(): AsyncGenerator<Uint8Array, void, undefined> {
    return this.#result(['sf__Id', 'sf__Error'], this.#failures);
  }

  /** No more rows are saved, and the upload may be removed. The results stay. */
  async end(): Promise<void> {
    await this.#source?.return();
    this.#source = undefined;
    await this.#successes.end();
    await this.#failures.end();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await this.#successes[Symbol.asyncDispose]();
    await this.#failures[Symbol.asyncDispose]();
  }

  async *#result(added: readonly string[], file: ResultFile): AsyncGenerator<Uint8Array, void, undefined> {
    const names = this.#places.map((place) => this.#columns[place]!.header);
    yield Buffer.from(this.#lines.header(added, names));
    yield* file.body();
  }

  #useBatch(): void {
    const { quotas } = this.#options;
    if (quotas.remaining('DailyBulkApiBatches') < 1) throw new QuotaFault();
    quotas.use('DailyBulkApiBatches');
  }

  #useRecords(rows: number): void {
    const { quotas, settings } = this.#options;
    if (quotas.used(RECORD_QUOTA) + rows > settings.dailyRecords) throw new QuotaFault();
    quotas.use(RECORD_QUOTA, rows);
  }
}

/** The allocation is used up: as documented, nothing is recorded about the rows that are left. */
export class QuotaFault extends JobFault {
  constructor() {
    super('ExceededQuota : The daily allocation for Bulk API is used up');
  }
}

function requireKeyColumn({ externalIdFieldName }: IngestRequest, columns: readonly UploadColumn[]): void {
  if (externalIdFieldName === undefined || columns.length === 0) return;
  const wanted = externalIdFieldName.toLowerCase();
  if (columns.some((column) => column.kind === 'field' && column.field.name.toLowerCase() === wanted)) return;
  throw new JobFault(`InvalidBatch : Field name not found : ${externalIdFieldName}`);
}
