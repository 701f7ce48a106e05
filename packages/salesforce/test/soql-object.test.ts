import { describe, expect, it } from 'vitest';

import { planInCatalog } from '../src/soql/plan-query.ts';
import type { ObjectRequest, QueryOptions } from '../src/soql/query-plan.ts';
import { memoryCatalog, salesCatalog } from './memory-catalog.ts';
import { rejectionOf } from './thrown.ts';

const plan = async (request: ObjectRequest & QueryOptions, catalog = salesCatalog()) =>
  await planInCatalog(catalog, '64.0', request);

describe('reading an object', () => {
  it('selects what describe shows, in its order, under its names, without compound fields', async () => {
    const { soql, object, operation, columns, notes } = await plan({ object: 'account' });

    expect(soql).toBe(
      'SELECT Id, IsDeleted, Name, Description, BillingStreet, BillingCity, OwnerId, ParentId, CreatedDate, Secret__c, Place__Latitude__s, Place__Longitude__s FROM Account',
    );
    expect({ object, operation }).toEqual({ object: 'Account', operation: 'query' });
    expect(columns).toHaveLength(12);
    expect(notes).toContainEqual({
      code: 'COMPOUND_FIELDS_LEFT_OUT',
      message: 'Left out, as their components are read: BillingAddress, Place__c.',
    });
  });

  it('reads deleted and archived rows on request', async () => {
    expect(await plan({ object: 'Account', includeDeletedObjects: true })).toMatchObject({ operation: 'queryAll' });
  });

  it('leaves out what is excluded, in any case', async () => {
    const { soql } = await plan({ object: 'User', fields: { exclude: ['EMAIL', 'managerid'] } });

    expect(soql).toBe('SELECT Id, Name FROM User');
  });

  it('keeps the order of what is included, parents too, less what is excluded', async () => {
    const fields = { include: ['name', 'Owner.Email', 'Id', 'OwnerId'], exclude: ['ownerid'] };

    expect((await plan({ object: 'Account', fields })).soql).toBe('SELECT Name, Owner.Email, Id FROM Account');
  });

  it('appends a condition as it was written', async () => {
    const where = "Name != 'x'\n AND Id IN (SELECT AccountId FROM Contact)";

    const { soql, isOrdered } = await plan({ object: 'Account', fields: { include: ['Id'] }, where });

    expect(soql).toBe(`SELECT Id FROM Account WHERE ${where}`);
    expect(isOrdered).toBe(false);
  });

  it.each([
    [{ object: 'Account', fields: { exclude: ['Nmae'] } }, 'FIELD_UNKNOWN', 'the field Nmae of Account'],
    [{ object: 'Account', fields: { include: ['Nmae'] } }, 'FIELD_UNKNOWN', '(nearest: Name)'],
    [{ object: 'Account', fields: { include: ['Id', 'ID'] } }, 'QUERY_INVALID', 'Id is selected twice'],
    [{ object: 'Account', fields: { include: ['BillingAddress'] } }, 'QUERY_UNSUPPORTED', 'compound'],
    [{ object: 'Account', fields: { include: ['Id, Name'] } }, 'QUERY_INVALID', 'not a field name'],
    [{ object: 'Account', fields: { include: [] } }, 'QUERY_INVALID', 'no field of Account is left'],
    [
      { object: 'User', fields: { exclude: ['Id', 'Name', 'Email', 'ManagerId'] } },
      'QUERY_INVALID',
      'no field of User',
    ],
    [{ object: 'Acount' }, 'OBJECT_UNKNOWN', '(nearest: Account)'],
    [{ object: 'Account WHERE' }, 'QUERY_INVALID', 'not the API name of an object'],
    [{ object: 'Account', where: '' }, 'QUERY_INVALID', 'line 1, column 1 of `where`: expected a field'],
    [{ object: 'Account', where: "Nmae = 'x'" }, 'FIELD_UNKNOWN', 'line 1, column 1 of `where`: the field Nmae'],
    [
      { object: 'Account', where: "\n Name = 'x' LIMIT 1" },
      'QUERY_INVALID',
      'line 2, column 13 of `where`: LIMIT is not',
    ],
    [{ object: 'Account', where: "Name = 'x') OR (Id != null" }, 'QUERY_INVALID', 'expected the end of the query'],
  ] as const)('refuses %j', async (request, code, message) => {
    expect(await rejectionOf(plan(request))).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('tells of fields, exclusions and condition at once', async () => {
    const fields = { include: ['Naem'], exclude: ['Idd'] };

    const error = await rejectionOf(plan({ object: 'Account', fields, where: 'Foo = 1 ORDER BY Id' }));

    expect(error).toMatchObject({
      message: expect.stringMatching(/4 problems: .*Idd.*Naem.*column 1 .*Foo.*ORDER BY/),
    });
  });

  it('refuses base64 fields by name, or leaves them out on request', async () => {
    expect(await rejectionOf(plan({ object: 'Document' }))).toMatchObject({
      code: 'QUERY_UNSUPPORTED',
      message: expect.stringContaining('Body'),
    });
    expect((await plan({ object: 'Document', base64: 'skip' })).soql).toBe('SELECT Id, Name FROM Document');
    expect((await plan({ object: 'Document', fields: { exclude: ['body'] } })).soql).toBe(
      'SELECT Id, Name FROM Document',
    );
    const included = await plan({ object: 'Document', fields: { include: ['Id', 'Body'] }, base64: 'skip' });
    expect(included.soql).toBe('SELECT Id FROM Document');
    expect(included.notes.map(({ code }) => code)).toEqual(['BASE64_FIELDS_LEFT_OUT']);
  });

  it('passes over deprecated fields, and lists fields without a form in CSV', async () => {
    const { notes } = await plan({ object: 'Document', base64: 'skip' });

    expect(notes).toContainEqual(
      expect.objectContaining({ code: 'FIELDS_LEFT_OUT', message: expect.stringContaining('Layout') }),
    );
    expect(JSON.stringify(notes)).not.toContain('Old__c');
  });

  it('refuses more names than a query holds', async () => {
    const fields = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`A_field_with_a_rather_long_name_${index}__c`, { type: 'string' }]),
    );

    const error = await rejectionOf(plan({ object: 'Wide__c' }, memoryCatalog({ Wide__c: fields })));

    expect(error).toMatchObject({ code: 'QUERY_UNSUPPORTED', hint: expect.stringContaining('join the rows on Id') });
  });
});

