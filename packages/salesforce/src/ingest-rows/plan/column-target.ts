import { nearestNames } from '../../schema/nearest-names.ts';
import type { OrgCatalog } from '../../schema/org-catalog.ts';
import type { FieldDescribe, SObjectDescribe } from '../../schema/sobject-describe.ts';
import type { IngestProblem } from './ingest-problem.ts';

/** What a column's name stands for. */
export interface ColumnTarget {
  /** As it goes into the upload. */
  readonly header: string;
  /** The field of the object that is written. */
  readonly field: FieldDescribe;
  /** What the values are values of: the field, or the key of the parent that a relationship column looks up. */
  readonly valueField: FieldDescribe;
  readonly isLookup: boolean;
}

type Found = { readonly target: ColumnTarget } | { readonly problem: Omit<IngestProblem, 'column'> };

/** `Account.Ext__c` or `User:Owner.Username`. */
const LOOKUP = /^(?:(\w+):)?(\w+)\.(\w+)$/;
/** `Region__c` or `Region__r`, but not `acme__Region__c`. */
const CUSTOM_WITHOUT_NAMESPACE = /^(?!\w*?__\w*__)\w+__[a-z]+$/i;

/** What the org has under a column's name, in any case; a column may leave out the org's own namespace. */
export async function columnTarget(name: string, describe: SObjectDescribe, catalog: OrgCatalog): Promise<Found> {
  if (!name.includes('.')) {
    const field = await findField(describe, name, 'name', catalog);
    if (field === undefined) return { problem: await unknown(describe, name, 'name', catalog) };
    return { target: { header: field.name, field, valueField: field, isLookup: false } };
  }
  const match = LOOKUP.exec(name);
  if (match === null) {
    const message = 'is no relationship column: it climbs to one parent only, and names an external id there';
    return { problem: { code: 'FIELD_UNKNOWN', message, hint: LOOKUP_HINT } };
  }
  const [, kind, relationship = '', key = ''] = match;
  const field = await findField(describe, relationship, 'relationshipName', catalog);
  if (field === undefined) return { problem: await unknown(describe, relationship, 'relationshipName', catalog) };
  return await lookupTarget(field, kind, key, catalog);
}

const LOOKUP_HINT =
  'Write Account.Ext__c, Parent__r.Ext__c, or User:Owner.Username where there are several kinds of parents.';

async function lookupTarget(
  field: FieldDescribe,
  kind: string | undefined,
  keyName: string,
  catalog: OrgCatalog,
): Promise<Found> {
  const relationship = field.relationshipName ?? '';
  const parents = field.referenceTo ?? [];
  const isPolymorphic = parents.length > 1;
  const parentName = kind === undefined ? parents[0] : parents.find((parent) => isSame(parent, kind));
  if (isPolymorphic && kind === undefined) {
    const message = `${relationship} points to several kinds of records, and the column does not say which`;
    const example = `${parents[0]}:${relationship}.${keyName}`;
    return {
      problem: { code: 'FIELD_UNKNOWN', message, hint: `Write for example ${example} (${parents.join(', ')}).` },
    };
  }
  if (!isPolymorphic && kind !== undefined) {
    const message = `${relationship} points to one kind of records, so that no kind may be named`;
    return { problem: { code: 'FIELD_UNKNOWN', message, hint: `Write ${relationship}.${keyName}.` } };
  }
  if (parentName === undefined) {
    const message = `${relationship} does not point to ${kind ?? 'anything'}`;
    return { problem: { code: 'FIELD_UNKNOWN', message, hint: `Name one of its kinds: ${parents.join(', ')}.` } };
  }
  const parent = await catalog.describe(parentName);
  if (parent === undefined) {
    const message = `the object ${parentName} does not exist or is hidden from ${await userOf(catalog)}`;
    return {
      problem: { code: 'OBJECT_UNKNOWN', message, hint: 'Ask an administrator for read access to the object.' },
    };
  }
  const key = await findField(parent, keyName, 'name', catalog);
  if (key === undefined) return { problem: await unknown(parent, keyName, 'name', catalog) };
  if (key.externalId !== true && key.idLookup !== true) {
    const message = `${key.name} of ${parent.name} is no external id, so that no parent can be found by it`;
    return { problem: { code: 'FIELD_UNKNOWN', message, hint: keysHint(parent) } };
  }
  const header = `${isPolymorphic ? `${parentName}:` : ''}${relationship}.${key.name}`;
  return { target: { header, field, valueField: key, isLookup: true } };
}

/** The fields of an object that tell its records apart. */
export function keysHint({ fields }: SObjectDescribe): string {
  const names = fields.flatMap(({ name, externalId, idLookup }) =>
    externalId === true || idLookup === true ? name : [],
  );
  if (names.length === 0) return 'Mark a field of the object as external id in the org.';
  return `Use one of ${names.join(', ')}, or mark the field as external id in the org.`;
}

type NameOf = 'name' | 'relationshipName';

export async function findField(
  { fields }: SObjectDescribe,
  name: string,
  by: NameOf,
  catalog: OrgCatalog,
): Promise<FieldDescribe | undefined> {
  const found = fields.find((field) => isSame(field[by], name));
  if (found !== undefined || !CUSTOM_WITHOUT_NAMESPACE.test(name)) return found;
  const namespace = await catalog.namespace();
  return namespace === undefined ? undefined : fields.find((field) => isSame(field[by], `${namespace}__${name}`));
}

async function unknown(
  describe: SObjectDescribe,
  name: string,
  by: NameOf,
  catalog: OrgCatalog,
): Promise<Omit<IngestProblem, 'column'>> {
  const kind = by === 'name' ? 'field' : 'relationship';
  const nearest = nearestNames(name, [...new Set(describe.fields.flatMap((field) => field[by] ?? []))]);
  const likely = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`;
  const message = `the ${kind} ${name} of ${describe.name} does not exist or is hidden from ${await userOf(catalog)}${likely}`;
  const reference = by === 'name' ? describe.fields.find((field) => isSame(field.relationshipName, name)) : undefined;
  const hint =
    reference === undefined
      ? 'Map the column to a field of the object or leave it out, and see that field-level security lets the user see the field.'
      : `Write ${reference.name} for the id of the parent, or ${reference.relationshipName}. and an external id of it.`;
  return { code: 'FIELD_UNKNOWN', message, hint };
}

export async function userOf(catalog: OrgCatalog): Promise<string> {
  return (await catalog.userName()) ?? 'the user';
}

function isSame(a: string | null | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
