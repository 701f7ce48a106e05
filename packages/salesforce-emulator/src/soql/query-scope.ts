import { isCompound } from '../org/field-capabilities.ts';
import { type FieldDefinition, type ObjectDefinition, SoqlFault } from '../org/org.ts';
import { type RecordStore, storedFields } from '../org/record-store.ts';
import { NAME_OBJECT } from '../org/standard-objects.ts';
import { faultAt } from './fault-at.ts';
import type { AliasNode, PathNode, QueryNode } from './soql-ast.ts';

const DEEPEST_PATH = 5;
/** SQLite joins at most 64 tables. */
const MOST_JOINS = 60;

const CUSTOM_HINT = 'Please reference your WSDL or the describe call for the appropriate names.';

/** A record that a query reads: the row itself, or the parent at the end of a path. */
export interface RecordNode {
  /** Relationship names from the row; empty for the row itself. */
  readonly path: readonly string[];
  /** Whose fields may be named: for a polymorphic parent the object `Name`. */
  readonly object: ObjectDefinition;
  /** The tables the record may be in, with their SQL aliases. */
  readonly tables: readonly { readonly object: ObjectDefinition; readonly alias: string }[];
  readonly isPolymorphic: boolean;
}

export interface ResolvedField {
  readonly node: RecordNode;
  readonly field: FieldDefinition;
  readonly path: readonly string[];
}

/** What the names in one query mean, and the joins needed for the parents they mention. */
export class QueryScope {
  readonly source: string;
  readonly store: RecordStore;
  readonly root: RecordNode;
  readonly #aliases: QueryNode['aliases'];
  readonly #prefix: string;
  readonly #nodes = new Map<string, RecordNode>();
  readonly #joins: string[] = [];

  /** @throws {SoqlFault} `INVALID_TYPE` when there is no such object for the user. */
  constructor(source: string, store: RecordStore, { from, aliases }: QueryNode, prefix: string) {
    this.source = source;
    this.store = store;
    this.#aliases = aliases;
    this.#prefix = prefix;
    const object = requireQueryable(source, store, from);
    this.root = { path: [], object, tables: [{ object, alias: `${prefix}0` }], isPolymorphic: false };
  }

  /** The FROM clause; complete once every name of the query has been resolved. */
  fromSql(): string {
    return [`${this.store.table(this.root.object)} AS ${this.#prefix}0`, ...this.#joins].join(' ');
  }

  /** @throws {SoqlFault} `INVALID_FIELD` when a name in the path means nothing, or nothing the user may see. */
  resolve(node: PathNode): ResolvedField {
    const parts = this.#withoutOwnName(node);
    const fieldName = parts.at(-1) ?? '';
    const record = this.parent(parts.slice(0, -1), node.offset);
    const field = visibleField(record.object, fieldName);
    if (field === undefined) {
      const message =
        `No such column '${fieldName}' on entity '${record.object.name}'. If you are attempting to use a custom ` +
        `field, be sure to append the '__c' after the custom field name. ${CUSTOM_HINT}`;
      throw this.fault(node.offset, 'INVALID_FIELD', message);
    }
    return { node: record, field, path: [...record.path, field.name] };
  }

  /** The record at the end of a relationship path. */
  parent(names: readonly string[], offset: number): RecordNode {
    if (names.length > DEEPEST_PATH) {
      throw this.fault(offset, 'INVALID_FIELD', `a path follows at most ${DEEPEST_PATH} relationships`);
    }
    let record = this.root;
    for (const name of names) record = this.#step(record, name, offset);
    return record;
  }

  /** The SQL of a stored field of a record. */
  column(node: RecordNode, fieldName: string): string {
    if (!node.isPolymorphic) return `${node.tables[0]!.alias}."${fieldName}"`;
    if (fieldName === 'Type') {
      const cases = node.tables.map(({ object, alias }) => `WHEN ${alias}."Id" IS NOT NULL THEN '${object.name}'`);
      return `CASE ${cases.join(' ')} END`;
    }
    const columns = node.tables
      .filter(({ object }) => storedFields(object).some((field) => field.name === fieldName && !field.hidden))
      .map(({ alias }) => `${alias}."${fieldName}"`);
    return columns.length === 0 ? 'NULL' : columns.length === 1 ? columns[0]! : `COALESCE(${columns.join(', ')})`;
  }

  fault(offset: number, errorCode: string, message: string): SoqlFault {
    return faultAt(this.source, offset, errorCode, message);
  }

  /** Resolves an alias, or the object's own name before a field of it. */
  #withoutOwnName({ parts }: PathNode): readonly string[] {
    const [first = '', ...rest] = parts;
    if (rest.length === 0) return parts;
    const aliased = this.#aliases.get(first.toLowerCase());
    if (aliased !== undefined) return [...aliased, ...rest];
    const { object } = this.root;
    const isOwnName = first.toLowerCase() === object.name.toLowerCase();
    return isOwnName && relationship(object, first) === undefined ? rest : parts;
  }

  #step(from: RecordNode, name: string, offset: number): RecordNode {
    const reference = relationship(from.object, name);
    if (reference?.relationshipName === undefined || reference.relationshipName === null) {
      const message =
        `Didn't understand relationship '${name}' in field path. If you are attempting to use a custom ` +
        `relationship, be sure to append the '__r' after the custom relationship name. ${CUSTOM_HINT}`;
      throw this.fault(offset, 'INVALID_FIELD', message);
    }
    const path = [...from.path, reference.relationshipName];
    const key = path.join('.');
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;

    const targets = reference.referenceTo.flatMap((target) => this.store.object(target) ?? []);
    const isPolymorphic = targets.length > 1;
    const parentId = this.column(from, reference.name);
    const tables = targets.map((object) => {
      const alias = `${this.#prefix}${this.#joins.length + 1}`;
      this.#joins.push(`LEFT JOIN ${this.store.table(object)} AS ${alias} ON ${alias}."Id" = ${parentId}`);
      return { object, alias };
    });
    if (this.#joins.length > MOST_JOINS) {
      throw this.fault(offset, 'MALFORMED_QUERY', 'too many relationships in one query');
    }
    const object = isPolymorphic ? this.store.requireObject(NAME_OBJECT) : targets[0]!;
    const node = { path, object, tables, isPolymorphic };
    this.#nodes.set(key, node);
    return node;
  }
}

export function visibleField(object: ObjectDefinition, name: string): FieldDefinition | undefined {
  const lowerName = name.toLowerCase();
  return object.fields.find((field) => !field.hidden && field.name.toLowerCase() === lowerName);
}

function relationship(object: ObjectDefinition, name: string): FieldDefinition | undefined {
  const lowerName = name.toLowerCase();
  return object.fields.find(
    (field) => !field.hidden && !isCompound(field) && field.relationshipName?.toLowerCase() === lowerName,
  );
}

function requireQueryable(source: string, store: RecordStore, { name, offset }: AliasNode): ObjectDefinition {
  const object = store.object(name);
  if (object === undefined) {
    const message =
      `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the ` +
      `'__c' after the entity name. ${CUSTOM_HINT}`;
    throw faultAt(source, offset, 'INVALID_TYPE', message);
  }
  if (!object.queryable) {
    throw new SoqlFault('INVALID_TYPE_FOR_OPERATION', `entity type ${object.name} does not support query`);
  }
  return object;
}
