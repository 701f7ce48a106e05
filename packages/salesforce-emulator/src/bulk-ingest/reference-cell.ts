import type { FieldDefinition, Org } from '../org/org.ts';
import { JobFault, RowFault, type RowRejection } from './row-fault.ts';
import { badId, type CellOptions, type CellReader, cellReader } from './upload-cell.ts';
import type { UploadColumn } from './upload-header.ts';

/** An id of a parent, which must be there. `typed` reads the id itself. */
export function referenceReader(field: FieldDefinition, org: Org, typed: CellReader): CellReader {
  const parents = field.referenceTo.flatMap((name) => {
    const object = org.object(name);
    return object === undefined ? [] : [{ keyPrefix: object.keyPrefix, writer: org.writer(name) }];
  });
  return (text) => {
    const id = String(typed(text));
    const parent = parents.find(({ keyPrefix }) => id.startsWith(keyPrefix));
    if (parent === undefined) return badId(text, field);
    const found = parent.writer.byId(id);
    if (found === undefined) {
      throw RowFault.of({
        statusCode: 'INVALID_CROSS_REFERENCE_KEY',
        message: 'invalid cross reference id',
        fields: [field.name],
      });
    }
    if (found.isDeleted) {
      throw RowFault.of({ statusCode: 'ENTITY_IS_DELETED', message: 'entity is deleted', fields: [field.name] });
    }
    return id;
  };
}

/** A key of a parent, such as the cells of `Owner.Email`. */
export function lookupReader(
  { header, parent, key }: Extract<UploadColumn, { kind: 'lookup' }>,
  {
    org,
    place,
    lookupMiss,
    ...options
  }: CellOptions & { readonly org: Org; readonly place: number; readonly lookupMiss: 'rejectRow' | 'failJob' },
): CellReader {
  const writer = org.writer(parent.name);
  const read = cellReader(key, { org, objectName: parent.name, place, ...options });
  const miss = (message: string): never => {
    const rejection: RowRejection = { statusCode: 'INVALID_FIELD', message };
    if (lookupMiss === 'rejectRow') throw RowFault.of(rejection);
    throw new JobFault(`InvalidBatch : INVALID_FIELD: ${message}`);
  };
  return (text) => {
    const value = read(text);
    if (value === null) return null;
    const [id, another] = key.type === 'id' ? idOf(String(value)) : writer.withValue(key, value);
    if (id === undefined) {
      return miss(`Foreign key external ID: ${text} not found for field ${key.name} in entity ${parent.name}`);
    }
    if (another !== undefined)
      return miss(`More than one record found for external id field ${header}: [${id}, ${another}]`);
    return id;
  };

  function idOf(id: string): readonly string[] {
    const found = writer.byId(id);
    return found === undefined || found.isDeleted ? [] : [id];
  }
}
