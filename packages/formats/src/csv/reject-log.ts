import type { SourceReject } from '@sluice/core';

/** Why a row as a whole is none. */
export interface Refusal {
  readonly code: 'ROW_MALFORMED' | 'VALUE_INVALID';
  /** Never holds a value. */
  readonly message: string;
  readonly columns: readonly string[];
}

interface RowReject {
  readonly code: Refusal['code'];
  readonly columns: string[];
  readonly messages: string[];
}

/** The rows of one batch that hold a value their column cannot take; a row counts once, with all of its columns. */
export class RejectLog {
  readonly #rows = new Map<number, RowReject>();

  /** `row` counts from the start of the batch, rejected rows included. */
  add(row: number, column: string, message: string): void {
    let reject = this.#rows.get(row);
    if (reject === undefined) this.#rows.set(row, (reject = { code: 'VALUE_INVALID', columns: [], messages: [] }));
    reject.columns.push(column);
    reject.messages.push(message);
  }

  refuse(row: number, { code, message, columns }: Refusal): void {
    this.#rows.set(row, { code, columns: [...columns], messages: [message] });
  }

  /** The rows of `rowCount` that are not rejected; undefined when none is. */
  keptRows(rowCount: number): Uint32Array | undefined {
    if (this.#rows.size === 0) return undefined;
    const kept = new Uint32Array(rowCount - this.#rows.size);
    for (let row = 0, i = 0; row < rowCount; row++) if (!this.#rows.has(row)) kept[i++] = row;
    return kept;
  }

  /** All rejects, ascending by row; the log is empty afterwards. */
  end(): readonly SourceReject[] {
    const rejects = [...this.#rows]
      .sort(([left], [right]) => left - right)
      .map(([row, { code, columns, messages }]) => ({ row, code, message: messages.join('; '), columns }));
    this.#rows.clear();
    return rejects;
  }
}
