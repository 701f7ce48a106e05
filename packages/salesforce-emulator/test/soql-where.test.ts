import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOrg } from '../src/org/create-org.ts';
import type { Org } from '../src/org/org.ts';
import { columnOf, faultOf } from './query-rows.ts';

const A = '001Hs00003AcmeAIAR';
const B = '001Hs00003AcmebIAB'.slice(0, 15);

let org: Org;

beforeAll(() => {
  org = createOrg({
    objects: {
      Team__c: { fields: { Active__c: { type: 'boolean' }, City__c: { type: 'string' } } },
      Thing__c: {
        fields: {
          Text__c: { type: 'string', length: 80 },
          Key__c: { type: 'string', length: 20, externalId: true, unique: true, caseSensitive: true },
          Pick__c: { type: 'picklist', picklistValues: [{ value: 'R', label: 'Red' }, 'Green'] },
          Multi__c: { type: 'multipicklist', picklistValues: ['A', 'B', 'C'] },
          Int__c: { type: 'int' },
          Long__c: { type: 'long' },
          Double__c: { type: 'double' },
          Flag__c: { type: 'boolean' },
          Time__c: { type: 'time' },
          Long_Text__c: { type: 'textarea' },
          Secret__c: { type: 'encryptedstring', masked: true },
          Blob__c: { type: 'base64' },
          Place__c: { type: 'location' },
          Team__c: { type: 'reference', referenceTo: ['Team__c'] },
        },
      },
    },
    rows: {
      Team__c: [
        { Id: 'a00Hs0000000001', Name: 'North', Active__c: true, City__c: 'Oslo' },
        { Id: 'a00Hs0000000002', Name: 'South', City__c: 'São Paulo' },
        { Id: 'a00Hs0000000003', Name: 'Gone', IsDeleted: true },
      ],
      Thing__c: [
        {
          Id: A,
          Name: 'a',
          Text__c: 'Crème Brûlée',
          Key__c: 'k1',
          Pick__c: 'R',
          Multi__c: 'A;B',
          Int__c: 1,
          Long__c: 9_007_199_254_740_993n,
          Double__c: 0.1,
          Flag__c: true,
          Time__c: '07:30',
          Team__c: 'a00Hs0000000001',
        },
        {
          Id: B,
          Name: 'b',
          Text__c: '100%_\\',
          Key__c: 'K1',
          Pick__c: 'Green',
          Multi__c: 'C',
          Int__c: -5,
          Long__c: 9_007_199_254_740_992n,
          Double__c: 2.5,
          Time__c: '12:00',
          Team__c: 'a00Hs0000000002',
        },
        {
          Name: 'c',
          Text__c: 'apple',
          Multi__c: 'A;B;C',
          Int__c: 40,
          Double__c: -1e-7,
          Flag__c: true,
          Team__c: 'a00Hs0000000003',
        },
        { Name: 'd', Text__c: 'APPLE pie', Int__c: 0 },
        { Name: 'e' },
      ],
    },
  });
});

afterAll(() => {
  org[Symbol.dispose]();
});

function matches(condition: string): string {
  return columnOf(org, `SELECT Name FROM Thing__c WHERE ${condition}`).join('');
}

