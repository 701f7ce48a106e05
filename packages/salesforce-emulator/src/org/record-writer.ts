import type { StatementSync } from 'node:sqlite';

import { cellWriter } from './cell-storage.ts';
import type { CellWriter, FieldDefinition, FoundRecord, ObjectDefinition, ObjectWriter, StoredValue } from './org.ts';
import { personName } from './record-defaults.ts';
import { recordId } from './record-id.ts';
import { type RecordStore, storedFields } from './record-store.ts';

/** Statements kept ready; an update has one for every set of fields. */
const MOST_STATEMENTS = 200;
const NAME_PARTS = ['FirstName', 'LastName'];

export class RecordWriter implements ObjectWriter {
  readonly #store: RecordStore;
  readonly #object: ObjectDefinition;
  readonly #userId: string;
  readonly #fields: readonly FieldDefinition[];
  /** What each field holds that is not given. */
  readonly #absent: readonly StoredValue[];
  readonly #insertSql: string;
  readonly #statements = new Map<string, StatementSync>();
  readonly #indexed = new Set<string>();
  #lastRow = 0;

  constructor(store: RecordStore, object: ObjectDefinition, userId: string) {
    this.#store = store;
    this.#object = object;
    this.#userId = userId;
    this.#fields = storedFields(object);
    this.#absent = this.#fields.map((field) => this.cellWriter(field)(null));
    const names = this.#fields.map(({ name }) => `"${name}"`).join(', ');
    const marks = this.#fields.map(() => '?').join(', ');
    this.#insertSql = `INSERT INTO "o_${object.name}" (_row, ${names}) VALUES (?, ${marks})`;
  }

  cellWriter(field: FieldDefinition): CellWriter {
    return cellWriter(field, this.#store.policy);
  }

  byId(id: string): FoundRecord | undefined {
    const row = this.#prepare(`SELECT "IsDeleted" AS d FROM ${this.#table} WHERE "Id" = ?`).get(id);
    return row === undefined ? undefined : { id, isDeleted: row['d'] === 1 };
  }

  withValue(field: FieldDefinition, value: StoredValue): readonly string[] {
    const column = `"${field.name}"`;
    const key = keyFunction(field, value);
    const expression = key === undefined ? column : `${key}(${column})`;
    const table = this.#table;
    if (!this.#indexed.has(field.name)) {
      this.#store.database.exec(
        `CREATE INDEX IF NOT EXISTS "i_${this.#object.name}.${field.name}" ON ${table} (${expression})`,
      );
      this.#indexed.add(field.name);
    }
    const sought = key === undefined ? '?' : `${key}(?)`;
    const sql = `SELECT "Id" AS id FROM ${table} WHERE ${expression} = ${sought} AND "IsDeleted" = 0 LIMIT 2`;
    return this.#prepare(sql)
      .all(value)
      .map((row) => String(row['id']));
  }

  insert(values: ReadonlyMap<string, StoredValue>, nowMs: number): string {
    const { row, id } = this.#nextId();
    const now = stampText(nowMs);
    const made: Readonly<Record<string, StoredValue>> = {
      Id: id,
      CreatedDate: now,
      CreatedById: this.#userId,
      LastModifiedDate: now,
      LastModifiedById: this.#userId,
      SystemModstamp: now,
    };
    const cells = this.#fields.map(({ name }, place) => {
      const given = made[name] ?? values.get(name) ?? this.#absent[place]!;
      if (given !== null) return given;
      if (name === 'OwnerId') return this.#userId;
      return name === 'Name' ? (personName(NAME_PARTS.map((part) => values.get(part))) ?? id) : null;
    });
    this.#prepare(this.#insertSql).run(row, ...cells);
    this.#lastRow = row;
    return id;
  }

  update(id: string, values: ReadonlyMap<string, StoredValue>, nowMs: number): void {
    const changed = new Map([...this.#audit(stampText(nowMs)), ...values]);
    this.#set(id, changed);
    const isNameMade = this.#fields.some(({ name, updateable }) => name === 'Name' && !updateable);
    if (!isNameMade || !NAME_PARTS.some((name) => changed.has(name))) return;
    const parts = this.#prepare(`SELECT "FirstName", "LastName" FROM ${this.#table} WHERE "Id" = ?`).get(id) ?? {};
    this.#set(id, new Map([['Name', personName(NAME_PARTS.map((name) => parts[name])) ?? id]]));
  }

  purge(id: string): void {
    this.#lastRow = this.#highestRow();
    this.#prepare(`DELETE FROM ${this.#table} WHERE "Id" = ?`).run(id);
  }

  get #table(): string {
    return this.#store.table(this.#object);
  }

  /** Rows put in by programs may bring ids of their own, and a purged row's id is not given again. */
  #nextId(): { readonly row: number; readonly id: string } {
    let row = this.#highestRow();
    for (;;) {
      row += 1;
      const id = recordId(this.#object.keyPrefix, row);
      if (this.byId(id) === undefined) return { row, id };
    }
  }

  #highestRow(): number {
    const row = this.#prepare(`SELECT MAX(_row) AS n FROM ${this.#table}`).get();
    return Math.max(this.#lastRow, Number(row?.['n'] ?? 0));
  }

  #audit(now: string): readonly (readonly [string, StoredValue])[] {
    return [
      ['LastModifiedDate', now],
      ['LastModifiedById', this.#userId],
      ['SystemModstamp', now],
    ];
  }

  #set(id: string, values: ReadonlyMap<string, StoredValue>): void {
    const assignments = [...values.keys()].map((name) => `"${name}" = ?`).join(', ');
    this.#prepare(`UPDATE ${this.#table} SET ${assignments} WHERE "Id" = ?`).run(...values.values(), id);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
      statement = this.#store.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Stamps hold whole seconds. */
function stampText(nowMs: number): string {
  return new Date(Math.floor(nowMs / 1000) * 1000).toISOString();
}

/** The SQL function whose value is the same for values an org takes for equal. */
function keyFunction({ type, caseSensitive }: FieldDefinition, value: StoredValue): string | undefined {
  if (typeof value !== 'string' || type === 'id' || type === 'reference') return undefined;
  if (type === 'double' || type === 'currency' || type === 'percent') return 'decimal_key';
  return caseSensitive ? undefined : 'fold';
}
