import { SluiceError } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { CONSTRUCT_RULES } from '../src/soql/construct-rules.ts';
import { objectNotes, refusedObject } from '../src/soql/object-verdict.ts';
import { planInCatalog } from '../src/soql/plan-query.ts';
import { salesCatalog } from './memory-catalog.ts';
import { rejectionOf } from './thrown.ts';

async function refusal(soql: string, options: { readonly strict?: boolean } = {}): Promise<SluiceError> {
  const error = await rejectionOf(planInCatalog(salesCatalog(), '64.0', { soql, ...options }));
  if (!SluiceError.is(error)) throw error;
  return error;
}

/** A query for every rule. */
const REFUSED: Readonly<Record<string, string>> = {
  'GROUP BY': 'SELECT Name FROM Account GROUP BY Name',
  HAVING: 'SELECT Name FROM Account GROUP BY Name HAVING COUNT(Id) > 1',
  'an aggregate function': 'SELECT COUNT() FROM Account',
  OFFSET: 'SELECT Id FROM Account OFFSET 10',
  TYPEOF: 'SELECT TYPEOF What WHEN Account THEN Phone ELSE Name END FROM Task',
  'a subquery for child records': 'SELECT Id, (SELECT Id FROM Contacts) FROM Account',
  'FOR VIEW': 'SELECT Id FROM Account FOR VIEW',
  'FOR REFERENCE': 'SELECT Id FROM Account FOR REFERENCE',
  'FOR UPDATE': 'SELECT Id FROM Account FOR UPDATE',
  'UPDATE TRACKING': 'SELECT Id FROM Account UPDATE TRACKING',
  'UPDATE VIEWSTAT': 'SELECT Id FROM Account UPDATE VIEWSTAT',
  'WITH DATA CATEGORY': 'SELECT Id FROM Account WITH DATA CATEGORY Geography__c AT usa__c',
  'ALL ROWS': 'SELECT Id FROM Account ALL ROWS',
  'ORDER BY': 'SELECT Id FROM Account ORDER BY Name',
  LIMIT: 'SELECT Id FROM Account LIMIT 10',
};

describe('what query jobs refuse', () => {
  it.each(CONSTRUCT_RULES)('$construct is refused by name, with what to do instead', async ({ construct, hint }) => {
    const soql = REFUSED[construct];
    if (soql === undefined) throw new Error(`no query uses ${construct}`);

    const error = await refusal(soql, { strict: true });

    expect(error.code).toBe('QUERY_UNSUPPORTED');
    expect(error.message).toContain(`refuses ${construct}`);
    expect(error.hint).toContain(hint);
  });

  it.each([
    'SELECT MAX(CloseDate) d FROM Opportunity',
    'SELECT CALENDAR_YEAR(CloseDate) FROM Opportunity',
    'SELECT COUNT(Id) FROM Opportunity GROUP BY ROLLUP(CALENDAR_YEAR(CloseDate))',
  ])('%s is an aggregate', async (soql) => {
    expect((await refusal(soql)).message).toContain('refuses an aggregate function');
  });

  it('a clause is named even where reading the query fails behind it', async () => {
    const error = await refusal('SELECT Name FROM Account GROUP BY Name HAVING ???');

    expect(error.code).toBe('QUERY_UNSUPPORTED');
    expect(error.message).toContain('GROUP BY');
    expect(error.message).toContain('expected a field');
  });

  it('a subquery in WHERE is none of them, nor are words of the language used as names', async () => {
    const semiJoin = 'SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact)';

    await expect(planInCatalog(salesCatalog(), '64.0', { soql: semiJoin })).resolves.toMatchObject({ soql: semiJoin });
  });

  it('ORDER BY and LIMIT pass with a note, and are refused where strictness is asked for', async () => {
    const soql = 'SELECT Id FROM Account ORDER BY Name LIMIT 5';

    const plan = await planInCatalog(salesCatalog(), '64.0', { soql });
    const error = await refusal(soql, { strict: true });

    expect(plan.isOrdered).toBe(true);
    expect(plan.notes.map(({ code }) => code)).toEqual(['QUERY_ORDERED', 'QUERY_LIMITED']);
    expect(error.message).toMatch(/Azure Data Factory refuses ORDER BY.*Azure Data Factory refuses LIMIT/);
  });

  it('a query without ORDER BY is not ordered', async () => {
    const plan = await planInCatalog(salesCatalog(), '64.0', { soql: 'SELECT Id FROM Account LIMIT 5' });

    expect(plan.isOrdered).toBe(false);
  });

  it.each([
    ['BillingAddress', 'Select its components: BillingStreet, BillingCity.'],
    ['Place__c', 'Select its components: Place__Latitude__s, Place__Longitude__s.'],
    ['Parent.BillingAddress', 'Select its components: Parent.BillingStreet, Parent.BillingCity.'],
  ])('the compound field %s is refused with its components', async (field, hint) => {
    expect(await refusal(`SELECT ${field} FROM Account`)).toMatchObject({ code: 'QUERY_UNSUPPORTED', hint });
  });

  it.each(['Body', 'Layout'])('Document.%s has no form in CSV', async (field) => {
    expect(await refusal(`SELECT ${field} FROM Document`)).toMatchObject({ code: 'QUERY_UNSUPPORTED' });
  });

  it('a base64 field that a query names is refused also where such fields are skipped', async () => {
    const request = { soql: 'SELECT Id, Body FROM Document', base64: 'skip' } as const;

    await expect(planInCatalog(salesCatalog(), '64.0', request)).rejects.toMatchObject({ code: 'QUERY_UNSUPPORTED' });
  });

  it('six levels of parents are one too many', async () => {
    const parents = (levels: number): string => `SELECT ${'Parent.'.repeat(levels)}Name FROM Account`;

    expect((await refusal(parents(6))).message).toContain('climbs 6 levels of parents; 5 are allowed');
    await expect(planInCatalog(salesCatalog(), '64.0', { soql: parents(5) })).resolves.toBeDefined();
  });

  it.each([
    ['SELECT Id, Name, id FROM Account', 'id is selected twice', 18],
    ['SELECT Name, FIELDS(STANDARD) FROM User', 'Name is selected twice', 14],
    ['SELECT Amount, FORMAT(Amount) FROM Opportunity', 'two columns have the name Amount', 16],
    ['SELECT Amount, FORMAT(Name) amount FROM Opportunity', 'two columns have the name amount', 16],
  ])('%s: %s', async (soql, message, column) => {
    const error = await refusal(soql);

    expect(error.message.toLowerCase()).toContain(message.toLowerCase());
    expect(error.details).toMatchObject({ problems: [{ line: 1, column, code: 'QUERY_INVALID' }] });
  });

  it.each([
    ['SELECT Name n FROM Account', 'cannot have the alias n'],
    ['SELECT FIELDS(STANDARD) f FROM Account', 'FIELDS() takes no alias'],
    ['SELECT FIELDS(SOME) FROM Account', 'FIELDS() takes STANDARD, CUSTOM or ALL'],
    ['SELECT convertCurrency(Name) FROM Account', 'convertCurrency() takes a currency field'],
    ["SELECT DISTANCE(Place__c, GEOLOCATION(1,2), 'mi') d FROM Account", 'DISTANCE() cannot be selected'],
    ['SELECT toLabel(Id, Name) FROM Account', 'TOLABEL() takes one field'],
    ["SELECT FORMAT('x') FROM Account", 'FORMAT() takes one field'],
  ])('%s: %s', async (soql, message) => {
    expect((await refusal(soql)).message).toContain(message);
  });

  it('every problem of a query is told at once, in its order, each with its place', async () => {
    const error = await refusal(
      'SELECT Nmae,\n  BillingAddress, COUNT(Id)\nFROM Account\nWHERE Descripton = null\nOFFSET 5',
    );

    expect(error.message).toMatch(
      /^the query: 5 problems: line 1, column 8: .*; line 2, column 3: .*; line 5, column 1/,
    );
    expect(error.code).toBe('FIELD_UNKNOWN');
    expect(error.details).toMatchObject({
      problems: [
        { code: 'FIELD_UNKNOWN', line: 1, column: 8 },
        { code: 'QUERY_UNSUPPORTED', line: 2, column: 3 },
        { code: 'QUERY_UNSUPPORTED', line: 2, column: 19 },
        { code: 'FIELD_UNKNOWN', line: 4, column: 7 },
        { code: 'QUERY_UNSUPPORTED', line: 5, column: 1 },
      ],
    });
  });

  it('hundreds of problems do not make a message of hundreds of lines', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `Nope${index}__c`);

    const error = await refusal(`SELECT ${names.join(', ')} FROM Account`);

    expect(error.message).toContain('500 problems');
    expect(error.message).toMatch(/and 480 more$/);
    expect(error.message.length).toBeLessThan(4000);
  });
});

