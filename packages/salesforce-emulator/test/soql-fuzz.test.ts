import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { openDefaultOrg } from '../src/org/default-org.ts';
import { SoqlFault } from '../src/org/org.ts';
import { NOW_MS } from './query-rows.ts';

const FRAGMENTS = [
  'SELECT',
  'FROM',
  'WHERE',
  'GROUP BY',
  'HAVING',
  'ORDER BY',
  'LIMIT 3',
  'OFFSET 1',
  'NULLS LAST',
  'DESC',
  'AND',
  'OR',
  'NOT',
  'IN',
  'LIKE',
  'INCLUDES',
  '(',
  ')',
  ',',
  '.',
  '=',
  '!=',
  '>=',
  'null',
  'true',
  "'x%'",
  "'001Hs00003AcmeAIAR'",
  '42',
  '-1.5e3',
  '2026-01-01',
  '2026-01-01T00:00:00Z',
  'TODAY',
  'LAST_N_DAYS:3',
  'Id',
  'Name',
  'Amount',
  'CloseDate',
  'Account.Name',
  'Owner.Type',
  'Languages__c',
  'BillingAddress',
  'COUNT(',
  'SUM(Amount)',
  'MAX(CloseDate)',
  'toLabel(StageName)',
  'FORMAT(Amount)',
  'CALENDAR_YEAR(CloseDate)',
  'FIELDS(ALL)',
  'Opportunity',
  'Contact',
  'Account a',
  'TYPEOF',
  '(SELECT AccountId FROM Opportunity)',
];

const STATEMENTS = [
  'SELECT Id , Name , Account.Name FROM Opportunity WHERE Amount >= 42 AND CloseDate = TODAY ORDER BY Name LIMIT 3',
  "SELECT Name , BillingAddress FROM Account a WHERE Id IN (SELECT AccountId FROM Opportunity) OR Name LIKE 'x%'",
  'SELECT StageName , COUNT( Id ) FROM Opportunity WHERE Amount != null GROUP BY StageName HAVING SUM(Amount) >= 42',
  "SELECT Name FROM Contact WHERE Languages__c INCLUDES ( 'x%' , 'y' ) AND ( NOT Owner.Type = 'User' )",
];

/** A statement with a few of its words replaced, removed or joined by others. */
const mutated = fc
  .tuple(
    fc.constantFrom(...STATEMENTS),
    fc.array(fc.tuple(fc.nat(40), fc.nat(2), fc.constantFrom(...FRAGMENTS)), { maxLength: 3 }),
  )
  .map(([statement, changes]) => {
    const words = statement.split(' ');
    for (const [place, removed, fragment] of changes) words.splice(place % words.length, removed, fragment);
    return words.join(' ');
  });

describe('any statement', () => {
  it('is answered with rows or with a fault that has a code, and nothing else', () => {
    using org = openDefaultOrg({ objects: ['Opportunity', 'Contact', 'Attachment'] });
    const answers = { rows: 0, faults: 0 };

    fc.assert(
      fc.property(mutated, fc.constantFrom('rest' as const, 'bulk' as const), (soql, api) => {
        try {
          using result = org.query(soql, { includeDeleted: false, api, nowMs: NOW_MS, orderSeed: 4 });
          const rows = [...result.rows(0, result.totalRows)];
          const identities = [...result.identities(0, result.totalRows)];
          expect(rows).toHaveLength(result.totalRows);
          expect(identities).toHaveLength(result.isAggregate ? 0 : rows.length);
          expect(rows.every((row) => row.length === result.columns.length)).toBe(true);
          answers.rows += 1;
        } catch (error) {
          if (!(error instanceof SoqlFault)) throw error;
          answers.faults += 1;
        }
      }),
      { seed: 17, numRuns: 3000 },
    );

    expect(answers.rows).toBeGreaterThan(300);
    expect(answers.faults).toBeGreaterThan(300);
  });
});
