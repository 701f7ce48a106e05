import { describe, expect, it } from 'vitest';

import { planInCatalog } from '../src/soql/plan-query.ts';
import { salesCatalog } from './memory-catalog.ts';
import { rejectionOf } from './thrown.ts';

async function problemsOf(where: string, object = 'Opportunity'): Promise<unknown> {
  return await rejectionOf(planInCatalog(salesCatalog(), '64.0', { soql: `SELECT Id FROM ${object} ${where}` }));
}

describe('names outside of SELECT', () => {
  it.each([
    'WHERE Amuont > 1',
    'WHERE (IsClosed = true AND (NOT Amuont > 1))',
    'WHERE Account.Amuont = null',
    'WHERE CALENDAR_YEAR(Amuont) = 2020',
    'WHERE AccountId IN (SELECT Amuont FROM Contact)',
    'WHERE AccountId IN (SELECT AccountId FROM Contact WHERE Amuont = 1)',
    'ORDER BY Amuont',
    'ORDER BY Account.Amuont DESC',
  ])('are looked up too: %s', async (where) => {
    expect(await problemsOf(where)).toMatchObject({
      code: 'FIELD_UNKNOWN',
      message: expect.stringContaining('the field Amuont of'),
    });
  });

  it.each([
    ['WHERE Description = null', 'does not filter by Description (textarea)'],
    ['WHERE BillingAddress = null', 'does not filter by BillingAddress (address)'],
    ['WHERE Parent.Description LIKE null', 'does not filter by Parent.Description'],
    ['ORDER BY Description', 'does not sort by Description (textarea)'],
  ])('%s: %s', async (where, message) => {
    expect(await problemsOf(where, 'Account')).toMatchObject({
      code: 'QUERY_UNSUPPORTED',
      message: expect.stringContaining(message),
    });
  });

  it('places are compared by distance, which filterable does not speak of', async () => {
    const distance = "DISTANCE(Place__c, GEOLOCATION(1.5, -2), 'mi')";
    const soql = `SELECT Id FROM Account WHERE ${distance} < 20 ORDER BY ${distance}`;

    await expect(planInCatalog(salesCatalog(), '64.0', { soql })).resolves.toMatchObject({ isOrdered: true });
  });
});

describe('values a field is compared with', () => {
  it.each([
    ["CloseDate > '2020-01-01'", 'CloseDate is of type date and is compared with a text in quotes'],
    ['CloseDate > 2020-01-01T00:00:00Z', 'CloseDate is of type date and is compared with a date-time'],
    ['Account.CreatedDate > 2020-01-01', 'Account.CreatedDate is of type datetime and is compared with a date'],
    ["IsClosed = 'true'", 'IsClosed is of type boolean and is compared with a text in quotes'],
    ["Amount IN (1, '2')", 'Amount is of type currency and is compared with a text in quotes'],
    ['Items__c = TODAY', 'Items__c is of type int and is compared with a relative date'],
    ['Daily__c = 2020-01-01', 'Daily__c is of type time and is compared with a date'],
  ])('%s is refused', async (condition, message) => {
    expect(await problemsOf(`WHERE ${condition}`)).toMatchObject({
      code: 'QUERY_INVALID',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    'CloseDate > 2020-01-01 AND CloseDate < LAST_N_DAYS:3 AND CloseDate != null',
    'Account.CreatedDate > 2020-01-01T00:00:00Z AND Account.CreatedDate = YESTERDAY',
    'IsClosed = TRUE AND Amount > USD100 AND Amount < 5.5e3 AND Daily__c = 10:00:00.000Z',
    "Name LIKE 'x%' AND StageName IN ('a', null) AND Tags__c INCLUDES ('a;b') AND Items__c != -1",
  ])('%s is not', async (condition) => {
    const soql = `SELECT Id FROM Opportunity WHERE ${condition}`;

    await expect(planInCatalog(salesCatalog(), '64.0', { soql })).resolves.toMatchObject({ soql });
  });
});

describe('RW-12: relative dates', () => {
  it.each([
    ['WHERE CloseDate = TODAY', 1],
    ['WHERE AccountId IN (SELECT AccountId FROM Contact WHERE Account.CreatedDate = LAST_N_DAYS:3)', 1],
    ['WHERE CloseDate = 2020-01-01', 0],
    ["WHERE Name = 'TODAY'", 0],
  ])('%s comes with %d notes', async (where, notes) => {
    const plan = await planInCatalog(salesCatalog(), '64.0', { soql: `SELECT Id FROM Opportunity ${where}` });

    const found = plan.notes.filter(({ code }) => code === 'RELATIVE_DATES');
    expect(found).toHaveLength(notes);
    for (const { message } of found) expect(message).toContain('the time zone of ada@example.com');
  });
});
