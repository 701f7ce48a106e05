import { Bool, DateDay, Int32, Int64, TimeMillisecond, TimestampMillisecond, Utf8, type DataType } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { arrowType, decimalSize } from '../src/schema/arrow-type.ts';
import { nearestNames } from '../src/schema/nearest-names.ts';
import { fieldDescribe, sobjectDescribe } from '../src/schema/sobject-describe.ts';

const TEXT_TYPES = `id reference string picklist multipicklist email phone url textarea encryptedstring combobox anyType
  datacategorygroupreference masterrecord somethingNew`.split(/\s+/);

const TYPES: readonly (readonly [string, DataType])[] = [
  ['int', new Int32()],
  ['long', new Int64()],
  ['boolean', new Bool()],
  ['date', new DateDay()],
  ['datetime', new TimestampMillisecond('UTC')],
  ['time', new TimeMillisecond()],
  ...TEXT_TYPES.map((type): readonly [string, DataType] => [type, new Utf8()]),
];

describe('types', () => {
  it.each(TYPES)('%s maps to %s', (type, expected) => {
    const field = { name: 'X', type, soapType: 'xsd:string' };

    expect(arrowType(field, { widen: false, dictionaries: false }, 0)).toEqual(expected);
  });

  it.each(['currency', 'double', 'percent'])('%s is a decimal of 128 bits, as declared', (type) => {
    const field = { name: 'X', type, soapType: 'xsd:double', precision: 16, scale: 3 };

    expect(arrowType(field, { widen: false, dictionaries: false }, 0)).toMatchObject({
      precision: 16,
      scale: 3,
      bitWidth: 128,
    });
  });

  it.each([
    [18, 2, undefined, [18, 2]],
    [18, 0, undefined, [18, 0]],
    [18, 18, undefined, [18, 18]],
    [0, 0, undefined, [38, 18]],
    [undefined, undefined, undefined, [38, 18]],
    [18, undefined, undefined, [38, 18]],
    [null, null, null, [38, 18]],
    [2, 5, undefined, [38, 18]],
    [40, 2, undefined, [38, 18]],
    [18, -1, undefined, [38, 18]],
    [18, 2, true, [24, 8]],
    [18, 9, true, [18, 9]],
    [36, 2, true, [38, 8]],
  ] as const)('precision %s and scale %s, high scale %s: %j', (precision, scale, highScaleNumber, expected) => {
    const size = decimalSize({ precision, scale, highScaleNumber }, false);

    expect([size.precision, size.scale]).toEqual(expected);
  });

  it.each([
    [18, 2, 22],
    [18, 0, 20],
    [18, 15, 35],
    [3, 3, 38],
    [0, 0, 18],
  ])('widened, precision %d and scale %d keep their integer digits and get scale %d', (precision, scale, widened) => {
    expect(decimalSize({ precision, scale }, true)).toEqual({ precision: 38, scale: widened });
  });
});

describe('nearest names', () => {
  it.each([
    ['Nmae', ['Id', 'Name', 'Phone'], ['Name']],
    ['account', ['Account'], ['Account']],
    ['Region', ['Region__c', 'acme__Region__c', 'Religion__c'], ['Region__c', 'acme__Region__c']],
    ['Region__c', ['acme__Region__c', 'Reason__c'], ['acme__Region__c', 'Reason__c']],
    ['Foo', ['Bar', 'Amount'], []],
    ['', ['Id'], []],
    ['A', ['B'], ['B']],
  ])('%j among %j: %j', (wanted, names, expected) => {
    expect(nearestNames(wanted, names)).toEqual(expected);
  });

  it('are three at most, the likest first, whatever order they came in', () => {
    expect(nearestNames('Statuss', ['Statu', 'Statusss', 'Status', 'Stats'])).toEqual(['Status', 'Statusss', 'Stats']);
  });
});

describe('answers of describe', () => {
  it('need a name, a type and a SOAP type for each field, and keep what they bring besides', () => {
    const field = { name: 'X', type: 'string', soapType: 'xsd:string', length: null, surprise: [1] };

    expect(sobjectDescribe.parse({ name: 'A', fields: [field] }).fields).toEqual([field]);
    expect(fieldDescribe.safeParse({ name: 'X', type: 'string' }).success).toBe(false);
  });
});
