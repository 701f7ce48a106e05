import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createOrg } from '../src/org/create-org.ts';
import { columnOf } from './query-rows.ts';

describe('a condition of any shape', () => {
  type Row = { readonly text: string | null; readonly number: number | null };
  interface Condition {
    readonly soql: string;
    readonly holds: (row: Row) => boolean;
  }

  const rows: readonly Row[] = [null, 'a', 'B', 'é', 'É', 'ab'].flatMap((text) =>
    [null, -1, 0, 2.5].map((number) => ({ text, number })),
  );
  const same = (a: string | null, b: string): boolean => a !== null && a.toLowerCase() === b.toLowerCase();
  const words = fc.array(fc.constantFrom('A', 'b', 'é', 'zz'), { minLength: 1, maxLength: 3 });
  const numbers = fc.constantFrom(-1, 0, 2.5, 7);
  const leaf: fc.Arbitrary<Condition> = fc.oneof(
    words.map((list) => ({
      soql: `T__c IN (${list.map((word) => `'${word}'`).join(', ')})`,
      holds: ({ text }: Row) => list.some((word) => same(text, word)),
    })),
    fc
      .constantFrom('A', 'É')
      .map((word) => ({ soql: `T__c != '${word}'`, holds: ({ text }: Row) => !same(text, word) })),
    fc.constant({ soql: 'T__c = null', holds: ({ text }: Row) => text === null }),
    fc.constant({ soql: "T__c LIKE 'A%'", holds: ({ text }: Row) => text?.toLowerCase().startsWith('a') ?? false }),
    numbers.map((bound) => ({
      soql: `N__c >= ${bound}`,
      holds: ({ number }: Row) => number !== null && number >= bound,
    })),
    numbers.map((bound) => ({
      soql: `N__c < ${bound}`,
      holds: ({ number }: Row) => number !== null && number < bound,
    })),
    numbers.map((value) => ({
      soql: `N__c NOT IN (${value}, null)`,
      holds: ({ number }: Row) => number !== null && number !== value,
    })),
  );
  const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
    const several = fc.array(tie('condition'), { minLength: 2, maxLength: 3 });
    return {
      condition: fc.oneof(
        { maxDepth: 4 },
        leaf,
        several.map((terms) => ({
          soql: terms.map(({ soql }) => `(${soql})`).join(' AND '),
          holds: (row: Row) => terms.every(({ holds }) => holds(row)),
        })),
        several.map((terms) => ({
          soql: terms.map(({ soql }) => `(${soql})`).join(' OR '),
          holds: (row: Row) => terms.some(({ holds }) => holds(row)),
        })),
        tie('condition').map(({ soql, holds }) => ({ soql: `NOT (${soql})`, holds: (row: Row) => !holds(row) })),
      ),
    };
  });

  it('holds for the rows that two-valued logic says', () => {
    using table = createOrg({
      objects: { Thing__c: { fields: { T__c: { type: 'string' }, N__c: { type: 'double' } } } },
      rows: {
        Thing__c: rows.map(({ text, number }, index) => ({
          Name: String(index).padStart(3, '0'),
          T__c: text,
          N__c: number,
        })),
      },
    });

    fc.assert(
      fc.property(condition, ({ soql, holds }) => {
        const expected = rows.flatMap((row, index) => (holds(row) ? [String(index).padStart(3, '0')] : []));
        expect(columnOf(table, `SELECT Name FROM Thing__c WHERE ${soql}`)).toEqual(expected);
      }),
      { seed: 5, numRuns: 300 },
    );
  });
});
