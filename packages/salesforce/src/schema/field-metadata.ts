import type { FieldDescribe } from './sobject-describe.ts';

/** Facts that say something only when they are true. */
const FLAGS = ['custom', 'unique', 'externalId', 'idLookup', 'calculated', 'autoNumber', 'caseSensitive'] as const;
const COUNTS = ['length', 'precision', 'scale', 'digits'] as const;
const TEXTS = ['compoundFieldName', 'extraTypeInfo', 'relationshipName'] as const;

export interface ColumnOrigin {
  /** API name of the object the field is of. */
  readonly object: string;
  /** API names from the queried object to the field. */
  readonly path: readonly string[];
  /** Functions around the field, outermost first, in upper case. */
  readonly functions: readonly string[];
  readonly field: FieldDescribe;
}

/**
 * What describe tells of a column, as Arrow field metadata: texts under keys that begin with `salesforce:`, numbers and
 * lists as JSON, in a fixed order. Facts that are absent, zero or false are left out.
 */
export function fieldMetadata({ object, path, functions, field }: ColumnOrigin): Map<string, string> {
  const metadata = new Map<string, string>();
  const add = (key: string, value: string): void => {
    metadata.set(`salesforce:${key}`, value);
  };
  add('object', object);
  add('path', path.join('.'));
  if (functions.length > 0) add('functions', JSON.stringify(functions));
  add('type', field.type);
  if (field.label != null) add('label', field.label);
  for (const key of COUNTS) if (isDeclared(field, key)) add(key, JSON.stringify(field[key]));
  if (field.nillable != null) add('nillable', JSON.stringify(field.nillable));
  for (const key of FLAGS) if (field[key] === true) add(key, 'true');
  for (const key of TEXTS) if (field[key] != null) add(key, field[key]);
  if (field.referenceTo != null && field.referenceTo.length > 0) add('referenceTo', JSON.stringify(field.referenceTo));
  return metadata;
}

/** A scale of zero says something of a number. */
function isDeclared(field: FieldDescribe, key: (typeof COUNTS)[number]): boolean {
  const value = field[key];
  if (value == null) return false;
  return value !== 0 || (key === 'scale' && (field.precision ?? 0) > 0);
}
