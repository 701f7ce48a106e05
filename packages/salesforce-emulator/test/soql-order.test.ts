import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDefaultOrg } from '../src/org/default-org.ts';
import type { Org, QueryOptions } from '../src/org/org.ts';
import { byText, faultOf, NOW_MS, orgOf, rowsOf } from './query-rows.ts';

let org: Org;

beforeAll(() => {
  org = openDefaultOrg({ objects: ['Navaid__c'] });
});

afterAll(() => {
  org[Symbol.dispose]();
});

const OPTIONS: QueryOptions = { includeDeleted: false, api: 'bulk', nowMs: NOW_MS, orderSeed: 1 };
const SOQL = 'SELECT Source_Id__c FROM Navaid__c';

describe('rows without ORDER BY', () => {
  it('come in an order drawn from the seed, the same for the same seed', () => {
    const first = rowsOf(org, SOQL, { orderSeed: 1 }).flat();
    const again = rowsOf(org, SOQL, { orderSeed: 1 }).flat();
    const other = rowsOf(org, SOQL, { orderSeed: 2 }).flat();
    const stored = rowsOf(org, `${SOQL} ORDER BY Id`).flat();

    expect(again).toEqual(first);
    expect(other.toSorted(byText)).toEqual(first.toSorted(byText));
    for (const [left, right] of [
      [first, stored],
      [other, stored],
      [first, other],
    ] as const) {
      const inPlace = left.filter((id, index) => id === right[index]).length;
      expect(inPlace).toBeLessThan(20);
    }
    const rising = first.filter((id, index) => index > 0 && Number(id) > Number(first[index - 1])).length;
    expect(rising / first.length).toBeCloseTo(0.5, 1);
  });

  it('keep their relative order when a condition narrows them', () => {
    const all = rowsOf(org, SOQL).flat();
    const some = rowsOf(org, `${SOQL} WHERE Elevation_Ft__c > 3000`).flat();

    expect(some.length).toBeGreaterThan(100);
    expect(all.filter((id) => some.includes(id))).toEqual(some);
  });
});

describe('a query result', () => {
  it('is paged by offset and limit, again and in any order', () => {
    using result = org.query(SOQL, OPTIONS);
    const all = [...result.rows(0, result.totalRows)];
    const page = (offset: number, limit: number): unknown => [...result.rows(offset, limit)];

    expect(all).toHaveLength(11_008);
    expect(page(9000, 2500)).toEqual(all.slice(9000));
    expect(page(0, 1)).toEqual(all.slice(0, 1));
    expect(page(999, 1002)).toEqual(all.slice(999, 2001));
    expect(page(11_008, 5)).toEqual([]);
    expect(page(5, 0)).toEqual([]);
  });

  it('is read while other queries run and end', () => {
    using result = org.query(SOQL, OPTIONS);
    const widths: number[] = [];
    for (const row of result.rows(0, result.totalRows)) {
      if (widths.push(row.length) % 2500 === 0) rowsOf(org, 'SELECT Id FROM Country__c');
    }

    expect(widths).toHaveLength(11_008);
  });

  it('cannot be read once it is disposed of', () => {
    const result = org.query(SOQL, OPTIONS);
    result[Symbol.dispose]();
    result[Symbol.dispose]();

    expect(() => [...result.rows(0, 1)]).toThrow('has been disposed of');
  });

  it('may be disposed of after its org', () => {
    const small = orgOf({}, [{}]);
    const result = small.query('SELECT Id FROM Thing__c', OPTIONS);
    small[Symbol.dispose]();

    expect(() => result[Symbol.dispose]()).not.toThrow();
  });
});

describe('ORDER BY', () => {
  const rows = [
    { Name: 'x', T__c: 'b', N__c: 10 },
    { Name: 'X', T__c: 'A', N__c: 9 },
    { Name: 'y', T__c: 'É', N__c: null },
    { Name: 'z', T__c: null, N__c: -1.5 },
    { Name: 'w', T__c: 'é', N__c: 100 },
  ];
  let small: Org;

  beforeAll(() => {
    small = orgOf(
      {
        T__c: { type: 'string' },
        N__c: { type: 'double' },
        L__c: { type: 'textarea' },
        M__c: { type: 'multipicklist' },
      },
      rows,
    );
  });

  afterAll(() => {
    small[Symbol.dispose]();
  });

  it.each([
    ['N__c', [null, -1.5, 9, 10, 100]],
    ['N__c ASC NULLS FIRST', [null, -1.5, 9, 10, 100]],
    ['N__c NULLS LAST', [-1.5, 9, 10, 100, null]],
    ['N__c DESC', [null, 100, 10, 9, -1.5]],
    ['N__c DESC NULLS LAST', [100, 10, 9, -1.5, null]],
    ['T__c, N__c', [-1.5, 9, 10, null, 100]],
    ['T__c DESC NULLS LAST, N__c DESC NULLS LAST', [100, null, 10, 9, -1.5]],
    ['Name, N__c DESC', [100, 10, 9, null, -1.5]],
    ['Owner.Name, N__c', [null, -1.5, 9, 10, 100]],
  ])('%s orders text ignoring case, and nulls first unless told otherwise', (order, expected) => {
    expect(rowsOf(small, `SELECT N__c FROM Thing__c ORDER BY ${order}`).flat()).toEqual(expected);
  });

  it('goes before LIMIT and OFFSET', () => {
    expect(rowsOf(small, 'SELECT N__c FROM Thing__c ORDER BY N__c LIMIT 2 OFFSET 1').flat()).toEqual([-1.5, 9]);
    expect(rowsOf(small, 'SELECT N__c FROM Thing__c ORDER BY N__c OFFSET 3').flat()).toEqual([10, 100]);
    expect(rowsOf(small, 'SELECT N__c FROM Thing__c LIMIT 0')).toEqual([]);
  });

  it.each(['L__c', 'M__c'])('refuses %s, which cannot be sorted', (field) => {
    const fault = faultOf(small, `SELECT Id FROM Thing__c ORDER BY ${field}`);

    expect(fault.errorCode).toBe('INVALID_FIELD');
    expect(fault.message).toContain(`field '${field}' can not be sorted in a query call`);
  });

  it('is bounded: an OFFSET beyond 2,000 rows is refused', () => {
    const fault = faultOf(small, 'SELECT Id FROM Thing__c OFFSET 2001');

    expect(fault.errorCode).toBe('NUMBER_OUTSIDE_VALID_RANGE');
    expect(fault.message).toContain('Maximum SOQL offset allowed is 2000');
    expect(rowsOf(small, 'SELECT Id FROM Thing__c OFFSET 2000')).toEqual([]);
  });
});
