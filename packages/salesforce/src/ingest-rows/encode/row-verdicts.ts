import type { Reject } from '@sluice/core';

/** Why a row is not sent, as `Reject.code` has it. */
export type RowFaultCode =
  /** A value that does not fit its field. */
  | 'VALUE_INVALID'
  /** A number the org would not keep as it is (`inexactNumbers: 'reject'`). */
  | 'VALUE_INEXACT'
  /** A null for a field that cannot be null. */
  | 'VALUE_REQUIRED'
  /** No key. */
  | 'KEY_MISSING'
  /** The key of an earlier row of the part. */
  | 'KEY_DUPLICATE'
  /** The key of an earlier row of the part, which it has to follow: sent again (`duplicateKeys: 'send'`). */
  | 'KEY_POSTPONED';

interface RowFault {
  readonly code: RowFaultCode;
  readonly columns: string[];
  readonly problems: string[];
}

/** What is found out about the rows of one batch before they are written. */
export class RowVerdicts {
  readonly rows: number;
  /** For each row, the lookups that are null, as bits; undefined while there is none. */
  variants: Float64Array | undefined;
  readonly #faults = new Map<number, RowFault>();
  /** A row for each number beyond 15 digits. */
  readonly #inexact: number[] = [];
  /** A row for each value that its picklist does not have. */
  readonly #unlisted: number[] = [];
  /** A row for each null left out of a field that cannot be null. */
  readonly #leftNulls: number[] = [];

  constructor(rows: number) {
    this.rows = rows;
  }

  get rejectedRows(): number {
    return this.#faults.size;
  }

  isRejected(row: number): boolean {
    return this.#faults.has(row);
  }

  /** `problem` names what is expected of the column, never the value. */
  reject(row: number, code: RowFaultCode, column: string, problem: string): void {
    const fault = this.#faults.get(row);
    if (fault === undefined) {
      this.#faults.set(row, { code, columns: [column], problems: [`${column}: ${problem}`] });
      return;
    }
    fault.columns.push(column);
    fault.problems.push(`${column}: ${problem}`);
  }

  /** For what several columns have together. */
  rejectRow(row: number, code: RowFaultCode, columns: readonly string[], problem: string): void {
    const { code: first = code, columns: names = [], problems = [] } = this.#faults.get(row) ?? {};
    this.#faults.set(row, {
      code: first,
      columns: [...new Set([...names, ...columns])],
      problems: [...problems, problem],
    });
  }

  addInexact(row: number): void {
    this.#inexact.push(row);
  }

  addUnlisted(row: number): void {
    this.#unlisted.push(row);
  }

  addLeftNull(row: number): void {
    this.#leftNulls.push(row);
  }

  /** Numbers beyond 15 digits in rows that are sent. */
  inexactNumbers(): number {
    return this.#sent(this.#inexact);
  }

  /** Values that their picklists do not have, in rows that are sent. */
  unlistedValues(): number {
    return this.#sent(this.#unlisted);
  }

  /** Nulls left out of fields that cannot be null, in rows that are sent. */
  requiredNullsLeft(): number {
    return this.#sent(this.#leftNulls);
  }

  /** The header of a row has the lookup field in place of this relationship column. */
  addVariant(row: number, bit: number): void {
    this.variants ??= new Float64Array(this.rows);
    this.variants[row]! += bit;
  }

  #sent(rows: readonly number[]): number {
    if (this.rejectedRows === 0) return rows.length;
    return rows.reduce((count, row) => (this.isRejected(row) ? count : count + 1), 0);
  }

  /** Rows counted from `firstRow` on, in their order. */
  rejects(firstRow: number): readonly Reject[] {
    const ordered = [...this.#faults].sort(([a], [b]) => a - b);
    return ordered.map(([row, { code, columns, problems }]) => ({
      row: firstRow + row,
      code,
      message: problems.join('; '),
      retryable: code === 'KEY_POSTPONED',
      columns,
    }));
  }
}
