import { isCompound } from '../org/field-capabilities.ts';
import type { FieldDefinition, ObjectDefinition, Org } from '../org/org.ts';
import { JobFault } from './row-fault.ts';

const MOST_HEADER_CHARACTERS = 32_000;
const MOST_COLUMNS = 5000;

/** What a column of the upload stands for. */
export type UploadColumn = { readonly header: string } & (
  | { readonly kind: 'field'; readonly field: FieldDefinition }
  /** The cell holds a key of the parent that the reference is to point to. */
  | {
      readonly kind: 'lookup';
      readonly field: FieldDefinition;
      readonly parent: ObjectDefinition;
      readonly key: FieldDefinition;
    }
  | { readonly kind: 'ignored' }
);

export interface HeaderOptions {
  readonly unknownColumns: 'failJob' | 'ignore';
}

/** The columns a header row names, ignoring case. @throws {JobFault} when one cannot be found, or is there twice. */
export function readHeader(
  names: readonly string[],
  object: ObjectDefinition,
  org: Org,
  { unknownColumns }: HeaderOptions,
): readonly UploadColumn[] {
  const characters = names.reduce((sum, name) => sum + name.length + 1, 0);
  if (characters > MOST_HEADER_CHARACTERS) {
    throw new JobFault(`InvalidBatch : Header row is longer than ${MOST_HEADER_CHARACTERS} characters`);
  }
  if (names.length > MOST_COLUMNS) throw new JobFault(`InvalidBatch : Header row has more than ${MOST_COLUMNS} fields`);
  const seen = new Set<string>();
  return names.map((header): UploadColumn => {
    const column = findColumn(header, object, org);
    if (column === undefined) {
      if (unknownColumns === 'ignore') return { kind: 'ignored', header };
      throw new JobFault(`InvalidBatch : Field name not found : ${header}`);
    }
    // A reference given by id and by key is given twice.
    if (seen.has(column.field.name)) throw new JobFault(`InvalidBatch : Duplicate field name : ${header}`);
    seen.add(column.field.name);
    return column;
  });
}

function findColumn(
  header: string,
  object: ObjectDefinition,
  org: Org,
): Exclude<UploadColumn, { kind: 'ignored' }> | undefined {
  if (!header.includes('.')) {
    const field = fieldNamed(object, header);
    return field === undefined ? undefined : { kind: 'field', header, field };
  }
  const match = /^(?:(\w+):)?(\w+)\.(\w+)$/.exec(header);
  if (match === null) return undefined;
  const [, type, relationship = '', keyName = ''] = match;
  const field = object.fields.find((candidate) => !candidate.hidden && same(candidate.relationshipName, relationship));
  // The prefix is required where there are several parents, and an error where there is one.
  if (field === undefined || field.referenceTo.length > 1 !== (type !== undefined)) return undefined;
  const parentName = type === undefined ? field.referenceTo[0] : field.referenceTo.find((name) => same(name, type));
  const parent = parentName === undefined ? undefined : org.object(parentName);
  const key = parent === undefined ? undefined : fieldNamed(parent, keyName);
  if (parent === undefined || key === undefined || !(key.externalId || key.idLookup)) return undefined;
  return { kind: 'lookup', header, field, parent, key };
}

/** A field that can be in an upload for this user. */
export function fieldNamed({ fields }: ObjectDefinition, name: string): FieldDefinition | undefined {
  return fields.find((field) => !field.hidden && !isCompound(field) && same(field.name, name));
}

function same(a: string | null, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