describe('WHERE', () => {
  it.each([
    ["Text__c = 'crème brûlée'", 'a'],
    ["Text__c = 'CRÈME BRÛLÉE'", 'a'],
    ["Text__c = 'creme brulee'", ''],
    ["Text__c = 'APPLE'", 'c'],
    ["Text__c != 'apple'", 'abde'],
    ["Text__c <> 'apple'", 'abde'],
    ["Text__c IN ('apple', 'Apple Pie', 'crÈme brûlée')", 'acd'],
    ["Text__c NOT IN ('apple', 'Apple Pie')", 'abe'],
    ["Text__c > 'apple'", 'ad'],
    ["Text__c >= 'APPLE'", 'acd'],
    ["Text__c < 'APPLE'", 'b'],
    ["Text__c <= 'Crème'", 'bcd'],
  ])('compares text ignoring case: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ["Key__c = 'k1'", 'a'],
    ["Key__c = 'K1'", 'b'],
    ["Key__c IN ('K1', 'x')", 'b'],
    ["Key__c != 'k1'", 'bcde'],
  ])('compares unique case-sensitive fields letter by letter: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ["Text__c LIKE 'APP%'", 'cd'],
    ["Text__c LIKE '%e'", 'acd'],
    ["Text__c LIKE '_pple'", 'c'],
    ["Text__c LIKE 'apple'", 'c'],
    ["Text__c LIKE '%È%'", 'a'],
    ["Text__c LIKE '100\\%%'", 'b'],
    ["Text__c LIKE '%\\_%'", 'b'],
    ["Text__c LIKE '%\\\\'", 'b'],
    ["Text__c LIKE '%'", 'abcd'],
    ["(NOT Text__c LIKE 'a%')", 'abe'],
    ["Text__c LIKE ''", ''],
  ])('matches patterns: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['Text__c = null', 'e'],
    ["Text__c = ''", 'e'],
    ['Text__c != null', 'abcd'],
    ["Text__c != ''", 'abcd'],
    ["Text__c IN ('apple', null)", 'ce'],
    ["Text__c NOT IN ('apple', null)", 'abd'],
    ['Int__c != 1', 'bcde'],
    ['Int__c > -100', 'abcd'],
    ['(NOT Int__c > 0)', 'bde'],
    ['Int__c = NULL', 'e'],
    ['Team__c = null', 'de'],
    ['Flag__c = null', 'bde'],
    ['Flag__c != null', 'ac'],
    ['Time__c = null', 'cde'],
  ])('treats null as a value that no comparison matches: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['Flag__c = true', 'ac'],
    ['Flag__c = FALSE', 'bde'],
    ['Flag__c != true', 'bde'],
    ['Flag__c IN (true, false)', 'abcde'],
  ])('compares checkboxes: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['Int__c = 1.0', 'a'],
    ['Int__c IN (1, 40, 7)', 'ac'],
    ['Int__c >= 0', 'acd'],
    ['Double__c = 0.1', 'a'],
    ['Double__c = 1E-1', 'a'],
    ['Double__c < 0', 'c'],
    ['Double__c = -1.0E-7', 'c'],
    ['Double__c IN (2.50, .1)', 'ab'],
    ['Long__c = 9007199254740993', 'a'],
    ['Long__c > 9007199254740992', 'a'],
    ['Long__c IN (9007199254740992)', 'b'],
  ])('compares numbers: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['Time__c = 07:30:00Z', 'a'],
    ['Time__c > 07:30:00.000Z', 'b'],
    ['Time__c IN (12:00:00.000Z)', 'b'],
  ])('compares times: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    [`Id = '${A}'`, 'a'],
    [`Id = '${A.slice(0, 15)}'`, 'a'],
    [`Id = '${A.toLowerCase()}'`, 'a'],
    [`Id IN ('${A}', '${B}')`, 'ab'],
    [`Id NOT IN ('${A}', '${B}')`, 'cde'],
    [`Id = '${B}'`, 'b'],
    ["Team__c = 'a00Hs0000000001'", 'a'],
  ])('compares ids of 15 or 18 characters: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ["Multi__c INCLUDES ('A')", 'ac'],
    ["Multi__c INCLUDES ('a;b')", 'ac'],
    ["Multi__c INCLUDES ('A;C', 'C')", 'bc'],
    ["Multi__c EXCLUDES ('A')", 'bde'],
    ["Multi__c = 'A;B'", 'a'],
    ['Multi__c = null', 'de'],
  ])('looks into multi-select picklists: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ["Team__r.Name = 'north'", 'a'],
    ["Team__r.City__c LIKE 'são%'", 'b'],
    ["Team__r.Name != 'North'", 'bcde'],
    ['Team__r.Name = null', 'de'],
    ['Team__r.Active__c = false', 'bcde'],
    ["Owner.Type = 'User' AND Owner.Name = 'dana ito'", 'abcde'],
    ["Team__r.Owner.Name LIKE 'D%'", 'abc'],
    ["toLabel(Pick__c) = 'red'", 'a'],
    ["Pick__c = 'Red'", ''],
    ["toLabel(Pick__c) IN ('Red', 'Green')", 'ab'],
  ])('reads parents and labels: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['Int__c = 1 OR Int__c = 0 OR Int__c = 40', 'acd'],
    ["(Int__c = 1 OR Int__c = 40) AND Text__c LIKE 'a%'", 'c'],
    ['(NOT (Int__c = 1 OR Int__c = 40))', 'bde'],
    ['NOT (Int__c > 0 AND Flag__c = true)', 'bde'],
    ['(Int__c > 0) AND (NOT Int__c = 1)', 'c'],
  ])('joins conditions: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it.each([
    ['Team__c IN (SELECT Id FROM Team__c)', 'ab'],
    ['Team__c IN (SELECT Id FROM Team__c WHERE Active__c = true)', 'a'],
    ['Team__c NOT IN (SELECT Id FROM Team__c WHERE Active__c = true)', 'bcde'],
    ["Team__c IN (SELECT Id FROM Team__c WHERE Owner.Name = 'Dana Ito') AND Int__c > 0", 'a'],
    ["OwnerId IN (SELECT Id FROM User WHERE Name LIKE 'Dana%') AND Team__c NOT IN (SELECT Id FROM Team__c)", 'cde'],
  ])('joins with a sub-select: %s', (condition, names) => {
    expect(matches(condition)).toBe(names);
  });

  it('includes deleted records in a sub-select when the query does', () => {
    const soql = 'SELECT Name FROM Thing__c WHERE Team__c IN (SELECT Id FROM Team__c)';

    expect(columnOf(org, soql, { includeDeleted: true }).join('')).toBe('abc');
    expect(columnOf(org, 'SELECT Name FROM Team__c WHERE Id NOT IN (SELECT Team__c FROM Thing__c)')).toEqual([]);
  });

  it.each([
    [
      "Int__c = '1'",
      'INVALID_FIELD',
      "value of filter criterion for field 'Int__c' must be of type int and should not be enclosed in quotes",
    ],
    [
      "Double__c = '1'",
      'INVALID_FIELD',
      "value of filter criterion for field 'Double__c' must be of type double and should not be enclosed in quotes",
    ],
    [
      'Text__c = 1',
      'INVALID_FIELD',
      "value of filter criterion for field 'Text__c' must be of type string and should be enclosed in quotes",
    ],
    [
      'Text__c = true',
      'INVALID_FIELD',
      "value of filter criterion for field 'Text__c' must be of type string and should be enclosed in quotes",
    ],
    [
      "Flag__c = 'true'",
      'INVALID_FIELD',
      "value of filter criterion for field 'Flag__c' must be of type boolean and should not be enclosed in quotes",
    ],
    [
      "CreatedDate > '2024-01-01T00:00:00Z'",
      'INVALID_FIELD',
      "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
    ],
    [
      'CreatedDate > 2024-01-01',
      'INVALID_FIELD',
      "value of filter criterion for field 'CreatedDate' must be of type dateTime and should not be enclosed in quotes",
    ],
    ['Int__c = TODAY', 'MALFORMED_QUERY', "unexpected token: 'TODAY'"],
    [
      'Id = 5',
      'INVALID_FIELD',
      "value of filter criterion for field 'Id' must be of type string and should be enclosed in quotes",
    ],
    ["Id = 'nope'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid ID field: nope'],
    ["Id LIKE '001%'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on id field'],
    ["Int__c LIKE '1%'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on int field'],
    ['Flag__c > true', 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on boolean field'],
    ["Multi__c > 'A'", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on multipicklist field'],
    ["Text__c INCLUDES ('A')", 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on string field'],
    ['Int__c > null', 'INVALID_QUERY_FILTER_OPERATOR', 'invalid operator on int field'],
    ["Long_Text__c = 'x'", 'INVALID_FIELD', "field 'Long_Text__c' can not be filtered in a query call"],
    ["Secret__c = 'x'", 'INVALID_FIELD', "field 'Secret__c' can not be filtered in a query call"],
    ['Blob__c != null', 'INVALID_FIELD', "field 'Blob__c' can not be filtered in a query call"],
    ['Place__c != null', 'INVALID_FIELD', "field 'Place__c' can not be filtered in a query call"],
    ['COUNT(Id) > 1', 'MALFORMED_QUERY', 'an aggregate function stands in HAVING, not in WHERE'],
    ["FORMAT(Int__c) = '1'", 'MALFORMED_QUERY', 'FORMAT() stands in the SELECT list alone'],
    [
      'Team__c IN (SELECT Id, Name FROM Team__c)',
      'MALFORMED_QUERY',
      'semi join sub-selects must query exactly one field',
    ],
    [
      'Team__c IN (SELECT Name FROM Team__c)',
      'MALFORMED_QUERY',
      'semi joins compare ids; Name is neither Id nor a reference',
    ],
    [
      'Name IN (SELECT Id FROM Team__c)',
      'MALFORMED_QUERY',
      'semi joins compare ids; Name is neither Id nor a reference',
    ],
    [
      'Id IN (SELECT Id FROM Thing__c)',
      'MALFORMED_QUERY',
      'The inner and outer selects should not be on the same object type',
    ],
    [
      'Team__c IN (SELECT Id FROM Team__c LIMIT 1)',
      'MALFORMED_QUERY',
      'semi join sub-selects take no GROUP BY, ORDER BY, LIMIT or OFFSET',
    ],
    [
      'Int__c = 1 OR Team__c IN (SELECT Id FROM Team__c)',
      'MALFORMED_QUERY',
      "Semi join sub-selects are not allowed with the 'OR' operator",
    ],
    [
      'OwnerId IN (SELECT Id FROM User WHERE Id IN (SELECT OwnerId FROM Team__c))',
      'MALFORMED_QUERY',
      'Nesting of semi join sub-selects is not supported',
    ],
    [
      'OwnerId IN (SELECT Id FROM User) AND Team__c IN (SELECT Id FROM Team__c) AND OwnerId NOT IN (SELECT Id FROM Group)',
      'MALFORMED_QUERY',
      'Maximum 2 semi join sub-selects are allowed',
    ],
  ])('refuses %s', (condition, errorCode, message) => {
    const fault = faultOf(org, `SELECT Name FROM Thing__c WHERE ${condition}`);

    expect(fault.errorCode).toBe(errorCode);
    expect(fault.message.split('\n').at(-1)).toBe(message);
  });

  it('narrows to the records of the user with USING SCOPE mine', () => {
    org.insert('Team__c', [{ Name: 'Theirs', OwnerId: columnOf(org, 'SELECT Id FROM Group')[0] ?? null }]);

    expect(columnOf(org, 'SELECT Name FROM Team__c USING SCOPE mine')).toEqual(['North', 'South']);
    expect(columnOf(org, 'SELECT Name FROM Team__c')).toEqual(['North', 'South', 'Theirs']);
  });
});
