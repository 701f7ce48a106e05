/** What an ingest job does with its rows, in the vendor's words. */
export type IngestOperation = 'insert' | 'upsert' | 'update' | 'delete' | 'hardDelete';

/** What becomes of rows on their way into the org. */
export interface RowOptions {
  /**
   * False: a null, and empty text, which an org does not tell from it, sets the field to null. True: it leaves the field
   * as it is, or to its default. Default false.
   */
  readonly ignoreNullValues?: boolean;
  /** A null that would be set in a field that cannot be null: rejects the row, or leaves that field alone. Default `reject`. */
  readonly requiredNulls?: 'reject' | 'leave';
  /**
   * Rows of one part with the same key. `reject`: all but the first are rejected. `lastWins`: only the last is sent, and
   * the others share what becomes of it. `send`: all are sent, and the org decides. Default `reject`.
   */
  readonly duplicateKeys?: 'reject' | 'lastWins' | 'send';
  /** Numbers of more than 15 significant digits, which the org keeps as the nearest double. Default `send`, counted. */
  readonly inexactNumbers?: 'send' | 'reject';
  /** Control characters other than tab and line ends in text; NUL is never sent. Default `reject`. */
  readonly controlCharacters?: 'reject' | 'send';
  /**
   * Values that a picklist does not have: sent, for an unrestricted one stores them; sent and counted; or a reject of the
   * row. Default `ignore`.
   */
  readonly picklists?: 'ignore' | 'warn' | 'reject';
  /** A column of the schema, such as a parent's id: rows of a part that agree in it are sent one after another. */
  readonly groupBy?: string;
}

export interface IngestRequest extends RowOptions {
  /** API name, in any case. */
  readonly object: string;
  readonly operation: IngestOperation;
  /** The field that tells whether a row is there already; needed for `upsert` and allowed for nothing else. */
  readonly externalId?: string;
  /** Writes encrypted text fields, whose values may have been masked where they were read. Default false. */
  readonly writeEncrypted?: boolean;
}

/** How values of a column are written, and what is checked of each. */
export type CellForm =
  | 'boolean'
  | 'number'
  | 'date'
  | 'datetime'
  | 'time'
  | 'id'
  /** Text of any kind. */
  | 'text'
  | 'multipicklist';

/** One column of the schema, and the field it goes to. */
export interface PlannedColumn {
  /** Of the Arrow field. */
  readonly name: string;
  /** Heads the column in the upload, in the org's own case: `Name`, `Account.Ext__c`, `User:Owner.Username`. */
  readonly header: string;
  readonly form: CellForm;
  /** Of text, in UTF-16 units; absent where the org declares none. */
  readonly maxLength?: number;
  /** Of a number: digits left of the point, and whether it has any right of it. */
  readonly maxWholeDigits?: number;
  readonly isWhole?: true;
  /** A number that the org keeps as a double. */
  readonly isDouble?: true;
  /** A null in it rejects the row, or is left out, by option. */
  readonly isRequired?: true;
  /** The lookup field itself, where the column holds a key of the parent: it stands in the header for rows without one. */
  readonly lookupField?: string;
  /** The values of a picklist, where they are to be looked at. */
  readonly picklist?: readonly string[];
  /** Whether `A` and `a` are two keys; for key columns of text. */
  readonly isCaseSensitive?: true;
}

/**
 * Exactly what is sent, made once before any job. JSON, to be journalled with the target and given to every worker.
 *
 * Version 1.
 */
export interface IngestPlan {
  readonly version: 1;
  /** API name of the object. */
  readonly object: string;
  readonly operation: IngestOperation;
  /** As the job is created with; only for `upsert`. */
  readonly externalIdFieldName?: string;
  /** One for each field of the schema, in its order. */
  readonly columns: readonly PlannedColumn[];
  /** Index of the column that identifies a row: `Id`, or the external id. Absent for `insert`. */
  readonly keyColumn?: number;
  /** Index of the column to group rows by. */
  readonly groupColumn?: number;
  /** Rows are sent in another order, or not all of them: what was encoded is uploaded by `IngestEncoder.arrangement`. */
  readonly isArranged: boolean;
  readonly options: Readonly<Required<Omit<RowOptions, 'groupBy'>>>;
}
