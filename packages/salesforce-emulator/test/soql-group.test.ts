import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createOrg } from '../src/org/create-org.ts';
import type { Org } from '../src/org/org.ts';
import { countOf, faultOf, headersOf, NOW_MS, rowsOf } from './query-rows.ts';

let org: Org;

beforeAll(() => {
  org = createOrg({
    objects: {
      Thing__c: {
        fields: {
          Kind__c: { type: 'picklist', picklistValues: ['a', 'b'] },
          N__c: { type: 'double' },
          I__c: { type: 'int' },
          L__c: { type: 'long' },
          D__c: { type: 'date' },
          Flag__c: { type: 'boolean' },
          Long_Text__c: { type: 'textarea' },
          Blob__c: { type: 'base64' },
        },
      },
    },
    rows: {
      Thing__c: [
        { Kind__c: 'a', N__c: 1.5, I__c: 1, L__c: 9_007_199_254_740_993n, D__c: '2025-01-31' },
        { Kind__c: 'A', N__c: 2, I__c: 2, L__c: 1n, D__c: '2026-01-01' },
        { Kind__c: 'b', N__c: null, I__c: 5, D__c: '2026-06-30' },
        { Kind__c: null, N__c: 4, I__c: 7 },
        { Kind__c: 'b', N__c: 9, IsDeleted: true },
      ],
    },
  });
});

afterAll(() => {
  org[Symbol.dispose]();
});

describe('a grouped query', () => {
  it('counts, adds up and compares, leaving nulls out', () => {
    const soql =
      'SELECT COUNT(Id), COUNT(N__c), COUNT_DISTINCT(Kind__c), SUM(N__c), AVG(N__c), MIN(D__c), MAX(I__c) top FROM Thing__c';

    expect(headersOf(org, soql)).toEqual(['expr0', 'expr1', 'expr2', 'expr3', 'expr4', 'expr5', 'top']);
    expect(rowsOf(org, soql)).toEqual([[4, 3, 2, 7.5, 2.5, '2025-01-31', 7]]);
  });

  it('groups text ignoring case, with one row for null', () => {
    const soql = 'SELECT Kind__c, COUNT(Id) n, SUM(N__c) FROM Thing__c GROUP BY Kind__c ORDER BY Kind__c';
    const rows = rowsOf(org, soql).map((row) =>
      row.map((cell) => (typeof cell === 'string' ? cell.toLowerCase() : cell)),
    );

    expect(headersOf(org, soql)).toEqual(['Kind__c', 'n', 'expr0']);
    expect(rows).toEqual([
      [null, 1, 4],
      ['a', 2, 3.5],
      ['b', 1, null],
    ]);
  });

  it('groups by parts of dates and by parents', () => {
    expect(
      rowsOf(
        org,
        'SELECT CALENDAR_YEAR(D__c) y, COUNT(Id) FROM Thing__c WHERE D__c != null GROUP BY CALENDAR_YEAR(D__c) ORDER BY CALENDAR_YEAR(D__c) DESC',
      ),
    ).toEqual([
      [2026, 2],
      [2025, 1],
    ]);
    expect(rowsOf(org, 'SELECT Owner.Name, COUNT(Id) FROM Thing__c GROUP BY Owner.Name')).toEqual([['Dana Ito', 4]]);
  });

  it('keeps the groups that HAVING says', () => {
    expect(
      rowsOf(
        org,
        'SELECT Kind__c FROM Thing__c GROUP BY Kind__c HAVING COUNT(Id) > 1 OR MAX(I__c) = 7 ORDER BY MAX(I__c)',
      ).map(([kind]) => (typeof kind === 'string' ? kind.toLowerCase() : kind)),
    ).toEqual(['a', null]);
  });

  it('says that its rows are no records', () => {
    using result = org.query('SELECT COUNT(Id) FROM Thing__c', {
      includeDeleted: true,
      api: 'rest',
      nowMs: NOW_MS,
      orderSeed: 1,
    });

    expect(result).toMatchObject({ isAggregate: true, totalRows: 1, relationships: [] });
    expect([...result.rows(0, 1)]).toEqual([[5]]);
    expect([...result.identities(0, 1)]).toEqual([]);
  });

  it('has one row for no rows, and none when it groups', () => {
    expect(rowsOf(org, 'SELECT COUNT(Id), SUM(N__c) FROM Thing__c WHERE I__c = 99')).toEqual([[0, null]]);
    expect(rowsOf(org, 'SELECT Kind__c, COUNT(Id) FROM Thing__c WHERE I__c = 99 GROUP BY Kind__c')).toEqual([]);
    expect(countOf(org, 'SELECT COUNT() FROM Thing__c WHERE I__c = 99')).toBe(0);
  });

  it('keeps 64-bit integers whole', () => {
    expect(rowsOf(org, 'SELECT MAX(L__c), COUNT(L__c) FROM Thing__c')).toEqual([[9_007_199_254_740_993n, 2]]);
  });

  it('formats an aggregate', () => {
    expect(rowsOf(org, 'SELECT FORMAT(SUM(N__c)) total FROM Thing__c')).toEqual([['7.50']]);
  });

  it.each([
    ['SELECT Name, COUNT(Id) FROM Thing__c', 'Field must be grouped or aggregated: Name'],
    ['SELECT Name FROM Thing__c GROUP BY Kind__c', 'Field must be grouped or aggregated: Name'],
    ['SELECT Kind__c FROM Thing__c GROUP BY Kind__c HAVING I__c > 1', 'Field must be grouped or aggregated: I__c'],
    [
      'SELECT Kind__c FROM Thing__c GROUP BY Kind__c ORDER BY I__c',
      'Ordered field must be grouped or aggregated: I__c',
    ],
    ['SELECT N__c FROM Thing__c GROUP BY N__c', "field 'N__c' can not be grouped in a query call"],
    [
      'SELECT Long_Text__c FROM Thing__c GROUP BY Long_Text__c',
      "field 'Long_Text__c' can not be grouped in a query call",
    ],
    ['SELECT SUM(Kind__c) FROM Thing__c', 'field Kind__c does not support aggregate operator SUM'],
    ['SELECT MAX(Flag__c) FROM Thing__c', 'field Flag__c does not support aggregate operator MAX'],
    ['SELECT COUNT(Blob__c) FROM Thing__c', 'field Blob__c does not support aggregate operator COUNT'],
    ['SELECT SUM(N__c, I__c) FROM Thing__c', 'SUM takes one field'],
    ['SELECT COUNT(Id) n, SUM(N__c) N FROM Thing__c', 'duplicate field selected: N'],
    [
      'SELECT Kind__c FROM Thing__c GROUP BY ROLLUP(Kind__c)',
      'GROUP BY ROLLUP and GROUP BY CUBE are not supported by this emulator',
    ],
  ])('refuses %s', (soql, message) => {
    expect(faultOf(org, soql).message.split('\n').at(-1)).toBe(message);
  });
});
