import { SluiceError } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import { MAX_ROW_CHARACTERS } from '../../limits.ts';
import type { IngestPlan } from '../ingest-plan.ts';
import { ColumnJudge, type JudgedColumn } from './column-judge.ts';
import { variantBits } from './header-variant.ts';
import { RowVerdicts } from './row-verdicts.ts';
import { cellCharacters, cellLength } from './text-checks.ts';

export interface JudgedBatch {
  readonly columns: readonly JudgedColumn[];
  readonly verdicts: RowVerdicts;
}

/**
 * Says of each row whether it is sent, and under which header: the same for the same row, whatever batch it comes in, in
 * any process. Only what rows have in common, such as a key, is judged elsewhere.
 */
export class BatchJudge {
  readonly #judges: readonly ColumnJudge[];

  /** @throws `SCHEMA_CHANGED` when the plan is one for other columns. */
  constructor({ columns, keyColumn, options }: IngestPlan, { fields }: Schema) {
    if (fields.length !== columns.length || fields.some(({ name }, index) => name !== columns[index]?.name)) {
      throw new SluiceError('SCHEMA_CHANGED', 'the columns are not those the ingest was planned for', {
        hint: 'Plan the ingest again.',
      });
    }
    const bits = variantBits(columns, options);
    this.#judges = columns.map(
      (column, index) => new ColumnJudge(fields[index]!, column, index === keyColumn, bits[index]!, options),
    );
  }

  judge(batch: RecordBatch): JudgedBatch {
    const verdicts = new RowVerdicts(batch.numRows);
    const columns = this.#judges.map((judge, index) => judge.judge(batch.data.children[index]!, verdicts));
    rejectLongRows(columns, verdicts, this.#judges);
    return { columns, verdicts };
  }
}

/** Where no cells could make a row too long, none is looked at. */
function rejectLongRows(columns: readonly JudgedColumn[], verdicts: RowVerdicts, judges: readonly ColumnJudge[]): void {
  const texts = columns.flatMap(({ cells, maxBytes }) => (cells === undefined ? [] : { cells, maxBytes }));
  if (texts.reduce((sum, { maxBytes }) => sum + maxBytes, 0) <= MAX_ROW_CHARACTERS) return;
  const names = judges.filter((_, index) => columns[index]!.cells !== undefined).map(({ name }) => name);
  for (let row = 0; row < verdicts.rows; row++) {
    if (texts.reduce((sum, { cells }) => sum + cellLength(cells, row), 0) <= MAX_ROW_CHARACTERS) continue;
    if (texts.reduce((sum, { cells }) => sum + cellCharacters(cells, row), 0) <= MAX_ROW_CHARACTERS) continue;
    verdicts.rejectRow(row, 'VALUE_INVALID', names, `expected at most ${MAX_ROW_CHARACTERS} characters in a row`);
  }
}
