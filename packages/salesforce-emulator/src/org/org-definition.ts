import * as z from 'zod';

import { reportInput } from '../reports/report-definition.ts';
import type { FieldType } from './org.ts';

const FIELD_TYPES = [
  'id',
  'reference',
  'string',
  'textarea',
  'phone',
  'url',
  'email',
  'picklist',
  'multipicklist',
  'combobox',
  'encryptedstring',
  'boolean',
  'int',
  'long',
  'double',
  'currency',
  'percent',
  'date',
  'datetime',
  'time',
  'anyType',
  'base64',
  'address',
  'location',
] as const satisfies readonly FieldType[];

const apiName = z
  .string()
  .regex(
    /^[A-Za-z]\w{0,79}$/,
    'an API name starts with a letter and holds letters, digits and underscores, at most 80',
  );

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const picklistValue = z.union([z.string(), z.strictObject({ value: z.string(), label: z.string() })]);

const field = z.strictObject({
  type: z
    .enum(FIELD_TYPES)
    .meta({ description: 'As describe spells it; address and location bring their components.' }),
  label: z.string().optional().meta({ description: 'Default: made from the API name.' }),
  length: z.int().min(0).optional().meta({ description: 'Characters, for text types.' }),
  precision: z.int().min(0).max(38).optional().meta({ description: 'Total digits; default 18.' }),
  scale: z.int().min(0).max(38).optional().meta({ description: 'Digits right of the point; default 2.' }),
  digits: z.int().min(0).max(19).optional().meta({ description: 'For int (default 9) and long (default 18).' }),
  nillable: z.boolean().optional().meta({ description: 'Default true, except for checkboxes and ids.' }),
  unique: z.boolean().optional().meta({ description: 'Checked by ingest; rows of a definition are not.' }),
  externalId: z.boolean().optional().meta({ description: 'Usable as an upsert key.' }),
  idLookup: z.boolean().optional().meta({ description: 'Default: as externalId.' }),
  caseSensitive: z.boolean().optional().meta({ description: 'With unique: SOQL compares it letter by letter.' }),
  calculated: z.boolean().optional().meta({ description: 'A formula: read-only, and not bound to its length.' }),
  autoNumber: z.boolean().optional().meta({ description: 'Read-only.' }),
  createable: z.boolean().optional(),
  updateable: z.boolean().optional(),
  defaultedOnCreate: z.boolean().optional(),
  nameField: z.boolean().optional().meta({ description: 'The field that names a record.' }),
  compoundFieldName: apiName.optional().meta({ description: 'The compound field this one is a component of.' }),
  referenceTo: z.array(apiName).min(1).optional().meta({ description: 'Parents; more than one makes it polymorphic.' }),
  relationshipName: apiName.optional().meta({ description: 'Default: X__c gives X__r, XId gives X.' }),
  picklistValues: z.array(picklistValue).optional().meta({ description: 'In the order of the org.' }),
  restrictedPicklist: z.boolean().optional(),
  highScaleNumber: z.boolean().optional(),
  extraTypeInfo: z.string().optional(),
  hidden: z.boolean().optional().meta({ description: 'Field-level security hides it from the running user.' }),
  masked: z.boolean().optional().meta({ description: 'encryptedstring only: read as asterisks.' }),
});

const csvColumn = z.union([
  apiName,
  z.strictObject({
    field: apiName,
    convert: z.enum(['zeroOne']).optional().meta({ description: 'zeroOne: 0 and 1 become a checkbox.' }),
    lookup: apiName.optional().meta({ description: 'The key field of the parent that the cell holds.' }),
  }),
]);

const csvRows = z.strictObject({
  csv: z.string().min(1).meta({ description: 'File name in the data folder; UTF-8, comma separated, with a header.' }),
  columns: z.record(z.string(), csvColumn).meta({ description: 'Header name to field; every column must be mapped.' }),
  values: z
    .record(apiName, z.union([scalar, z.strictObject({ cycle: z.array(scalar).min(1) })]))
    .optional()
    .meta({ description: 'Fields that the file does not hold: one value, or several taken in turn.' }),
});

const object = z.strictObject({
  label: z.string().optional(),
  labelPlural: z.string().optional(),
  keyPrefix: z
    .string()
    .regex(/^[0-9A-Za-z]{3}$/, 'three letters or digits')
    .optional()
    .meta({ description: 'Default: the standard one, or a00, a01, ... for custom objects in order.' }),
  queryable: z.boolean().optional(),
  createable: z.boolean().optional(),
  bulk: z.boolean().optional().meta({ description: 'False: refused by Bulk API 2.0.' }),
  owned: z.boolean().optional().meta({ description: 'Has OwnerId (User or Group); default true.' }),
  named: z.boolean().optional().meta({ description: 'Has a Name; default true. Declare Name to change its facts.' }),
  fields: z.record(apiName, field).default({}).meta({ description: 'Beside the fields every object has.' }),
  rows: z.union([z.array(z.record(apiName, scalar)), csvRows]).optional(),
});

const organization = z.strictObject({
  id: z
    .string()
    .regex(/^00D[0-9A-Za-z]{15}$/, 'an 18-character id starting with 00D')
    .optional(),
  name: z.string().optional(),
  userId: z
    .string()
    .regex(/^005[0-9A-Za-z]{15}$/, 'an 18-character id starting with 005')
    .optional(),
  userName: z.string().optional().meta({ description: 'Display name of the running user.' }),
});

/** The schema file of an org: its objects, their fields, and where their rows come from. */
export const orgDefinitionSchema = z.strictObject({
  organization: organization.optional(),
  objects: z.record(apiName, object),
  reports: z.record(apiName, reportInput).default({}).meta({ description: 'By their developer names.' }),
});

export type OrgDefinitionInput = z.input<typeof orgDefinitionSchema>;
export type ObjectInput = z.input<typeof object>;
export type FieldInput = z.input<typeof field>;
export type ParsedObject = z.output<typeof object>;
export type ParsedField = z.output<typeof field>;
export type ParsedOrganization = z.output<typeof organization>;
export type CsvRows = z.output<typeof csvRows>;
export type CsvColumn = z.output<typeof csvColumn>;

/** @throws {Error} naming every place of the definition that is not as the schema says. */
export function parseOrgDefinition(input: unknown): z.output<typeof orgDefinitionSchema> {
  const parsed = orgDefinitionSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap(innermost);
  throw new Error(`The org definition is not valid.\n${z.prettifyError(new z.ZodError(issues))}`);
}

/** What is wrong with a key, and within the form of a union that was meant, instead of that something is. */
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => ({ ...inner, path: issue.path }));
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find(
    (branch) => !branch.some(({ code, path }) => code === 'invalid_type' && path.length === 0),
  );
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}
