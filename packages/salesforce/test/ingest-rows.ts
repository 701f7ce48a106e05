import {
  type DataType,
  Field,
  type Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';

import type { IngestPlan, IngestRequest } from '../src/ingest-rows/ingest-plan.ts';
import { planIngest } from '../src/ingest-rows/plan/plan-ingest.ts';
import { type MemoryCatalog, memoryCatalog } from './memory-catalog.ts';

/** A column by name: its Arrow type and the values of its rows. */
export type TestColumns = Readonly<Record<string, readonly [type: DataType, values: readonly unknown[]]>>;

export function text(...values: readonly (string | null)[]): readonly [DataType, readonly unknown[]] {
  return [new Utf8(), values];
}

/** Values of a decimal column, from their texts. */
export function decimals(scale: number, ...values: readonly string[]): readonly Uint32Array[] {
  return values.map((value) => {
    const [whole = '', fraction = ''] = value.split('.');
    const unscaled = BigInt(whole + fraction.padEnd(scale, '0'));
    const signed = BigInt.asUintN(128, unscaled);
    return Uint32Array.from([0n, 32n, 64n, 96n], (shift) => Number((signed >> shift) & 0xffff_ffffn));
  });
}

export function schemaOf(columns: Readonly<Record<string, readonly [DataType, ...unknown[]]>>): Schema {
  return new Schema(Object.entries(columns).map(([name, [type]]) => new Field(name, type, true)));
}

/** Values that are all whole numbers of 64 bits are taken as the column has them, in its own unit. */
export function batchOf(columns: TestColumns): RecordBatch {
  const schema = schemaOf(columns);
  const children = Object.values(columns).map(([type, values]) =>
    values.length > 0 && values.every((value) => typeof value === 'bigint')
      ? makeData({
          type: type as Int64 /* whichever of 64 bits */,
          length: values.length,
          data: BigInt64Array.from(values),
        })
      : vectorFromArray(values, type).data[0]!,
  );
  const length = Object.values(columns)[0]?.[1].length ?? 0;
  return new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length, children }));
}

const writable = { createable: true, updateable: true, nillable: true, defaultedOnCreate: false };
const values = (...active: readonly string[]) => active.map((value) => ({ value, active: true }));
const readOnly = { createable: false, updateable: false, nillable: false, defaultedOnCreate: true };
const reference = (relationshipName: string, ...referenceTo: readonly string[]) => ({
  type: 'reference',
  soapType: 'tns:ID',
  relationshipName,
  referenceTo: [...referenceTo],
  ...writable,
});

/** Orders that belong to accounts, with a field of every kind; accounts and users to be looked up. */
export function orderCatalog(): MemoryCatalog {
  return memoryCatalog({
    Order__c: {
      Id: { type: 'id', soapType: 'tns:ID', length: 18, ...readOnly },
      Name: { type: 'string', length: 80, ...writable },
      Ext__c: { type: 'string', length: 20, externalId: true, idLookup: true, unique: true, ...writable },
      Case__c: { type: 'string', length: 20, externalId: true, unique: true, caseSensitive: true, ...writable },
      Number__c: { type: 'double', precision: 18, scale: 0, externalId: true, unique: false, ...writable },
      Note__c: { type: 'textarea', length: 32_768, ...writable },
      Tags__c: { type: 'multipicklist', length: 4099, picklistValues: values('red', 'blue'), ...writable },
      Stage__c: {
        type: 'picklist',
        length: 255,
        picklistValues: [...values('open', 'won'), { value: 'closed', active: false }],
        ...writable,
      },
      RecordTypeId: { ...reference('RecordType', 'RecordType') },
      Amount__c: { type: 'currency', precision: 18, scale: 2, ...writable },
      Count__c: { type: 'int', digits: 8, ...writable },
      Active__c: { type: 'boolean', ...writable, nillable: false, defaultedOnCreate: true },
      Day__c: { type: 'date', ...writable },
      At__c: { type: 'datetime', ...writable },
      Clock__c: { type: 'time', ...writable },
      Total__c: { type: 'double', precision: 18, scale: 2, calculated: true, ...readOnly },
      Secret__c: { type: 'encryptedstring', length: 20, ...writable },
      Place__c: { type: 'location', ...writable },
      Place__Latitude__s: { type: 'double', precision: 18, scale: 15, compoundFieldName: 'Place__c', ...writable },
      Place__Longitude__s: { type: 'double', precision: 18, scale: 15, compoundFieldName: 'Place__c', ...writable },
      File__c: { type: 'base64', ...writable },
      Account__c: { ...reference('Account__r', 'Account') },
      Parent__c: { ...reference('Parent__r', 'Order__c') },
      Master__c: { ...reference('Master__r', 'Account'), updateable: false, nillable: false },
      OwnerId: { ...reference('Owner', 'Group', 'User'), nillable: false, defaultedOnCreate: true },
      CreatedDate: { type: 'datetime', ...readOnly },
      CurrencyIsoCode: { type: 'picklist', length: 3, ...writable },
    },
    Account: {
      Id: { type: 'id', soapType: 'tns:ID', ...readOnly },
      Name: { type: 'string', length: 255, ...writable },
      Ext__c: { type: 'string', length: 20, externalId: true, idLookup: true, ...writable },
    },
    User: { Id: { type: 'id', ...readOnly }, Username: { type: 'string', length: 80, idLookup: true, ...writable } },
    Group: { Id: { type: 'id', ...readOnly }, Name: { type: 'string', length: 40, ...writable } },
    Person__c: {
      Id: { type: 'id', ...readOnly },
      Name: { type: 'string', length: 121, compoundFieldName: 'Name', ...readOnly },
      FirstName: { type: 'string', length: 40, compoundFieldName: 'Name', ...writable },
      LastName: { type: 'string', length: 80, compoundFieldName: 'Name', ...writable },
    },
    Event__e: { Text__c: { type: 'string', length: 20, ...writable } },
    Log__b: { Text__c: { type: 'string', length: 20, ...writable } },
  });
}

/** The plan of an ingest of orders. */
export async function orderPlan(schema: Schema, request: Partial<IngestRequest> = {}): Promise<IngestPlan> {
  const planned = await planIngest(orderCatalog(), schema, { object: 'Order__c', operation: 'insert', ...request });
  return planned.plan;
}
