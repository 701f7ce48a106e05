import { secret, SluiceError } from '@sluice/core';
import { parseOptions } from '@sluice/core/options';
import { jsonReply, SoqlFault, startEmulator, type Emulator } from '@sluice/salesforce-emulator';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';

import { discoverObjects } from '../src/org/discover-objects.ts';
import { createOrgClient, type OrgClient } from '../src/org/org-client.ts';
import { orgOptions } from '../src/org/org-options.ts';
import { orgCatalog, type OrgCatalog } from '../src/schema/org-catalog.ts';
import { planInCatalog, planQuery } from '../src/soql/plan-query.ts';
import type { QueryPlan } from '../src/soql/query-plan.ts';
import { testRun } from './run-context.ts';
import { rejectionOf } from './thrown.ts';

let emulator: Emulator;
let client: OrgClient;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});
beforeEach(async () => {
  client = createOrgClient(
    parseOptions('org', orgOptions, {
      environmentUrl: emulator.url,
      clientId: emulator.clientId,
      clientSecret: secret.value(emulator.clientSecret),
      apiVersion: '64.0',
      proxy: false,
    }),
  );
  return async () => await client[Symbol.asyncDispose]();
});

/** What the org itself heads the columns of a query job with. */
function headersInOrg({ soql, operation }: Pick<QueryPlan, 'soql' | 'operation'>): readonly string[] {
  const options = { includeDeleted: operation === 'queryAll', api: 'bulk', nowMs: 0, orderSeed: 1 } as const;
  using result = emulator.org.query(soql, options);
  return result.columns.map(({ header }) => header);
}

const headers = ({ columns }: QueryPlan): readonly string[] => columns.map(({ header }) => header);

describe('planning over HTTP', () => {
  it.each([
    'SELECT Id, name, ACCOUNT.Name, Account.Parent.Owner.Name, Owner.Name, Owner.Type FROM Opportunity',
    'SELECT toLabel(StageName), FORMAT(Amount) Shown, convertCurrency(Amount) FROM Opportunity',
    'SELECT What.Name, Who.Name, Who.Type, CreatedBy.Manager.Email FROM Task WHERE What.Name != null ORDER BY Who.Name',
    "SELECT c.Id, a.Name FROM Contact c, c.Account a WHERE a.BillingCity LIKE 'B%'",
    'SELECT FIELDS(STANDARD), Languages__c FROM Contact',
    'SELECT fields(all) FROM Account LIMIT 200',
    "SELECT Contact.Id FROM Contact WHERE AccountId IN (SELECT Id FROM Account WHERE Industry = 'Energy')",
  ])('expects the columns that the org gives: %s', async (soql) => {
    const plan = await planQuery(client, { soql }, testRun().ctx);

    expect(headers(plan)).toEqual(headersInOrg(plan));
  });

  it('reads any object of the org as a whole, with the columns that the org gives', async () => {
    const { ctx } = testRun();
    const found = await Array.fromAsync(discoverObjects(client, ctx));

    expect(found.length).toBeGreaterThan(8);
    for (const { name } of found) {
      const plan = await planQuery(client, { object: name, includeDeletedObjects: true }, ctx);
      expect(headers(plan)).toEqual(headersInOrg(plan));
      expect(plan.schema.fields[0]).toMatchObject({ name: 'Id', nullable: false });
      expect(plan.schema.fields.filter(({ nullable }) => !nullable)).toHaveLength(1);
    }
  });

  it('discovers what can be read, and nothing else', async () => {
    const names = (await Array.fromAsync(discoverObjects(client, testRun().ctx))).map(({ name }) => name);

    expect(names).toContain('Account');
    expect(names).toContain('Runway__c');
    expect(names).not.toContain('Name');
    expect(names).not.toContain('Attachment');
  });

  it('asks for each object once, starts no job, and asks again after a minute', async () => {
    const run = testRun();
    const soql = 'SELECT Id, Account.Name, account.industry, Account.Owner.Name, Account.Parent.Name FROM Opportunity';
    const before = emulator.requests.all.length;
    const paths = () => emulator.requests.all.slice(before).map(({ path }) => path);

    await planQuery(client, { soql }, run.ctx);
    const first = paths();
    await planQuery(client, { soql }, run.ctx);
    const second = paths().slice(first.length);
    await run.clock.sleep(60_000, run.ctx.signal);
    await planQuery(client, { soql }, run.ctx);
    const third = paths().slice(first.length + second.length);

    const described = ['Account', 'Name', 'Opportunity'].map(
      (name) => `/services/data/v64.0/sobjects/${name}/describe`,
    );
    expect(first.filter((path) => path.endsWith('/describe')).toSorted()).toEqual(described);
    expect(first.some((path) => path.includes('/jobs/'))).toBe(false);
    expect(second).toEqual([]);
    expect(third.toSorted()).toEqual(described);
  });

  it('RW-05: a hidden field is unknown, and the user is named', async () => {
    const error = await rejectionOf(planQuery(client, { soql: 'SELECT Credit_Score__c FROM Account' }, testRun().ctx));

    expect(error).toMatchObject({ code: 'FIELD_UNKNOWN', message: expect.stringMatching(/hidden from \S+@\S+/) });
  });

  it('asks for the namespace of the org only for a custom name that is not found', async () => {
    const asked = () => emulator.requests.all.filter(({ query }) => query.get('q')?.includes('NamespacePrefix')).length;
    const before = asked();

    await planQuery(client, { soql: 'SELECT ERP_Id__c FROM Account' }, testRun().ctx);
    await rejectionOf(planQuery(client, { soql: 'SELECT ERP_Nope FROM Account' }, testRun().ctx));
    expect(asked()).toBe(before);

    const unknown = planQuery(client, { soql: 'SELECT ERP_Nope__c, Other__c FROM Account' }, testRun().ctx);
    await expect(unknown).rejects.toMatchObject({ code: 'FIELD_UNKNOWN' });
    expect(asked()).toBe(before + 1);
  });

  it('makes no plan of a describe that is none', async () => {
    const answer = { name: 'Lead', fields: [{ name: 'Id' }] };
    const path = '/services/data/v64.0/sobjects/Lead/describe';
    using fault = emulator.faults.add({ match: { path }, action: { before: () => jsonReply(answer) } });

    const error = await rejectionOf(planQuery(client, { object: 'Lead' }, testRun().ctx));

    expect(error).toMatchObject({ code: 'RESPONSE_INVALID', message: expect.stringContaining('fields.0.type') });
    expect(fault.hits).toBe(1);
  });

  it('tells an unknown object by the list of all', async () => {
    const error = await rejectionOf(planQuery(client, { object: 'Opportunty' }, testRun().ctx));

    expect(error).toMatchObject({
      code: 'OBJECT_UNKNOWN',
      message: expect.stringContaining('(nearest: Opportunity)'),
    });
  });
});

