import type { CallOptions } from '../client/call-options.ts';

/** One statement, its values bound: `$1` is the first. */
export interface Statement {
  /** Without values several statements may follow one another; with values it is one. */
  readonly sql: string;
  readonly values?: readonly (string | null)[];
}

export interface ResultField {
  readonly name: string;
  /** Such as `int4`, `text` or `timestamptz`; `other` for arrays and for types that are not built in. */
  readonly type: string;
}

/** What a statement gave. */
export interface StatementResult {
  /** Its first word, such as `UPDATE`. */
  readonly command: string;
  /** Rows it inserted, updated, deleted or gave; undefined for one that does nothing to rows. */
  readonly rowCount: number | undefined;
  /** None for a statement that gives no rows. */
  readonly fields: readonly ResultField[];
  /** Cells as the server writes them; no more rows than were asked for. */
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows there were. */
  readonly totalRows: number;
}

export interface StatementsResult {
  readonly results: readonly StatementResult[];
  /** Texts the server raised on the way. */
  readonly notices: readonly string[];
}

export interface StatementsOptions extends CallOptions {
  /** Rows kept of each result. Default: all. */
  readonly maxRows?: number;
}
