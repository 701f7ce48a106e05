import type { OrgCatalog } from '../src/schema/org-catalog.ts';
import type { FieldDescribe, SObjectDescribe } from '../src/schema/sobject-describe.ts';

type FieldFacts = Partial<FieldDescribe> & { readonly type: string };

export interface MemoryCatalog extends OrgCatalog {
  /** Names asked for, in order. */
  readonly asked: readonly string[];
}

/** An org's metadata without an org: objects by name, fields by name. */
export function memoryCatalog(
  objects: Readonly<Record<string, Readonly<Record<string, FieldFacts>>>>,
  facts: Readonly<Record<string, Partial<SObjectDescribe>>> = {},
  namespace?: string,
): MemoryCatalog {
  const asked: string[] = [];
  const describes = new Map(
    Object.entries(objects).map(([name, fields]): [string, SObjectDescribe] => [
      name.toLowerCase(),
      {
        name,
        label: name,
        queryable: true,
        fields: Object.entries(fields).map(([fieldName, field]) => ({
          name: fieldName,
          soapType: 'xsd:string',
          custom: fieldName.endsWith('__c'),
          ...field,
        })),
        ...facts[name],
      },
    ]),
  );
  return {
    asked,
    describe: (name) => {
      asked.push(name);
      return Promise.resolve(describes.get(name.toLowerCase()));
    },
    objects: () => Promise.resolve([...describes.values()].map(({ name, queryable }) => ({ name, queryable }))),
    userName: () => Promise.resolve('ada@example.com'),
    namespace: () => Promise.resolve(namespace),
  };
}

const reference = (relationshipName: string, ...referenceTo: readonly string[]): FieldFacts => ({
  type: 'reference',
  soapType: 'tns:ID',
  relationshipName,
  referenceTo: [...referenceTo],
});

const id: FieldFacts = { type: 'id', soapType: 'tns:ID', nillable: false, label: 'Record ID', length: 18 };
const money: FieldFacts = { type: 'currency', precision: 18, scale: 2 };

/** Opportunities with accounts, owners of two kinds, tasks about anything, and fields of every type. */
export function salesCatalog(): MemoryCatalog {
  return memoryCatalog(
    {
      Account: {
        Id: id,
        IsDeleted: { type: 'boolean' },
        Name: { type: 'string', length: 255, compoundFieldName: 'Name' },
        Description: { type: 'textarea', filterable: false, sortable: false },
        BillingAddress: { type: 'address', soapType: 'urn:address', filterable: false, sortable: false },
        BillingStreet: { type: 'textarea', compoundFieldName: 'BillingAddress' },
        BillingCity: { type: 'string', compoundFieldName: 'BillingAddress' },
        OwnerId: reference('Owner', 'User'),
        ParentId: reference('Parent', 'Account'),
        CreatedDate: { type: 'datetime' },
        Secret__c: { type: 'encryptedstring' },
        Place__c: { type: 'location', soapType: 'urn:location', filterable: false, sortable: false },
        Place__Latitude__s: { type: 'double', precision: 18, scale: 15, compoundFieldName: 'Place__c' },
        Place__Longitude__s: { type: 'double', precision: 18, scale: 15, compoundFieldName: 'Place__c' },
      },
      Opportunity: {
        Id: id,
        Name: { type: 'string' },
        Amount: money,
        CloseDate: { type: 'date' },
        StageName: { type: 'picklist' },
        Probability: { type: 'percent', precision: 3, scale: 0 },
        Tags__c: { type: 'multipicklist', sortable: false },
        Items__c: { type: 'int', digits: 8 },
        IsClosed: { type: 'boolean' },
        Daily__c: { type: 'time' },
        AccountId: reference('Account', 'Account'),
        OwnerId: reference('Owner', 'Group', 'User'),
        HiddenId: reference('Ghost', 'Vault__c'),
        CurrencyIsoCode: { type: 'picklist' },
      },
      Contact: {
        Id: id,
        Name: { type: 'string' },
        AccountId: reference('Account', 'Account'),
        Salary__c: money,
      },
      Document: {
        Id: id,
        Name: { type: 'string' },
        Body: { type: 'base64', soapType: 'xsd:base64Binary' },
        Old__c: { type: 'string', deprecatedAndHidden: true },
        Layout: { type: 'complexvalue', soapType: 'urn:SearchLayoutField' },
      },
      Task: { Id: id, WhatId: reference('What', 'Account', 'Opportunity'), WhoId: reference('Who', 'Contact', 'Lead') },
      User: {
        Id: id,
        Name: { type: 'string', length: 121 },
        Email: { type: 'email' },
        ManagerId: reference('Manager', 'User'),
      },
      Group: { Id: id, Name: { type: 'string', length: 40 } },
      Name: {
        Id: id,
        Name: { type: 'string', length: 255 },
        Type: { type: 'picklist' },
        ProfileId: reference('Profile', 'Profile'),
      },
      Profile: { Id: id, Name: { type: 'string' } },
      Log__b: { When__c: { type: 'datetime' }, Who__c: { type: 'string' } },
      Setting__mdt: { Id: id, DeveloperName: { type: 'string' } },
      AccountHistory: { Id: id, CreatedDate: { type: 'datetime' }, Field: { type: 'picklist' } },
    },
    { Name: { queryable: false } },
  );
}
