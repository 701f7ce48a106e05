import { isCustomField } from '../org/field-capabilities.ts';
import type { ObjectDefinition, Org } from '../org/org.ts';
import { describeField } from './describe-field.ts';

/** An entry of the global describe. */
export function describeEntry(object: ObjectDefinition, version: string): Readonly<Record<string, unknown>> {
  const { queryable, createable } = object;
  const url = `/services/data/v${version}/sobjects/${object.name}`;
  return {
    activateable: false,
    associateEntityType: null,
    associateParentEntity: null,
    createable,
    custom: object.custom,
    customSetting: false,
    deepCloneable: false,
    deletable: createable,
    deprecatedAndHidden: false,
    feedEnabled: false,
    hasSubtypes: false,
    isInterface: false,
    isSubtype: false,
    keyPrefix: object.keyPrefix,
    label: object.label,
    labelPlural: object.labelPlural,
    layoutable: queryable,
    mergeable: false,
    mruEnabled: queryable,
    name: object.name,
    queryable,
    replicateable: queryable,
    retrieveable: queryable,
    searchable: queryable,
    triggerable: createable,
    undeletable: createable,
    updateable: createable,
    urls: { sobject: url, describe: `${url}/describe`, rowTemplate: `${url}/{ID}` },
  };
}

/** An object and its fields as the user sees them. */
export function describeObject(org: Org, object: ObjectDefinition, version: string): object {
  return {
    actionOverrides: [],
    childRelationships: childRelationships(org, object),
    compactLayoutable: object.queryable,
    defaultImplementation: null,
    extendedBy: null,
    extendsInterfaces: null,
    fields: object.fields.filter(({ hidden }) => !hidden).map(describeField),
    implementedBy: null,
    implementsInterfaces: null,
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [],
    searchLayoutable: object.queryable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${object.labelPlural.toLowerCase()}`, name: 'everything' }],
    ...describeEntry(object, version),
  };
}

function childRelationships(org: Org, parent: ObjectDefinition): readonly object[] {
  return org.objects.flatMap((child) =>
    child.fields
      .filter((field) => !field.hidden && field.referenceTo.includes(parent.name))
      .map((field) => ({
        cascadeDelete: false,
        childSObject: child.name,
        deprecatedAndHidden: false,
        field: field.name,
        junctionIdListNames: [],
        junctionReferenceTo: [],
        relationshipName: isCustomField(field.name) ? `${child.labelPlural.replaceAll(/\W/g, '_')}__r` : null,
        restrictedDelete: false,
      })),
  );
}
