import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOrg } from '../src/org/create-org.ts';
import { openDefaultOrg } from '../src/org/default-org.ts';
import type { Org } from '../src/org/org.ts';
import { columnOf, countOf, faultOf, headersOf, NOW_MS, rowsOf } from './query-rows.ts';

let org: Org;

beforeAll(() => {
  org = openDefaultOrg();
});

afterAll(() => {
  org[Symbol.dispose]();
});

function lastLine(soql: string): string | undefined {
  return faultOf(org, soql).message.split('\n').at(-1);
}

describe('SELECT', () => {
  it('heads columns with API names in the order of the statement, whatever its case', () => {
    expect(headersOf(org, 'SELECT name, ACCOUNT.name, account.owner.NAME, id FROM contact')).toEqual([
      'Name',
      'Account.Name',
      'Account.Owner.Name',
      'Id',
    ]);
  });

  it('follows parents, and reads null where there is none', () => {
    expect(rowsOf(org, 'SELECT Name, Account.Name, ReportsTo.Account.Owner.Name FROM Contact ORDER BY Name')).toEqual([
      ['Ingrid Ås', 'Nordlys Shipping', null],
      ['João Prado', 'Água Viva Energia, S.A.', null],
      ['Solveig Ås', 'Nordlys Shipping', 'Dana Ito'],
      ['Unattached', null, null],
      ['花子 山田', '東京計器 Partners', null],
    ]);
  });

  it('follows up to five parents', () => {
    expect(rowsOf(org, 'SELECT Parent.Parent.Parent.Parent.Parent.Name FROM Account LIMIT 1')).toEqual([[null]]);
    expect(lastLine('SELECT Parent.Parent.Parent.Parent.Parent.Parent.Name FROM Account')).toBe(
      'a path follows at most 5 relationships',
    );
  });

  it('reads polymorphic parents as the object Name', () => {
    expect(
      rowsOf(
        org,
        'SELECT Subject, What.Name, What.Type, Who.Name, Who.FirstName, Owner.Type FROM Task ORDER BY Subject',
      ),
    ).toEqual([
      ['Call', 'Nordlys Shipping', 'Account', 'Ingrid Ås', 'Ingrid', 'User'],
      ['Email', null, null, 'Maya Lindqvist', 'Maya', 'User'],
      ['Tidy up', null, null, null, null, 'User'],
      ['Visit', 'Água Viva turbines', 'Opportunity', 'João Prado', 'João', 'Group'],
    ]);
    expect(lastLine('SELECT What.Amount FROM Task')).toContain("No such column 'Amount' on entity 'Name'");
  });

  it('describes a parent column by the field at the end of its path', () => {
    using result = org.query('SELECT Country__r.Code__c, Owner.Name FROM Navaid__c LIMIT 1', {
      includeDeleted: false,
      api: 'bulk',
      nowMs: NOW_MS,
      orderSeed: 1,
    });

    expect(result.object.name).toBe('Navaid__c');
    expect(result.columns).toMatchObject([
      {
        header: 'Country__r.Code__c',
        path: ['Country__r', 'Code__c'],
        field: { length: 2, externalId: true },
        type: 'string',
      },
      { path: ['Owner', 'Name'], field: { name: 'Name', nameField: true } },
    ]);
  });

  it('tells the identity of rows and of their parents', () => {
    using result = org.query('SELECT Subject, What.Name, Owner.Name FROM Task ORDER BY Subject', {
      includeDeleted: false,
      api: 'rest',
      nowMs: NOW_MS,
      orderSeed: 1,
    });

    expect(result.relationships).toEqual([['What'], ['Owner']]);
    expect([...result.identities(0, 9)].map((ids) => ids.map((identity) => identity?.object ?? null))).toEqual([
      ['Task', 'Account', 'User'],
      ['Task', null, 'User'],
      ['Task', null, 'User'],
      ['Task', 'Opportunity', 'Group'],
    ]);
    expect([...result.identities(3, 1)][0]?.[0]?.id).toMatch(/^00T\w{15}$/);
  });

  it('names every prefix of a parent path among the relationships', () => {
    using result = org.query('SELECT ReportsTo.Account.Name, ReportsTo.Name FROM Contact', {
      includeDeleted: false,
      api: 'rest',
      nowMs: NOW_MS,
      orderSeed: 1,
    });

    expect(result.relationships).toEqual([['ReportsTo'], ['ReportsTo', 'Account']]);
  });

  it('reads compound fields as the JSON text of their components', () => {
    const [[address, site] = []] = rowsOf(
      org,
      "SELECT BillingAddress, Headquarters__c FROM Account WHERE Name = 'Nordlys Shipping'",
    );

    expect(JSON.parse(String(address))).toEqual({
      city: 'Bergen',
      country: 'Norway',
      geocodeAccuracy: 'Address',
      latitude: 60.39299,
      longitude: 5.32415,
      postalCode: '5013',
      state: null,
      street: 'Havnegata 1\nDock B',
    });
    expect(JSON.parse(String(site))).toEqual({ latitude: 60.39299, longitude: 5.32415 });
    expect(rowsOf(org, "SELECT BillingAddress FROM Account WHERE Name LIKE 'O%'")).toEqual([[null]]);
  });

  it('reads blobs as base64 text over REST', () => {
    expect(rowsOf(org, "SELECT Body FROM Attachment WHERE Name = 'pixel.bin'")).toEqual([['AP+ACg==']]);
  });

  it.each([
    [
      'SELECT toLabel(StageName) FROM Opportunity',
      'StageName',
      ['Lost', 'Negotiation', 'Prospecting', 'Prospecting', 'Won'],
    ],
    [
      'SELECT toLabel(StageName) stage FROM Opportunity',
      'stage',
      ['Lost', 'Negotiation', 'Prospecting', 'Prospecting', 'Won'],
    ],
    [
      'SELECT FORMAT(Amount) FROM Opportunity',
      'Amount',
      ['$0.07', '$10,000,000.00', '$4,000,000.25', '$80,000,000.00', null],
    ],
    ['SELECT FORMAT(CloseDate) d FROM Opportunity LIMIT 0', 'd', []],
    ['SELECT FORMAT(Probability) FROM Opportunity', 'Probability', ['0%', '10%', '100%', '60%', null]],
    ['SELECT convertCurrency(Amount) FROM Opportunity', 'Amount', [0.07, 10_000_000, 4_000_000.25, 80_000_000, null]],
    ['SELECT FORMAT(convertCurrency(Amount)) a FROM Opportunity WHERE Amount < 1', 'a', ['$0.07']],
    ['SELECT FORMAT(Opens_At__c) FROM Account WHERE Opens_At__c < 08:00:00.000Z', 'Opens_At__c', ['7:30 AM']],
  ])('applies a function: %s', (soql, header, values) => {
    expect(headersOf(org, soql)).toEqual([header]);
    expect(columnOf(org, soql)).toEqual(values);
  });

  it('tells that a label is text', () => {
    using result = org.query('SELECT toLabel(StageName), FORMAT(Amount) a FROM Opportunity', {
      includeDeleted: false,
      api: 'bulk',
      nowMs: NOW_MS,
      orderSeed: 1,
    });

    expect(result.columns.map(({ type, field }) => [type, field.type])).toEqual([
      ['string', 'picklist'],
      ['string', 'currency'],
    ]);
  });

  it('counts rows instead of reading them', () => {
    expect(countOf(org, 'SELECT COUNT() FROM Contact WHERE Account.Name != null')).toBe(4);
    expect(countOf(org, 'SELECT count() FROM Runway__c LIMIT 7')).toBe(7);
    expect(rowsOf(org, 'SELECT COUNT() FROM Contact')).toEqual([]);
  });

  it.each([
    ['SELECT Id, Name, id FROM Account', 'duplicate field selected: Id'],
    ['SELECT Name, Account.Name FROM Account', 'duplicate field selected: Name'],
    ['SELECT StageName, toLabel(StageName) FROM Opportunity', 'duplicate field selected: StageName'],
    ['SELECT FIELDS(STANDARD), Id FROM Task', 'duplicate field selected: Id'],
  ])('refuses a name selected twice: %s', (soql, message) => {
    expect(faultOf(org, soql)).toMatchObject({ errorCode: 'INVALID_FIELD', message });
  });

  it.each([
    ['SELECT Id FROM Accout', 'INVALID_TYPE', 16, "sObject type 'Accout' is not supported."],
    ['SELECT Nope__c FROM Account', 'INVALID_FIELD', 8, "No such column 'Nope__c' on entity 'Account'."],
    ['SELECT Id, Account.Nope FROM Contact', 'INVALID_FIELD', 12, "No such column 'Nope' on entity 'Account'."],
    ['SELECT Nope.Name FROM Contact', 'INVALID_FIELD', 8, "Didn't understand relationship 'Nope' in field path."],
    [
      'SELECT AccountId.Name FROM Contact',
      'INVALID_FIELD',
      8,
      "Didn't understand relationship 'AccountId' in field path.",
    ],
    ['SELECT Id FROM Contact WHERE Nope = 1', 'INVALID_FIELD', 30, "No such column 'Nope' on entity 'Contact'."],
    ['SELECT Id FROM Contact ORDER BY Nope', 'INVALID_FIELD', 33, "No such column 'Nope' on entity 'Contact'."],
    [
      'SELECT Credit_Score__c FROM Account',
      'INVALID_FIELD',
      8,
      "No such column 'Credit_Score__c' on entity 'Account'.",
    ],
  ])('refuses names that mean nothing to the user: %s', (soql, errorCode, column, message) => {
    const fault = faultOf(org, soql);

    expect(fault.errorCode).toBe(errorCode);
    expect(fault.message).toContain(`ERROR at Row:1:Column:${column}\n${message}`);
  });

  it('refuses objects that cannot be queried', () => {
    expect(faultOf(org, 'SELECT Id FROM Name')).toMatchObject({
      errorCode: 'INVALID_TYPE_FOR_OPERATION',
      message: 'entity type Name does not support query',
    });
    expect(faultOf(org, 'SELECT Id FROM Orders__x').errorCode).toBe('EXTERNAL_OBJECT_UNSUPPORTED_EXCEPTION');
  });

  it.each([
    ['SELECT (SELECT Id FROM Contacts) FROM Account', 'a child subquery is not supported by this emulator'],
    ['SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Task', 'TYPEOF is not supported by this emulator'],
    [
      "SELECT Id FROM Account WHERE DISTANCE(Headquarters__c, GEOLOCATION(1, 2), 'km') < 5",
      'DISTANCE is not supported by this emulator',
    ],
    ['SELECT convertCurrency(Probability) FROM Opportunity', 'convertCurrency() applies to currency fields'],
    ['SELECT CALENDAR_YEAR(CloseDate) FROM Opportunity', 'Field must be grouped or aggregated: CALENDAR_YEAR'],
    ['SELECT Id FROM Opportunity USING SCOPE team', 'scope team is not supported for Opportunity'],
    ['SELECT FIELDS(SOME) FROM Opportunity', 'FIELDS(SOME) is not allowed here'],
  ])('says clearly what it does not do: %s', (soql, message) => {
    expect(lastLine(soql)).toBe(message);
  });
});

