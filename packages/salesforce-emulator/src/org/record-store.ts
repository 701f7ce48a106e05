import { DatabaseSync, type StatementSync } from 'node:sqlite';

import { CellFault, cellWriter, type StoragePolicy } from './cell-storage.ts';
import { decimalSortKey } from './decimal-text.ts';
import { isCompound } from './field-capabilities.ts';
import type { CellInput, CellWriter, FieldDefinition, ObjectDefinition, RecordInput, StoredValue } from './org.ts';
import { recordDefaults } from './record-defaults.ts';
import { toLongId } from './record-id.ts';

/** Puts the rows an object starts with into the store, when the object is first needed. */
export type RowLoader = (store: RecordStore) => void;

export interface RecordStoreOptions {
  readonly objects: readonly ObjectDefinition[];
  readonly userId: string;
  readonly policy: StoragePolicy;
  readonly loaders: ReadonlyMap<string, RowLoader>;
}

/**
 * The records of an org in an SQLite database in memory: a table per object, a column per field that is not compound.
 * `_row` numbers the rows of an object from 1.
 */
export class RecordStore {
  readonly database: DatabaseSync;
  readonly policy: StoragePolicy;
  readonly #userId: string;
  readonly #objects: ReadonlyMap<string, ObjectDefinition>;
  readonly #loaders: ReadonlyMap<string, RowLoader>;
  readonly #created = new Set<string>();

  constructor({ objects, userId, policy, loaders }: RecordStoreOptions) {
    this.policy = policy;
    this.#userId = userId;
    this.#objects = new Map(objects.map((object) => [object.name.toLowerCase(), object]));
    this.#loaders = loaders;
    this.database = new DatabaseSync(':memory:');
    const pure = { deterministic: true };
    this.database.function('fold', pure, (text) => (typeof text === 'string' ? text.toLowerCase() : text));
    this.database.function('decimal_key', pure, (text) => (typeof text === 'string' ? decimalSortKey(text) : null));
  }

  object(name: string): ObjectDefinition | undefined {
    return this.#objects.get(name.toLowerCase());
  }

  /** @throws {Error} when there is no such object. */
  requireObject(objectName: string): ObjectDefinition {
    const object = this.object(objectName);
    if (object === undefined) throw new Error(`This org has no object ${objectName}.`);
    return object;
  }

