import type { FieldDefinition, ObjectDefinition, ObjectWriter, Org, StoredValue } from '../org/org.ts';
import { toLongId } from '../org/record-id.ts';
import type { IngestRequest } from './ingest-request.ts';
import { RowFault, type RowErrorTexts } from './row-fault.ts';
import type { RowReading } from './row-reader.ts';
import { badId } from './upload-cell.ts';
import { fieldNamed } from './upload-header.ts';

export interface SavedRow {
  readonly id: string;
  readonly isCreated: boolean;
}

export interface RowSaverOptions {
  readonly org: Org;
  readonly object: ObjectDefinition;
  readonly request: Pick<IngestRequest, 'operation' | 'externalIdFieldName'>;
  readonly rowErrors: RowErrorTexts;
}

type Values = ReadonlyMap<string, StoredValue>;

/** Saves rows as their job's operation says. */
export class RowSaver {
  readonly #org: Org;
  readonly #object: ObjectDefinition;
  readonly #writer: ObjectWriter;
  readonly #operation: IngestRequest['operation'];
  readonly #key: FieldDefinition | undefined;
  readonly #rowErrors: RowErrorTexts;
  readonly #required: readonly string[];
  readonly #unique: readonly FieldDefinition[];

  constructor({ org, object, request, rowErrors }: RowSaverOptions) {
    this.#org = org;
    this.#object = object;
    this.#writer = org.writer(object.name);
    this.#operation = request.operation;
    this.#key = request.externalIdFieldName === undefined ? undefined : fieldNamed(object, request.externalIdFieldName);
    this.#rowErrors = rowErrors;
    this.#required = object.fields.filter(isRequired).map(({ name }) => name);
    this.#unique = object.fields.filter(({ unique }) => unique);
  }

  /** @throws {RowFault} and leaves the org as it was. */
  save(reading: RowReading, nowMs: number): SavedRow {
    switch (this.#operation) {
      case 'insert':
        return this.#insert(reading, nowMs);
      case 'update':
        return this.#update(this.#existing(reading), reading.values, nowMs);
      case 'upsert':
        return this.#upsert(reading, nowMs);
      case 'delete': {
        const id = this.#existing(reading);
        this.#org.remove(this.#object.name, [id], nowMs);
        return { id, isCreated: false };
      }
      case 'hardDelete': {
        const id = this.#existing(reading);
        this.#writer.purge(id);
        return { id, isCreated: false };
      }
    }
  }

  #insert({ values, idText }: RowReading, nowMs: number): SavedRow {
    if (idText !== '') {
      throw RowFault.of({
        statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
        message: 'cannot specify Id in an insert call',
        fields: ['Id'],
      });
    }
    this.#refuseReadOnly(values, 'createable');
    refuseMissing(this.#required.filter((name) => (values.get(name) ?? null) === null));
    this.#refuseTaken(values, undefined);
    return { id: this.#writer.insert(values, nowMs), isCreated: true };
  }

  #update(id: string, values: Values, nowMs: number): SavedRow {
    this.#refuseReadOnly(values, 'updateable');
    refuseMissing(this.#required.filter((name) => values.get(name) === null));
    this.#refuseTaken(values, id);
    this.#writer.update(id, values, nowMs);
    return { id, isCreated: false };
  }

  #upsert(reading: RowReading, nowMs: number): SavedRow {
    const key = this.#key!;
    if (key.type === 'id') {
      if (reading.idText === '') return this.#insert(reading, nowMs);
      return this.#update(this.#existing(reading), reading.values, nowMs);
    }
    const value = reading.values.get(key.name) ?? null;
    if (value === null) throw RowFault.unverified('blankExternalId', this.#rowErrors);
    const [id, another] = this.#writer.withValue(key, value);
    if (id === undefined) return this.#insert(reading, nowMs);
    if (another !== undefined) {
      throw RowFault.of({
        statusCode: 'DUPLICATE_EXTERNAL_ID',
        message: `${key.name}: more than one record found for external id field: [${id}, ${another}]`,
        fields: [key.name],
      });
    }
    // It names the record, and may not be writable, such as a name that the org makes.
    const others = new Map([...reading.values].filter(([name]) => name !== key.name));
    return this.#update(id, others, nowMs);
  }

  #existing({ idText }: RowReading): string {
    if (idText === '') {
      const call = this.#operation === 'update' ? 'an update' : 'a delete';
      throw RowFault.of({ statusCode: 'MISSING_ARGUMENT', message: `Id not specified in ${call} call` });
    }
    const id = toLongId(idText);
    const { keyPrefix, label } = this.#object;
    if (id === undefined || !id.startsWith(keyPrefix)) return badId(idText, { label: `${label} ID`, name: 'Id' });
    const found = this.#writer.byId(id);
    if (found === undefined) {
      throw RowFault.of({ statusCode: 'INVALID_CROSS_REFERENCE_KEY', message: 'invalid cross reference id' });
    }
    if (found.isDeleted) throw RowFault.of({ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted' });
    return id;
  }

  #refuseReadOnly(values: Values, ability: 'createable' | 'updateable'): void {
    const fields = this.#object.fields.filter((field) => values.has(field.name) && !field[ability]);
    if (fields.length === 0) return;
    const names = fields.map(({ name }) => name);
    throw RowFault.of({
      statusCode: 'INVALID_FIELD_FOR_INSERT_UPDATE',
      message: `Unable to create/update fields: ${names.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
      fields: names,
    });
  }

  #refuseTaken(values: Values, ownId: string | undefined): void {
    for (const field of this.#unique) {
      const value = values.get(field.name) ?? null;
      if (value === null) continue;
      const taken = this.#writer.withValue(field, value).find((id) => id !== ownId);
      if (taken === undefined) continue;
      throw RowFault.of({
        statusCode: 'DUPLICATE_VALUE',
        message: `duplicate value found: ${field.name} duplicates value on record with id: ${taken}`,
        fields: [field.name],
      });
    }
  }
}

function isRequired({ nillable, createable, defaultedOnCreate, type }: FieldDefinition): boolean {
  return !nillable && createable && !defaultedOnCreate && type !== 'boolean';
}

function refuseMissing(names: readonly string[]): void {
  if (names.length === 0) return;
  throw RowFault.of({
    statusCode: 'REQUIRED_FIELD_MISSING',
    message: `Required fields are missing: [${names.join(', ')}]`,
    fields: names,
  });
}