describe('notes on a query', () => {
  it('RW-05: say who reads and how many fields that user may see', async () => {
    const { notes } = await plan({ object: 'User' });

    expect(notes[0]).toMatchObject({
      code: 'FIELDS_VISIBLE',
      message: expect.stringMatching(/^4 fields of User .*ada@/),
    });
  });

  it('RW-07: warn of fields that are masked', async () => {
    const { notes } = await plan({ object: 'Account', fields: { include: ['Secret__c'] } });

    expect(notes).toMatchObject([{ code: 'FIELDS_MASKED', message: expect.stringContaining('View Encrypted Data') }]);
  });

  it.each([
    ['SELECT Amount FROM Opportunity', 'Amount'],
    ['SELECT Amount, CurrencyIsoCode FROM Opportunity', undefined],
    ['SELECT convertCurrency(Amount), FORMAT(Amount) f FROM Opportunity', undefined],
    ['SELECT Salary__c FROM Contact', undefined],
    ['SELECT Name FROM Opportunity', undefined],
  ])('RW-15: %s leaves %s without its currency', async (soql, field) => {
    const { notes } = await planInCatalog(salesCatalog(), '64.0', { soql });

    const found = notes.filter(({ code }) => code === 'CURRENCY_MISSING').map(({ message }) => message.split(':')[0]);
    expect(found).toEqual(field === undefined ? [] : [field]);
  });

  it('RW-15: the currency of a parent is that of the parent', async () => {
    const catalog = memoryCatalog({
      Line__c: {
        CurrencyIsoCode: { type: 'picklist' },
        Deal__c: { type: 'reference', relationshipName: 'Deal__r', referenceTo: ['Deal__c'] },
      },
      Deal__c: { Amount__c: { type: 'currency' }, CurrencyIsoCode: { type: 'picklist' } },
    });
    const codes = async (soql: string) =>
      (await planInCatalog(catalog, '64.0', { soql })).notes.map(({ code }) => code);

    expect(await codes('SELECT CurrencyIsoCode, Deal__r.Amount__c FROM Line__c')).toEqual(['CURRENCY_MISSING']);
    expect(await codes('SELECT Deal__r.CurrencyIsoCode, Deal__r.Amount__c FROM Line__c')).toEqual([]);
  });

  it('RW-16: warn of a query with many formulas', async () => {
    const fields = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`F${index}__c`, { type: 'string', calculated: true }]),
    );

    const { notes } = await plan({ object: 'Heavy__c' }, memoryCatalog({ Heavy__c: fields }));

    expect(notes).toContainEqual(
      expect.objectContaining({ code: 'MANY_FORMULAS', message: expect.stringMatching(/^60 /) }),
    );
  });
});
