import { isCompound, isCustomField } from './field-capabilities.ts';
import { defineField, labelOf } from './field-definition.ts';
import type { FieldInput, ParsedObject } from './org-definition.ts';
import type { FieldDefinition, ObjectDefinition } from './org.ts';

const STANDARD_KEY_PREFIXES: Readonly<Record<string, string>> = {
  Account: '001',
  Contact: '003',
  User: '005',
  Opportunity: '006',
  Lead: '00Q',
  Attachment: '00P',
  Task: '00T',
  Event: '00U',
  Organization: '00D',
  Group: '00G',
  Case: '500',
};

const AUDIT_FIELDS: Readonly<Record<string, FieldInput>> = {
  CreatedDate: { type: 'datetime', nillable: false },
  CreatedById: { type: 'reference', label: 'Created By ID', referenceTo: ['User'], nillable: false },
  LastModifiedDate: { type: 'datetime', nillable: false },
  LastModifiedById: { type: 'reference', label: 'Last Modified By ID', referenceTo: ['User'], nillable: false },
  SystemModstamp: { type: 'datetime', nillable: false },
};

/** The facts of every object of a definition, each with the fields that all objects have. */
export function defineObjects(inputs: Readonly<Record<string, ParsedObject>>): readonly ObjectDefinition[] {
  const taken = new Set(Object.values(STANDARD_KEY_PREFIXES));
  for (const { keyPrefix } of Object.values(inputs)) if (keyPrefix !== undefined) taken.add(keyPrefix);
  let customPrefixes = 0;
  const nextPrefix = (): string => {
    for (;;) {
      const prefix = `a${customPrefixes.toString(36).padStart(2, '0').toUpperCase()}`;
      customPrefixes += 1;
      if (!taken.has(prefix)) return prefix;
    }
  };
  const objects = Object.entries(inputs).map(([name, input]) =>
    defineObject(name, input, input.keyPrefix ?? STANDARD_KEY_PREFIXES[name] ?? nextPrefix()),
  );
  checkObjects(objects);
  return objects;
}

function defineObject(name: string, input: ParsedObject, keyPrefix: string): ObjectDefinition {
  const label = input.label ?? labelOf(name);
  const fields = Object.entries(fieldInputs(name, input)).flatMap(([fieldName, field]) =>
    defineField(fieldName, field),
  );
  return {
    name,
    label,
    labelPlural: input.labelPlural ?? `${label}s`,
    keyPrefix,
    custom: /__c$/i.test(name),
    queryable: input.queryable ?? true,
    createable: input.createable ?? true,
    bulk: input.bulk ?? true,
    fields,
  };
}

/** In the order describe shows them: Id, IsDeleted, the owner, the name, the declared fields, the audit fields. */
function fieldInputs(name: string, input: ParsedObject): Readonly<Record<string, FieldInput>> {
  const fields: Record<string, FieldInput> = {
    Id: { type: 'id', label: `${labelOf(name)} ID` },
    IsDeleted: { type: 'boolean', label: 'Deleted', createable: false, updateable: false },
  };
  if (input.owned ?? true) {
    const byOrg = { nillable: false, defaultedOnCreate: true };
    fields['OwnerId'] = { type: 'reference', label: 'Owner ID', referenceTo: ['Group', 'User'], ...byOrg };
  }
  if (input.named ?? true) {
    fields['Name'] = { type: 'string', length: isCustomField(name) ? 80 : 255, nameField: true, idLookup: true };
  }
  const audit: Record<string, FieldInput> = {};
  for (const [fieldName, field] of Object.entries(AUDIT_FIELDS)) {
    audit[fieldName] = { ...field, createable: false, updateable: false, defaultedOnCreate: true };
  }
  return { ...fields, ...input.fields, ...audit, ...declaredAgain(audit, input.fields) };
}

function declaredAgain(
  standard: Readonly<Record<string, FieldInput>>,
  declared: Readonly<Record<string, FieldInput>>,
): Readonly<Record<string, FieldInput>> {
  return Object.fromEntries(Object.entries(declared).filter(([name]) => name in standard));
}

function checkObjects(objects: readonly ObjectDefinition[]): void {
  const names = new Set(objects.map(({ name }) => name));
  const problems = repeated(objects.map(({ name }) => name)).map((name) => `${name}: declared twice`);
  for (const prefix of repeated(objects.map(({ keyPrefix }) => keyPrefix))) {
    problems.push(`key prefix ${prefix}: used by more than one object`);
  }
  for (const object of objects) {
    for (const name of repeated(object.fields.map((field) => field.name))) {
      problems.push(`${object.name}.${name}: declared twice, or also a component of a compound field`);
    }
    for (const field of object.fields) {
      const problem = fieldProblem(field, names);
      if (problem !== undefined) problems.push(`${object.name}.${field.name}: ${problem}`);
    }
  }
  if (problems.length > 0) throw new Error(`The org definition is not valid.\n${problems.join('\n')}`);
}

function fieldProblem(field: FieldDefinition, objectNames: ReadonlySet<string>): string | undefined {
  if (field.type === 'reference' && field.referenceTo.length === 0) return 'a reference needs referenceTo';
  if (field.type !== 'reference' && field.referenceTo.length > 0) return 'only a reference has referenceTo';
  const unknown = field.referenceTo.find((name) => !objectNames.has(name));
  if (unknown !== undefined) return `referenceTo names ${unknown}, which the definition does not hold`;
  if (field.masked && field.type !== 'encryptedstring') return 'only an encryptedstring can be masked';
  if (isCompound(field) && field.externalId) return 'a compound field cannot be an external id';
  return undefined;
}

/** Names that occur more than once, ignoring case. */
function repeated(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.filter((name) => {
    const key = name.toLowerCase();
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}