describe('FIELDS()', () => {
  it('selects the standard, the custom or all fields that the user may see', () => {
    const standard = headersOf(org, 'SELECT FIELDS(STANDARD) FROM Account');
    const custom = headersOf(org, 'SELECT FIELDS(CUSTOM) FROM Account LIMIT 200');
    const all = headersOf(org, 'SELECT FIELDS(ALL) FROM Account LIMIT 1');

    expect(standard).toEqual(expect.arrayContaining(['Id', 'Name', 'BillingAddress', 'BillingCity', 'SystemModstamp']));
    expect(standard.filter((name) => name.includes('__'))).toEqual([]);
    expect(custom).toEqual([
      'ERP_Id__c',
      'Headquarters__c',
      'Headquarters__Latitude__s',
      'Headquarters__Longitude__s',
      'Opens_At__c',
      'Founded_On__c',
      'Is_Partner__c',
    ]);
    expect([...all].sort()).toEqual([...standard, ...custom].sort());
  });

  it.each(['SELECT FIELDS(ALL) FROM Account', 'SELECT FIELDS(CUSTOM) FROM Account LIMIT 201'])(
    'needs a bound on the rows: %s',
    (soql) => {
      expect(faultOf(org, soql)).toMatchObject({
        errorCode: 'MALFORMED_QUERY',
        message: 'The SOQL FIELDS function must have a LIMIT of at most 200',
      });
    },
  );

  it('leaves out what Bulk cannot carry', () => {
    const headers = headersOf(org, 'SELECT FIELDS(STANDARD) FROM Account', { api: 'bulk' });

    expect(headers).toContain('BillingCity');
    expect(headers).not.toContain('BillingAddress');
  });
});