/** Pieces of queries on the emulated org, right and wrong. */
const PIECES =
  `SELECT FROM WHERE AND OR NOT IN LIKE = != >= ( ) , . null true 42 -1.5e3 2026-01-01 2026-01-01T00:00:00Z TODAY
  LAST_N_DAYS:3 'x%' '001Hs00003AcmeAIAR' Id Name Amount CloseDate Account.Name Owner.Type Languages__c BillingAddress
  COUNT( SUM(Amount) toLabel(StageName) FORMAT(Amount) CALENDAR_YEAR(CloseDate) FIELDS(ALL) FIELDS(STANDARD) Opportunity
  Contact Account a TYPEOF WHEN GROUP BY HAVING ORDER DESC NULLS LAST LIMIT OFFSET : * ; " __x é`.split(/\s+/);

const name = fc.constantFrom(
  ...`Id name CloseDate Amount StageName Account.Name Account.Parent.Name Owner.Name Owner.Nope Nope FIELDS(STANDARD)
  toLabel(StageName) FORMAT(Amount) convertCurrency(Amount) COUNT(Id) Account.BillingAddress`.split(/\s+/),
);
const condition = fc.constantFrom(
  "Name LIKE 'x%'",
  'Amount > 5',
  "Amount = '5'",
  'CloseDate = TODAY',
  'CloseDate > 2026-01-01T00:00:00Z',
  'Owner.Name != null',
  'AccountId IN (SELECT Id FROM Account)',
  'Nope = 1',
  'Account.Description = null',
  "(StageName IN ('a', 'b') OR IsWon = true)",
);
const likelyQuery = fc
  .record({
    select: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
    conditions: fc.array(condition, { maxLength: 3 }),
    rest: fc.constantFrom(
      '',
      'ORDER BY Name',
      'LIMIT 5',
      'ORDER BY CloseDate DESC NULLS LAST LIMIT 1',
      'OFFSET 1',
      'GROUP BY Name',
    ),
  })
  .map(({ select, conditions, rest }) => {
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    return `SELECT ${select.join(', ')} FROM Opportunity ${where} ${rest}`;
  });

const problemDetails = z.object({
  problems: z.array(z.object({ code: z.string(), line: z.int(), column: z.int() })).min(1),
});

/** Throws whatever is not a refusal with a code, and with places that lie in the text. */
async function headersOrRefusal(catalog: OrgCatalog, soql: string): Promise<readonly string[] | 'refused'> {
  try {
    const plan = await planInCatalog(catalog, '64.0', { soql });
    return headers(plan);
  } catch (error) {
    if (!SluiceError.is(error)) throw error;
    const lines = soql.split(/\r\n|\r|\n/);
    for (const { code, line, column } of problemDetails.parse(error.details).problems) {
      const isWithin = column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
      if (!isWithin || !REFUSALS.has(code)) throw new Error(`${code} at ${line}:${column}`, { cause: error });
    }
    return 'refused';
  }
}

const REFUSALS = new Set(['QUERY_INVALID', 'QUERY_UNSUPPORTED', 'OBJECT_UNKNOWN', 'FIELD_UNKNOWN']);

function headersOrRefusalInOrg(soql: string): readonly string[] | 'refused' {
  try {
    return headersInOrg({ soql, operation: 'query' });
  } catch (error) {
    if (error instanceof SoqlFault) return 'refused';
    throw error;
  }
}

describe('any text', () => {
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(' ')),
    fc
      .array(fc.constantFrom(...PIECES), { maxLength: 12 })
      .map((pieces) => `SELECT Id FROM Account WHERE ${pieces.join(' ')}`),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'binary', maxLength: 30 }).map((text) => `SELECT ${text} FROM Account WHERE Name = '${text}'`),
    likelyQuery,
  );

  it('is planned where the org takes it, and else refused with a code and places in the text', async () => {
    const catalog = orgCatalog(client, testRun().ctx);
    const ends = { planned: 0, refused: 0 };

    await fc.assert(
      fc.asyncProperty(texts, async (soql) => {
        const mine = await headersOrRefusal(catalog, soql);
        ends[mine === 'refused' ? 'refused' : 'planned'] += 1;

        expect(mine).toEqual(headersOrRefusalInOrg(soql));
      }),
      { seed: 20_260_302, numRuns: 3000 },
    );

    expect(ends.planned).toBeGreaterThan(50);
    expect(ends.refused).toBeGreaterThan(1000);
  });
});
