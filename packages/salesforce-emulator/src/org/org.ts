import type { ReportDefinition } from '../reports/report-definition.ts';

/** Field types as `describe` spells them. */
export type FieldType =
  | 'id'
  | 'reference'
  | 'string'
  | 'textarea'
  | 'phone'
  | 'url'
  | 'email'
  | 'picklist'
  | 'multipicklist'
  | 'combobox'
  | 'encryptedstring'
  | 'boolean'
  | 'int'
  | 'long'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'time'
  | 'anyType'
  | 'base64'
  | 'address'
  | 'location';

export interface FieldDefinition {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Characters, for text types; 0 otherwise. */
  readonly length: number;
  /** Total digits and digits right of the point, for numbers carried as doubles; 0 otherwise. */
  readonly precision: number;
  readonly scale: number;
  /** Digits, for `int` and `long`; 0 otherwise. */
  readonly digits: number;
  readonly nillable: boolean;
  readonly custom: boolean;
  readonly unique: boolean;
  readonly externalId: boolean;
  readonly idLookup: boolean;
  readonly caseSensitive: boolean;
  readonly calculated: boolean;
  readonly autoNumber: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly defaultedOnCreate: boolean;
  readonly nameField: boolean;
  readonly compoundFieldName: string | null;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
  readonly picklistValues: readonly string[];
  /** What `toLabel` shows for a value; a value that is absent is its own label. */
  readonly picklistLabels?: Readonly<Record<string, string>>;
  readonly restrictedPicklist: boolean;
  readonly highScaleNumber: boolean;
  readonly extraTypeInfo: string | null;
  /** Absent from describe and unknown to SOQL for the running user (field-level security). */
  readonly hidden: boolean;
  /** Read as asterisks by the running user (encrypted text without the permission to view it). */
  readonly masked: boolean;
}

export interface ObjectDefinition {
  readonly name: string;
  readonly label: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  readonly custom: boolean;
  readonly queryable: boolean;
  readonly createable: boolean;
  /** False for objects that Bulk API 2.0 refuses. */
  readonly bulk: boolean;
  readonly fields: readonly FieldDefinition[];
}

/**
 * A cell as the org holds it: doubles are JavaScript numbers (decimal text in an org of exact decimals), dates and
 * times are ISO text, `long` is a bigint, `base64` is base64 text, and `address` and `location` are the JSON text of
 * the object that REST shows.
 */
export type Cell = string | number | bigint | boolean | null;

/** What a caller may give for a cell: a value of the field's type, numbers also as decimal text, or a Date. */
export type CellInput = Cell | Date | undefined;

/** One record as a caller gives it: values by field name. */
export type RecordInput = Readonly<Record<string, CellInput>>;

/** The record behind a row, or behind a parent path of it. */
export interface RecordIdentity {
  readonly object: string;
  readonly id: string;
}

export interface ResultColumn {
  /** As the CSV header shows it: API names, relationship path dotted (`Owner.Name`), or the alias/expression name. */
  readonly header: string;
  readonly path: readonly string[];
  /** The field at the end of the path; for a function (`toLabel`, `FORMAT`) the field it was applied to. */
  readonly field: FieldDefinition;
  /** What the result holds: the field's type, or `string` after `toLabel` and `FORMAT`. */
  readonly type: FieldType;
}

export interface QueryOptions {
  /** `queryAll`: deleted and archived rows too. */
  readonly includeDeleted: boolean;
  /** Bulk refuses aggregates, child subqueries, OFFSET, TYPEOF and compound fields with texts of its own. */
  readonly api: 'rest' | 'bulk';
  /** What date literals such as TODAY are relative to. */
  readonly nowMs: number;
  /** Rows without ORDER BY come in an order drawn from this seed, the same for the same seed. */
  readonly orderSeed: number;
}

/** A query that has run; its rows are held outside the JavaScript heap and may be read in any order, repeatedly. */
export interface QueryResult extends Disposable {
  readonly object: ObjectDefinition;
  readonly columns: readonly ResultColumn[];
  readonly totalRows: number;
  /** `SELECT COUNT() FROM X`: the count, and no rows (REST only). */
  readonly count?: number;
  /** Rows of a grouped or aggregate query; they are no records and have no identities. */
  readonly isAggregate: boolean;
  /** The parent paths that the columns follow, such as `['Account', 'Owner']`; every prefix of a path is one too. */
  readonly relationships: readonly (readonly string[])[];
  rows(offset: number, limit: number): Iterable<readonly Cell[]>;
  /** For each row its own identity, then that of each of `relationships` in order; null for a missing parent. */
  identities(offset: number, limit: number): Iterable<readonly (RecordIdentity | null)[]>;
}

/** What the org answers to a statement it does not accept: `errorCode` and `message` as the wire shows them. */
export class SoqlFault extends Error {
  override readonly name = 'SoqlFault';
  readonly errorCode: string;

  constructor(errorCode: string, message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** A value as the org keeps it: booleans are 0 and 1, dates and times ISO text, exact decimals plain notation. */
export type StoredValue = string | number | bigint | null;

/** How a value of a field is checked and kept. @throws {CellFault} when it is not of the field's type. */
export type CellWriter = (value: CellInput) => StoredValue;

export interface FoundRecord {
  readonly id: string;
  readonly isDeleted: boolean;
}

/** Writes the records of one object one by one, as an API does. It checks nothing but types: the caller does. */
export interface ObjectWriter {
  cellWriter(field: FieldDefinition): CellWriter;
  /** By its 18-character id, in the recycle bin too. */
  byId(id: string): FoundRecord | undefined;
  /** At most two records with this value that are not deleted; text is compared ignoring case unless the field minds it. */
  withValue(field: FieldDefinition, value: StoredValue): readonly string[];
  /** Fills in what is not given, created at `nowMs`, and returns the new id. */
  insert(values: ReadonlyMap<string, StoredValue>, nowMs: number): string;
  /** Changes the fields given, modified at `nowMs`. */
  update(id: string, values: ReadonlyMap<string, StoredValue>, nowMs: number): void;
  /** Deletes for good, past the recycle bin. */
  purge(id: string): void;
}

export interface Org extends Disposable {
  readonly orgId: string;
  readonly userId: string;
  readonly userName: string;
  /** All objects the user may see, by name. */
  readonly objects: readonly ObjectDefinition[];
  readonly reports: readonly ReportDefinition[];
  /** Case-insensitive. */
  object(name: string): ObjectDefinition | undefined;
  /** Rows not deleted. */
  countRows(objectName: string): number;
  /** @throws {SoqlFault} */
  query(soql: string, options: QueryOptions): QueryResult;
  /**
   * Adds records, all or none, and returns their number. What is not given is filled in as an org does: Id, Name,
   * owner, audit fields. Results of earlier queries do not change.
   *
   * @throws {Error} naming object, row and field when a value does not fit the field.
   */
  insert(objectName: string, records: Iterable<RecordInput>): number;
  /** Changes the given fields of the records whose `Id` is given and stamps them as modified at `nowMs`. */
  update(objectName: string, records: Iterable<RecordInput>, nowMs: number): number;
  /** Moves records to the recycle bin: `IsDeleted` becomes true and they are stamped as modified at `nowMs`. */
  remove(objectName: string, ids: Iterable<string>, nowMs: number): number;
  /** @throws {Error} when there is no such object. */
  writer(objectName: string): ObjectWriter;
  /** Runs `work`, and takes back what it wrote when it throws. */
  transaction<Result>(work: () => Result): Result;
}