describe('Bulk', () => {
  const AGGREGATE = 'Aggregate Relationships not supported in Bulk Query';
  const CHILDREN = 'Aggregate Relationships not supported in Bulk V2 Query with CSV content type';
  const COMPOUND = 'Selecting compound data not supported in Bulk Query';

  it.each([
    ['SELECT COUNT() FROM Account', 'API_ERROR', AGGREGATE],
    ['SELECT COUNT(Id) FROM Account', 'API_ERROR', AGGREGATE],
    ['SELECT Type FROM Account GROUP BY Type', 'API_ERROR', AGGREGATE],
    [
      'SELECT CALENDAR_YEAR(CloseDate), SUM(Amount) FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate)',
      'API_ERROR',
      AGGREGATE,
    ],
    ['SELECT Id, (SELECT Id FROM Contacts) FROM Account', 'API_ERROR', CHILDREN],
    ['SELECT Id, BillingAddress FROM Account', 'API_ERROR', COMPOUND],
    ['SELECT Headquarters__c FROM Account', 'API_ERROR', COMPOUND],
    ['SELECT Account.BillingAddress FROM Contact', 'API_ERROR', COMPOUND],
    ['SELECT FIELDS(ALL) FROM Account', 'MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200'],
    ['SELECT Id FROM Account OFFSET 5', 'API_ERROR', 'OFFSET not supported in Bulk Query'],
    ['SELECT TYPEOF What WHEN Account THEN Phone END FROM Task', 'API_ERROR', 'TYPEOF not supported in Bulk Query'],
    ['SELECT Id FROM Attachment', 'INVALIDENTITY', "Entity 'Attachment' is not supported by the Bulk API."],
    ['SELECT Id FROM Orders__x', 'EXTERNAL_OBJECT_UNSUPPORTED_EXCEPTION', 'external object Orders__x is not supported'],
  ])('refuses %s', (soql, errorCode, message) => {
    expect(faultOf(org, soql, { api: 'bulk' })).toMatchObject({ errorCode, message });
  });

  it('refuses blobs of objects it reads', () => {
    using files = createOrg({ objects: { Document: { fields: { Body: { type: 'base64' } } } } });

    expect(faultOf(files, 'SELECT Id, Body FROM Document', { api: 'bulk' })).toMatchObject({
      errorCode: 'FEATURENOTENABLED',
      message: "Cannot serialize value for 'Body' in CSV format",
    });
  });

  it.each([
    'SELECT Id FROM Opportunity WHERE CALENDAR_YEAR(CloseDate) = 2026 ORDER BY Name LIMIT 3',
    'SELECT Account.Owner.Name FROM Opportunity',
    'SELECT Id FROM Opportunity WHERE AccountId IN (SELECT Id FROM Account)',
  ])('accepts %s', (soql) => {
    expect(rowsOf(org, soql, { api: 'bulk' }).length).toBeGreaterThan(0);
  });
});
