import { describe, expect, it } from 'vitest';

import { planInCatalog } from '../src/soql/plan-query.ts';
import type { QueryOptions } from '../src/soql/query-plan.ts';
import { memoryCatalog, salesCatalog } from './memory-catalog.ts';
import { rejectionOf } from './thrown.ts';

/** `name: type` of each column; `!` for one that is never null. */
async function columnsOf(
  soql: string,
  options: QueryOptions = {},
  catalog = salesCatalog(),
): Promise<readonly string[]> {
  const { schema, columns } = await planInCatalog(catalog, '64.0', { soql, ...options });
  expect(columns.map(({ name }) => name)).toEqual(schema.fields.map(({ name }) => name));
  return schema.fields.map(({ name, type, nullable }) => `${name}: ${String(type)}${nullable ? '' : '!'}`);
}

const ids = { type: 'id' };

describe('the columns of a query', () => {
  it('have the names of describe, whatever the case of the query, and the types of design', async () => {
    const soql = `SELECT id, NAME, amount, closedate, stagename, probability, tags__c, items__c, isclosed, daily__c
      FROM opportunity`;

    expect(await columnsOf(soql)).toEqual([
      'Id: Utf8!',
      'Name: Utf8',
      'Amount: Decimal[18e+2]',
      'CloseDate: Date32<DAY>',
      'StageName: Utf8',
      'Probability: Decimal[3e0]',
      'Tags__c: Utf8',
      'Items__c: Int32',
      'IsClosed: Bool',
      'Daily__c: Time32<MILLISECOND>',
    ]);
  });

  it('of parents have dotted names, and only the Id of the object itself is never null', async () => {
    const soql = 'SELECT Id, Account.Id, account.parent.owner.email, Account.CreatedDate FROM Opportunity';

    expect(await columnsOf(soql)).toEqual([
      'Id: Utf8!',
      'Account.Id: Utf8',
      'Account.Parent.Owner.Email: Utf8',
      'Account.CreatedDate: Timestamp<MILLISECOND, UTC>',
    ]);
  });

  it('lose the alias and the own name of the object', async () => {
    expect(await columnsOf('SELECT Contact.Id, Contact.Account.Name FROM Contact')).toEqual([
      'Id: Utf8!',
      'Account.Name: Utf8',
    ]);
    expect(await columnsOf('SELECT c.Id, a.Name, u.Email FROM Contact c, c.Account a, a.Owner u')).toEqual([
      'Id: Utf8!',
      'Account.Name: Utf8',
      'Account.Owner.Email: Utf8',
    ]);
  });

  it('made by functions take their alias, else the name of the field', async () => {
    const soql = `SELECT toLabel(StageName), FORMAT(Amount) Shown, convertCurrency(Amount) Own,
      FORMAT(convertCurrency(Amount)) Both FROM Opportunity`;

    expect(await columnsOf(soql, { picklists: 'dictionary' })).toEqual([
      'StageName: Utf8',
      'Shown: Utf8',
      'Own: Decimal[18e+2]',
      'Both: Utf8',
    ]);
  });

  it('encode picklists as dictionaries on request, each with an id of its place', async () => {
    const soql = 'SELECT Id, StageName, CurrencyIsoCode FROM Opportunity';

    const { schema } = await planInCatalog(salesCatalog(), '64.0', { soql, picklists: 'dictionary' });

    expect(schema.fields.map(({ type }) => ('id' in type ? type.id : undefined))).toEqual([undefined, 1, 2]);
    expect(String(schema.fields[1]?.type)).toBe('Dictionary<Int32, Utf8>');
  });

  it('carry what describe tells of them', async () => {
    const soql = 'SELECT Id, toLabel(Account.Parent.Name) n, Account.OwnerId FROM Opportunity';

    const { schema } = await planInCatalog(salesCatalog(), '64.0', { soql });

    expect(schema.metadata.get('salesforce:object')).toBe('Opportunity');
    expect([...(schema.fields[1]?.metadata ?? [])]).toEqual([
      ['salesforce:object', 'Account'],
      ['salesforce:path', 'Account.Parent.Name'],
      ['salesforce:functions', '["TOLABEL"]'],
      ['salesforce:type', 'string'],
      ['salesforce:length', '255'],
      ['salesforce:compoundFieldName', 'Name'],
    ]);
    expect(schema.fields[2]?.metadata.get('salesforce:referenceTo')).toBe('["User"]');
    expect(schema.fields[0]?.metadata.get('salesforce:nillable')).toBe('false');
  });

  it('FIELDS(STANDARD) is written out in what is sent, without compound fields, and the rest stays as it was', async () => {
    const soql = "SELECT FIELDS(STANDARD) , Secret__c\nFROM Account USING SCOPE mine WHERE Name != 'FIELDS(STANDARD)'";

    const plan = await planInCatalog(salesCatalog(), '64.0', { soql });

    const names = 'Id, IsDeleted, Name, Description, BillingStreet, BillingCity, OwnerId, ParentId, CreatedDate';
    expect(plan.soql).toContain('USING SCOPE mine WHERE');
    expect(plan.soql).toBe(soql.replace('FIELDS(STANDARD)', `${names}, Place__Latitude__s, Place__Longitude__s`));
    expect(plan.columns).toHaveLength(12);
    expect(plan.notes).toContainEqual(expect.objectContaining({ code: 'COMPOUND_FIELDS_LEFT_OUT' }));
  });

  it.each(['LIMIT 200', "WHERE Id = '001000000000001'", "WHERE Id IN ('001000000000001')"])(
    'FIELDS(CUSTOM) and FIELDS(ALL) are written out with %s',
    async (bound) => {
      const custom = await planInCatalog(salesCatalog(), '64.0', {
        soql: `SELECT fields(custom) FROM Account ${bound}`,
      });
      const all = await planInCatalog(salesCatalog(), '64.0', { soql: `SELECT FIELDS(ALL) FROM Account ${bound}` });

      expect(custom.columns.map(({ name }) => name)).toEqual(['Secret__c']);
      expect(all.columns).toHaveLength(12);
    },
  );

  it.each(['', 'LIMIT 201', "WHERE Name = 'x'", "WHERE Id != '001000000000001'"])(
    'FIELDS(ALL) without a bound is refused: %j',
    async (bound) => {
      const error = await rejectionOf(
        planInCatalog(salesCatalog(), '64.0', { soql: `SELECT FIELDS(ALL) FROM Account ${bound}` }),
      );

      expect(error).toMatchObject({ code: 'QUERY_UNSUPPORTED', message: expect.stringContaining('LIMIT 200') });
    },
  );

  it('FIELDS() leaves base64 fields out only on request', async () => {
    const soql = 'SELECT FIELDS(STANDARD) FROM Document';

    const skipped = await planInCatalog(salesCatalog(), '64.0', { soql, base64: 'skip' });
    const error = await rejectionOf(planInCatalog(salesCatalog(), '64.0', { soql }));

    expect(skipped.soql).toBe('SELECT Id, Name FROM Document');
    expect(skipped.notes.map(({ code }) => code)).toContain('BASE64_FIELDS_LEFT_OUT');
    expect(error).toMatchObject({ code: 'QUERY_UNSUPPORTED', hint: expect.stringContaining("base64: 'skip'") });
  });
});

