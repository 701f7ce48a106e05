import { isCustomField } from './field-capabilities.ts';
import type { ParsedField } from './org-definition.ts';
import type { FieldDefinition, FieldType } from './org.ts';

const DEFAULT_LENGTHS: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 32_768,
  phone: 40,
  url: 255,
  email: 80,
  picklist: 255,
  multipicklist: 4099,
  combobox: 255,
  encryptedstring: 175,
};

const DECIMAL_TYPES = new Set<FieldType>(['double', 'currency', 'percent']);

/** The facts of one declared field; `address` and `location` are followed by their components. */
export function defineField(name: string, input: ParsedField): readonly FieldDefinition[] {
  const whole = fieldDefinition(name, input);
  if (input.type === 'address') return [whole, ...components(name, input, ADDRESS_PARTS)];
  if (input.type === 'location') return [whole, ...components(name, input, LOCATION_PARTS)];
  return [whole];
}

function fieldDefinition(name: string, input: ParsedField): FieldDefinition {
  const { type } = input;
  const isDecimal = DECIMAL_TYPES.has(type);
  const readOnly = (input.calculated ?? false) || (input.autoNumber ?? false) || type === 'id' || isCompoundType(type);
  const picklist = (input.picklistValues ?? []).map((entry) =>
    typeof entry === 'string' ? { value: entry, label: entry } : entry,
  );
  return {
    name,
    label: input.label ?? labelOf(name),
    type,
    length: input.length ?? DEFAULT_LENGTHS[type] ?? 0,
    precision: isDecimal ? (input.precision ?? 18) : 0,
    scale: isDecimal ? (input.scale ?? 2) : 0,
    digits: type === 'int' ? (input.digits ?? 9) : type === 'long' ? (input.digits ?? 18) : 0,
    nillable: input.nillable ?? (type !== 'boolean' && type !== 'id'),
    custom: isCustomField(name),
    unique: input.unique ?? false,
    externalId: input.externalId ?? false,
    idLookup: input.idLookup ?? input.externalId ?? type === 'id',
    caseSensitive: input.caseSensitive ?? false,
    calculated: input.calculated ?? false,
    autoNumber: input.autoNumber ?? false,
    createable: input.createable ?? !readOnly,
    updateable: input.updateable ?? !readOnly,
    defaultedOnCreate: input.defaultedOnCreate ?? (type === 'boolean' || type === 'id'),
    nameField: input.nameField ?? false,
    compoundFieldName: input.compoundFieldName ?? null,
    referenceTo: input.referenceTo ?? [],
    relationshipName: type === 'reference' ? (input.relationshipName ?? relationshipNameOf(name)) : null,
    picklistValues: picklist.map(({ value }) => value),
    picklistLabels: Object.fromEntries(picklist.map(({ value, label }) => [value, label])),
    restrictedPicklist: input.restrictedPicklist ?? false,
    highScaleNumber: input.highScaleNumber ?? false,
    extraTypeInfo: input.extraTypeInfo ?? null,
    hidden: input.hidden ?? false,
    masked: input.masked ?? false,
  };
}

/** `AnnualRevenue` and `Annual_Revenue__c` both read "Annual Revenue". */
export function labelOf(name: string): string {
  return name
    .replace(/__\w$/, '')
    .replaceAll('_', ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .trim();
}

function relationshipNameOf(name: string): string | null {
  if (/__c$/i.test(name)) return name.replace(/__c$/i, '__r');
  return name.endsWith('Id') ? name.slice(0, -2) : null;
}

function isCompoundType(type: FieldType): boolean {
  return type === 'address' || type === 'location';
}

/** Component of a compound field: its suffix, its key in the JSON that REST shows, and its type. */
interface CompoundPart {
  readonly suffix: string;
  readonly key: string;
  readonly input: ParsedField;
}

const COORDINATE: ParsedField = { type: 'double', precision: 18, scale: 15 };

const ADDRESS_PARTS: readonly CompoundPart[] = [
  { suffix: 'Street', key: 'street', input: { type: 'textarea', length: 255, extraTypeInfo: 'plaintextarea' } },
  { suffix: 'City', key: 'city', input: { type: 'string', length: 40 } },
  { suffix: 'State', key: 'state', input: { type: 'string', length: 80 } },
  { suffix: 'PostalCode', key: 'postalCode', input: { type: 'string', length: 20 } },
  { suffix: 'Country', key: 'country', input: { type: 'string', length: 80 } },
  { suffix: 'Latitude', key: 'latitude', input: COORDINATE },
  { suffix: 'Longitude', key: 'longitude', input: COORDINATE },
  { suffix: 'GeocodeAccuracy', key: 'geocodeAccuracy', input: { type: 'picklist', length: 40 } },
];

const LOCATION_PARTS: readonly CompoundPart[] = ADDRESS_PARTS.filter(({ input }) => input === COORDINATE);

function components(name: string, compound: ParsedField, parts: readonly CompoundPart[]): readonly FieldDefinition[] {
  return parts.map(({ suffix, input }) =>
    fieldDefinition(componentName(name, suffix), {
      ...input,
      compoundFieldName: name,
      hidden: compound.hidden ?? false,
      label: `${compound.label ?? labelOf(name)} (${labelOf(suffix)})`,
    }),
  );
}

/** `BillingAddress` has `BillingStreet`; `Place__c` has `Place__Street__s`. */
function componentName(compoundName: string, suffix: string): string {
  if (/__c$/i.test(compoundName)) return `${compoundName.slice(0, -3)}__${suffix}__s`;
  return compoundName.replace(/Address$/, '') + suffix;
}

/** The component fields of a compound one, by their key in the JSON object that REST shows. */
export function componentNames(compound: FieldDefinition): readonly { readonly key: string; readonly name: string }[] {
  const parts = compound.type === 'address' ? ADDRESS_PARTS : LOCATION_PARTS;
  return parts
    .map(({ key, suffix }) => ({ key, name: componentName(compound.name, suffix) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}
