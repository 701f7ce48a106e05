import type { ValueCells } from '@sluice/core/cells';
import {
  type ByteCells,
  cellDialect,
  isValid,
  type OpenCells,
  openColumn,
  textCells,
  type Validity,
} from '@sluice/formats/csv-rows';
import type { Data, Field } from 'apache-arrow';

import type { IngestPlan, PlannedColumn } from '../ingest-plan.ts';
import { cellWriter } from './cell-writers.ts';
import { instantCheck } from './instant-checks.ts';
import { numberBounds, numberCheck } from './number-checks.ts';
import type { RowVerdicts } from './row-verdicts.ts';
import { checkText, noteFault } from './text-checks.ts';
import type { ValueCheck } from './value-check.ts';

/** Comma, double quote; text with LF for its line ends, as the line ending of a job has to hold within quotes, too. */
export const DIALECT = cellDialect({ lineEnd: '\n', nullText: '#N/A', unifiesLineEnds: true });

const NO_TEXT = new Uint8Array(0);

/** One column of a batch whose rows have been judged. */
export interface JudgedColumn extends OpenCells {
  /** Undefined where it is not text. */
  readonly cells: ByteCells | undefined;
}

/** Checks the values of one column, batch by batch, and makes them ready to be written. */
export class ColumnJudge {
  readonly #column: PlannedColumn;
  readonly #options: IngestPlan['options'];
  readonly #isKey: boolean;
  /** What this lookup adds to the number of a header; 0 for any other column. */
  readonly #variantBit: number;
  readonly #cells: ValueCells | undefined;
  readonly #check: ValueCheck | undefined;
  readonly #nulls: Uint8Array;

  constructor(field: Field, column: PlannedColumn, isKey: boolean, variantBit: number, options: IngestPlan['options']) {
    this.#column = column;
    this.#options = options;
    this.#isKey = isKey;
    this.#variantBit = variantBit;
    this.#cells = cellWriter(field, column);
    this.#check =
      column.form === 'number' ? numberCheck(field, numberBounds(column)) : instantCheck(field.type, column.form);
    const setsNull = !options.ignoreNullValues && column.isRequired !== true && column.lookupField === undefined;
    this.#nulls = setsNull ? DIALECT.nulls : NO_TEXT;
  }

  get name(): string {
    return this.#column.name;
  }

  judge(data: Data, verdicts: RowVerdicts): JudgedColumn {
    const { validity: given, cells } = openColumn(data);
    const nulls = this.#nulls;
    if (cells !== undefined) {
      const validity = checkText(this.#column, cells, given, this.#options, verdicts);
      if (validity !== undefined) this.#judgeNulls(validity, verdicts);
      return { ...textCells(DIALECT, cells, this.name), validity, nulls, cells };
    }
    if (given !== undefined) this.#judgeNulls(given, verdicts);
    this.#checkValues(data, given, verdicts);
    // Every column that is not text has values.
    const { maxBytes, open } = this.#cells!;
    return { write: open(data), maxBytes, validity: given, nulls, cells };
  }

  #judgeNulls(validity: Validity, verdicts: RowVerdicts): void {
    const { name, isRequired } = this.#column;
    const { ignoreNullValues, requiredNulls } = this.#options;
    if (!this.#isKey && (ignoreNullValues || (isRequired !== true && this.#variantBit === 0))) return;
    for (let row = 0; row < verdicts.rows; row++) {
      if (isValid(validity, row)) continue;
      if (this.#isKey) verdicts.reject(row, 'KEY_MISSING', name, 'expected a key');
      else if (isRequired !== true) verdicts.addVariant(row, this.#variantBit);
      else if (requiredNulls === 'leave') verdicts.addLeftNull(row);
      else verdicts.reject(row, 'VALUE_REQUIRED', name, 'expected a value, as the field cannot be null');
    }
  }

  #checkValues(data: Data, validity: Validity | undefined, verdicts: RowVerdicts): void {
    const check = this.#check?.(data);
    if (check === undefined) return;
    const { name } = this.#column;
    for (let row = 0; row < verdicts.rows; row++) {
      if (validity !== undefined && !isValid(validity, row)) continue;
      const problem = check(row);
      if (problem !== undefined) noteFault(row, name, problem, this.#options.inexactNumbers, verdicts);
    }
  }
}