  /** The SQL name of the object's table, created and loaded by now. */
  table(object: ObjectDefinition): string {
    const table = `"o_${object.name}"`;
    if (this.#created.has(object.name)) return table;
    const columns = storedFields(object).map((field) => `"${field.name}"${columnType(field, this.policy)}`);
    this.database.exec(`CREATE TABLE ${table} (_row INTEGER PRIMARY KEY, ${columns.join(', ')})`);
    this.#created.add(object.name);
    try {
      this.#loaders.get(object.name)?.(this);
    } catch (cause) {
      // The next reader must meet the same error, not an object without rows.
      this.#created.delete(object.name);
      this.database.exec(`DROP TABLE ${table}`);
      throw cause;
    }
    return table;
  }

  /** @throws {Error} naming object, row and field when a value does not fit; none of the rows is kept then. */
  insert(objectName: string, records: Iterable<RecordInput>): number {
    const object = this.requireObject(objectName);
    const fields = storedFields(object);
    return this.#insertCells(object, fields, positional(object, fields, records));
  }

  /** As `insert`, for records given as cells in the order of the named fields. */
  insertCells(object: ObjectDefinition, fieldNames: readonly string[], rows: Iterable<CellInput[]>): number {
    const fields = storedFields(object);
    const given = fieldNames.map((name) => {
      const field = fields.find((candidate) => candidate.name === name);
      if (field === undefined) throw new Error(`${object.name} has no field ${name} that can be stored`);
      return field;
    });
    return this.#insertCells(object, [...given, ...fields.filter((field) => !given.includes(field))], rows);
  }

  /** Cells beyond the given ones are filled with defaults. */
  #insertCells(object: ObjectDefinition, fields: readonly FieldDefinition[], rows: Iterable<CellInput[]>): number {
    const table = this.table(object);
    const writers = fields.map((field) => cellWriter(field, this.policy));
    const names = fields.map(({ name }) => `"${name}"`).join(', ');
    const marks = fields.map(() => '?').join(', ');
    const statement = this.database.prepare(`INSERT INTO ${table} (${names}) VALUES (${marks})`);
    const fillDefaults = recordDefaults(object, fields, this.#userId);
    const before = this.#lastRow(table);
    let row = before;
    return this.transaction(() => {
      for (const cells of rows) {
        row += 1;
        fillDefaults(cells, row);
        const where = (): string => `${object.name} row ${row - before}`;
        const values = writers.map((write, index) => stored(write, cells[index], fields[index]!, where));
        runStatement(statement, values, where);
      }
      return row - before;
    });
  }

  /** Changes the given fields of the records whose `Id` is given, and stamps them as modified at `nowMs`. */
  update(objectName: string, records: Iterable<RecordInput>, nowMs: number): number {
    const object = this.requireObject(objectName);
    const table = this.table(object);
    let rows = 0;
    return this.transaction(() => {
      for (const record of records) {
        rows += 1;
        const where = (): string => `${object.name} update ${rows}`;
        const stamp = new Date(nowMs);
        const audit = { LastModifiedDate: stamp, SystemModstamp: stamp, LastModifiedById: this.#userId };
        const given = byFieldName(object, { ...audit, ...record }, where());
        const idInput = given.get('Id');
        const id = typeof idInput === 'string' ? toLongId(idInput) : undefined;
        if (id === undefined) throw new Error(`${where()}: give the Id of the record to change`);
        given.delete('Id');
        const fields = storedFields(object).filter(({ name }) => given.has(name));
        const values = fields.map((field) =>
          stored(cellWriter(field, this.policy), given.get(field.name), field, where),
        );
        const assignments = fields.map(({ name }) => `"${name}" = ?`).join(', ');
        const statement = this.database.prepare(`UPDATE ${table} SET ${assignments} WHERE "Id" = ?`);
        if (statement.run(...values, id).changes !== 1) throw new Error(`${where()}: no record has this Id`);
      }
      return rows;
    });
  }

  countRows(object: ObjectDefinition): number {
    const row = this.database.prepare(`SELECT COUNT(*) AS n FROM ${this.table(object)} WHERE "IsDeleted" = 0`).get();
    return Number(row?.['n']);
  }

  /** Ids by the value of a key field, for resolving lookups. */
  idsByKey(object: ObjectDefinition, keyField: string): ReadonlyMap<string, string> {
    const rows = this.database.prepare(`SELECT "${keyField}" AS k, "Id" AS id FROM ${this.table(object)}`).all();
    return new Map(rows.map((row) => [String(row['k']), String(row['id'])]));
  }

  close(): void {
    this.database.close();
  }

  #lastRow(table: string): number {
    return Number(this.database.prepare(`SELECT MAX(_row) AS n FROM ${table}`).get()?.['n'] ?? 0);
  }

  /** Runs `work`, and takes back what it wrote when it throws. Within another transaction it is a part of that one. */
  transaction<Result>(work: () => Result): Result {
    if (this.database.isTransaction) return work();
    const before = new Set(this.#created);
    this.database.exec('BEGIN');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (cause) {
      this.database.exec('ROLLBACK');
      // Tables go with the rest.
      for (const name of this.#created) if (!before.has(name)) this.#created.delete(name);
      throw cause;
    }
  }
}

export function storedFields(object: ObjectDefinition): readonly FieldDefinition[] {
  return object.fields.filter((field) => !isCompound(field));
}

function columnType(field: FieldDefinition, policy: StoragePolicy): string {
  switch (field.type) {
    case 'id':
      return ' TEXT UNIQUE';
    case 'boolean':
    case 'int':
    case 'long':
      return ' INTEGER';
    case 'double':
    case 'currency':
    case 'percent':
      return policy.exactDecimals ? ' TEXT' : ' REAL';
    default:
      return ' TEXT';
  }
}

function byFieldName(object: ObjectDefinition, record: RecordInput, where: string): Map<string, CellInput> {
  const names = fieldNames(object);
  const given = new Map<string, CellInput>();
  for (const [key, value] of Object.entries(record)) {
    const name = names.get(key) ?? names.get(key.toLowerCase());
    if (name === undefined) throw new Error(`${where}: ${object.name} has no field ${key} that can be stored`);
    given.set(name, value);
  }
  return given;
}

const FIELD_NAMES = new WeakMap<ObjectDefinition, ReadonlyMap<string, string>>();

function fieldNames(object: ObjectDefinition): ReadonlyMap<string, string> {
  let names = FIELD_NAMES.get(object);
  if (names === undefined) {
    names = new Map(
      storedFields(object).flatMap(({ name }) => [[name, name] as const, [name.toLowerCase(), name] as const]),
    );
    FIELD_NAMES.set(object, names);
  }
  return names;
}

function* positional(
  object: ObjectDefinition,
  fields: readonly FieldDefinition[],
  records: Iterable<RecordInput>,
): Iterable<CellInput[]> {
  let row = 0;
  for (const record of records) {
    row += 1;
    const given = byFieldName(object, record, `${object.name} row ${row}`);
    yield fields.map(({ name }) => given.get(name));
  }
}

/** `where` is asked only when something is wrong: it names the row. */
function stored(write: CellWriter, value: CellInput, field: FieldDefinition, where: () => string): StoredValue {
  try {
    return write(value);
  } catch (cause) {
    if (cause instanceof CellFault) throw new Error(`${where()}, field ${field.name}: ${cause.message}`, { cause });
    throw cause;
  }
}

function runStatement(statement: StatementSync, values: readonly StoredValue[], where: () => string): void {
  try {
    statement.run(...values);
  } catch (cause) {
    throw new Error(`${where()}: not stored (is its Id used already?)`, { cause });
  }
}
