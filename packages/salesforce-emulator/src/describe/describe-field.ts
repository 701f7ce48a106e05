import { isCompound, isFilterable, isGroupable, isSortable } from '../org/field-capabilities.ts';
import type { FieldDefinition, FieldType } from '../org/org.ts';

const SOAP_TYPES: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  long: 'xsd:long',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  anyType: 'xsd:anyType',
  base64: 'xsd:base64Binary',
  address: 'urn:address',
  location: 'urn:location',
};

const BYTES_PER_CHARACTER = 3;

/** A field as the object describe shows it, with every key that orgs of the v60 era send. */
export function describeField(field: FieldDefinition): object {
  const isPolymorphic = field.referenceTo.length > 1;
  const isEncrypted = field.type === 'encryptedstring';
  return {
    aggregatable: isFilterable(field) && field.type !== 'boolean',
    aiPredictionField: false,
    autoNumber: field.autoNumber,
    byteLength: byteLength(field),
    calculated: field.calculated,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: field.caseSensitive,
    compoundFieldName: field.compoundFieldName,
    controllerName: null,
    createable: field.createable,
    custom: field.custom,
    defaultValue: field.type === 'boolean' ? false : null,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaultedOnCreate,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.digits,
    displayLocationInDecimal: field.type === 'location',
    encrypted: isEncrypted,
    externalId: field.externalId,
    extraTypeInfo: field.extraTypeInfo,
    filterable: isFilterable(field),
    filteredLookupInfo: null,
    formulaTreatNullNumberAsZero: false,
    groupable: isGroupable(field),
    highScaleNumber: field.highScaleNumber,
    htmlFormatted: field.extraTypeInfo === 'richtextarea',
    idLookup: field.idLookup,
    inlineHelpText: null,
    label: field.label,
    length: field.length,
    mask: isEncrypted ? 'asterisk' : null,
    maskType: isEncrypted ? 'all' : null,
    name: field.name,
    nameField: field.nameField,
    namePointing: isPolymorphic,
    nillable: field.nillable,
    permissionable: field.nillable && (field.createable || field.calculated || isCompound(field)),
    picklistValues: field.picklistValues.map((value) => {
      return {
        active: true,
        defaultValue: false,
        label: field.picklistLabels?.[value] ?? value,
        validFor: null,
        value,
      };
    }),
    polymorphicForeignKey: isPolymorphic,
    precision: field.precision,
    queryByDistance: field.type === 'location',
    referenceTargetField: null,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restrictedPicklist,
    scale: field.scale,
    searchPrefilterable: false,
    soapType: SOAP_TYPES[field.type] ?? 'xsd:string',
    sortable: isSortable(field),
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
    writeRequiresMasterRead: false,
  };
}

function byteLength({ type, length }: FieldDefinition): number {
  return type === 'id' || type === 'reference' || type === 'multipicklist' ? length : length * BYTES_PER_CHARACTER;
}