describe('RW-22: objects judged by name, before the org is asked', () => {
  it.each([
    'Orders__x',
    'Shipped__e',
    'AccountChangeEvent',
    'Parcel__ChangeEvent',
    'acme__Topic__Tag',
    'LoginEventStream',
    'ApiAnomalyEvent',
    'TaskStatus',
    'attachment',
    'UserRecordAccess',
  ])('%s is refused', async (object) => {
    const catalog = salesCatalog();

    const failures = [
      await rejectionOf(planInCatalog(catalog, '64.0', { soql: `SELECT Id FROM ${object}` })),
      await rejectionOf(planInCatalog(catalog, '64.0', { object })),
    ];

    for (const failure of failures) expect(failure).toMatchObject({ code: 'QUERY_UNSUPPORTED' });
    expect(catalog.asked).toEqual([]);
  });

  it.each(['Setting__mdt', 'AccountHistory', 'Log__b', 'MyChangeEvent__c', 'Event', 'ChangeEventLog__c'])(
    '%s is not refused',
    (object) => {
      expect(refusedObject(object)).toBeUndefined();
    },
  );

  it('a big object that is filtered comes with a note on its index', async () => {
    const soql = "SELECT Who__c FROM Log__b WHERE Who__c = 'x'";

    const filtered = await planInCatalog(salesCatalog(), '64.0', { soql });
    const whole = await planInCatalog(salesCatalog(), '64.0', { soql: 'SELECT Who__c FROM Log__b' });

    expect(filtered.notes.map(({ code }) => code)).toEqual(['BIG_OBJECT_FILTER']);
    expect(whole.notes).toEqual([]);
  });

  it('an object that wants a filter comes with a note without one', () => {
    expect(objectNotes('ContentDocumentLink', false)).toHaveLength(1);
    expect(objectNotes('contentdocumentlink', true)).toEqual([]);
  });

  it('an object that describe calls not queryable is refused', async () => {
    const catalog = salesCatalog();
    const describe = await catalog.describe('Profile');
    const closed = { ...catalog, describe: () => Promise.resolve(describe && { ...describe, queryable: false }) };

    const soql = await rejectionOf(planInCatalog(closed, '64.0', { soql: 'SELECT Id FROM Profile' }));
    const object = await rejectionOf(planInCatalog(closed, '64.0', { object: 'Profile' }));

    expect(soql).toMatchObject({ code: 'QUERY_UNSUPPORTED', message: expect.stringContaining('column 16') });
    expect(object).toMatchObject({ code: 'QUERY_UNSUPPORTED' });
  });
});