describe('RW-13: parents of several kinds', () => {
  it('are typed by the object Name', async () => {
    expect(await columnsOf('SELECT Owner.Name, Owner.Type, owner.profile.name FROM Opportunity')).toEqual([
      'Owner.Name: Utf8',
      'Owner.Type: Utf8',
      'Owner.Profile.Name: Utf8',
    ]);
  });

  it('take the common type of their kinds where Name does not tell', async () => {
    const kinds = memoryCatalog({
      Ticket__c: { Id: ids, OwnerId: { type: 'reference', relationshipName: 'Owner', referenceTo: ['Group', 'User'] } },
      Group: { Same__c: { type: 'int' }, Other__c: { type: 'int' }, Only__c: { type: 'date' } },
      User: { Same__c: { type: 'int' }, Other__c: { type: 'boolean' } },
    });

    expect(await columnsOf('SELECT Owner.Same__c, Owner.Other__c, Owner.Only__c FROM Ticket__c', {}, kinds)).toEqual([
      'Owner.Same__c: Int32',
      'Owner.Other__c: Utf8',
      'Owner.Only__c: Date32<DAY>',
    ]);
  });

  it('are text where nobody tells, and where there are too many kinds to ask', async () => {
    const manyKinds = Array.from({ length: 40 }, (_, kind) => `Kind${kind}__c`);
    const catalog = memoryCatalog({
      Ticket__c: {
        OwnerId: { type: 'reference', relationshipName: 'Owner', referenceTo: ['Gone__c', 'Hidden__c'] },
        WhatId: { type: 'reference', relationshipName: 'What', referenceTo: manyKinds },
      },
    });

    const columns = await columnsOf('SELECT Owner.Name, What.Foo__c, What.Deep__r.Bar__c FROM Ticket__c', {}, catalog);

    expect(columns).toEqual(['Owner.Name: Utf8', 'What.Foo__c: Utf8', 'What.Deep__r.Bar__c: Utf8']);
    expect(catalog.asked.filter((name) => name.startsWith('Kind'))).toEqual([]);
  });

  it('do not have a field that none of them has', async () => {
    const error = await rejectionOf(
      planInCatalog(salesCatalog(), '64.0', { soql: 'SELECT Owner.Naem FROM Opportunity' }),
    );

    expect(error).toMatchObject({
      code: 'FIELD_UNKNOWN',
      message: expect.stringMatching(/the field Naem of Owner .*\(nearest: Name\)/),
    });
  });
});

