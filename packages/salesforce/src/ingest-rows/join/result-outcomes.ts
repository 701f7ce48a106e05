import type { IngestPlan } from '../ingest-plan.ts';
import type { JobResults, ResultSetKind } from './job-results.ts';
import { type Outcome, type OutcomeTable, WRITTEN } from './outcome-table.ts';
import { ERROR_PLACE, sentColumn } from './result-hasher.ts';
import { type ResultBatch, resultText } from './result-rows.ts';
import { errorCode, readRowError } from './row-error.ts';

/** What rows of a result set say became of them. */
export class ResultOutcomes {
  readonly #plan: IngestPlan;
  readonly #table: OutcomeTable;
  /** Columns of the schema by the fields they go to, in lower case. */
  readonly #columnsOfFields: ReadonlyMap<string, string>;

  constructor(plan: IngestPlan, table: OutcomeTable) {
    this.#plan = plan;
    this.#table = table;
    this.#columnsOfFields = new Map(
      plan.columns.map(({ name, header, lookupField }) => [(lookupField ?? header).toLowerCase(), name]),
    );
  }

  of(job: JobResults, kind: ResultSetKind, batch: ResultBatch, row: number): Outcome {
    if (kind === 'successful') return WRITTEN;
    if (kind === 'unprocessed') {
      const { code, message, retryable, columns } = job.unprocessed;
      return this.#table.outcomeOf({ code, message, retryable, ...(columns === undefined ? {} : { columns }) });
    }
    const text = resultText(batch.columns[ERROR_PLACE], row);
    return this.#table.known(text) ?? this.#failure(text, batch, row);
  }

  #failure(text: string, batch: ResultBatch, row: number): Outcome {
    if (this.#table.isFull) return this.#table.outcomeOfCode(errorCode(text));
    const cells = this.#plan.columns.map((_, index) => resultText(sentColumn(batch, index), row));
    const { code, message, retryable, fields } = readRowError(text, cells);
    const columns = [...new Set(fields.map((field) => this.#columnsOfFields.get(field.toLowerCase()) ?? field))];
    return this.#table.outcomeOf({ code, message, retryable, ...(columns.length === 0 ? {} : { columns }) }, text);
  }
}