describe('RW-05: names that mean nothing', () => {
  it.each([
    ['SELECT Ammount FROM Opportunity', 'FIELD_UNKNOWN', 'the field Ammount of Opportunity', 'Amount', 8],
    ['SELECT Id, Acount.Name FROM Opportunity', 'FIELD_UNKNOWN', 'the relationship Acount', 'Account', 12],
    ['SELECT Account.Ownr.Name FROM Opportunity', 'FIELD_UNKNOWN', 'the relationship Ownr of Account', 'Owner', 8],
    ['SELECT Secret FROM Account', 'FIELD_UNKNOWN', 'the field Secret of Account', 'Secret__c', 8],
    ['SELECT Id FROM oportunity', 'OBJECT_UNKNOWN', 'the object oportunity', 'Opportunity', 16],
    ['SELECT Id FROM Account WHERE Id IN (SELECT Id FROM Contcat)', 'OBJECT_UNKNOWN', 'Contcat', 'Contact', 52],
  ])('%s', async (soql, code, what, nearest, column) => {
    const error = await rejectionOf(planInCatalog(salesCatalog(), '64.0', { soql }));

    expect(error).toMatchObject({ code, details: { problems: [{ line: 1, column }] } });
    expect(error).toMatchObject({ message: expect.stringContaining(what) });
    expect(error).toMatchObject({
      message: expect.stringContaining('does not exist or is hidden from ada@example.com'),
    });
    expect(error).toMatchObject({ message: expect.stringContaining(`(nearest: ${nearest}`) });
  });

  it('name the parent object that the user may not see', async () => {
    const error = await rejectionOf(
      planInCatalog(salesCatalog(), '64.0', { soql: 'SELECT Ghost.Name FROM Opportunity' }),
    );

    expect(error).toMatchObject({
      code: 'OBJECT_UNKNOWN',
      message: expect.stringContaining('Ghost: the object Vault__c does not exist or is hidden'),
    });
  });

  it('name the user only where the org tells who it is', async () => {
    const catalog = { ...salesCatalog(), userName: () => Promise.resolve(undefined) };

    const error = await rejectionOf(planInCatalog(catalog, '64.0', { soql: 'SELECT Nope FROM Account' }));

    expect(error).toMatchObject({ message: expect.stringContaining('hidden from the user') });
  });
});

describe('RW-14: the namespace of the org itself', () => {
  const objects = {
    acme__Trip__c: {
      acme__Fare__c: { type: 'int' },
      acme__Car__c: { type: 'reference', relationshipName: 'acme__Car__r', referenceTo: ['acme__Car__c'] },
    },
    acme__Car__c: { Name: { type: 'string' }, other__Fare__c: { type: 'int' } },
  };
  const soql = 'SELECT Fare__c, Car__r.Name FROM acme__Trip__c WHERE Fare__c > 3';

  it('may be left out of names', async () => {
    const catalog = memoryCatalog(objects, {}, 'acme');

    expect(await columnsOf(soql, {}, catalog)).toEqual(['acme__Fare__c: Int32', 'acme__Car__r.Name: Utf8']);
  });

  it('and no other one', async () => {
    const own = memoryCatalog(objects, {}, 'acme');
    const foreign = { soql: 'SELECT Fare__c FROM acme__Car__c' };

    await expect(planInCatalog(own, '64.0', foreign)).rejects.toMatchObject({ code: 'FIELD_UNKNOWN' });
    await expect(planInCatalog(memoryCatalog(objects), '64.0', { soql })).rejects.toMatchObject({
      code: 'FIELD_UNKNOWN',
      message: expect.stringContaining('(nearest: acme__Fare__c'),
    });
  });
});
