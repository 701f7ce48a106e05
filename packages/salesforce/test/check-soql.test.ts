import { describe, expect, it } from 'vitest';

import { checkSoql } from '../src/soql/check-soql.ts';

const lenient = { apiVersion: '60.0', strict: false };

describe('checkSoql', () => {
  it('finds nothing wrong with a query that an org may answer', () => {
    expect(checkSoql('SELECT Id, Owner.Name FROM Account ORDER BY Id LIMIT 5', lenient)).toBeUndefined();
  });

  it('names every construct that query jobs refuse, with its place', () => {
    const error = checkSoql('SELECT COUNT(Id) FROM Account GROUP BY Name', lenient);

    expect(error).toMatchObject({ code: 'QUERY_UNSUPPORTED' });
    expect(error?.message).toMatch(/line 1, column 8: .*aggregate.*column 31: .*GROUP BY/);
  });

  it('refuses what Data Factory refuses where that is asked for', () => {
    expect(checkSoql('SELECT Id FROM Account LIMIT 5', { ...lenient, strict: true })).toMatchObject({
      code: 'QUERY_UNSUPPORTED',
    });
  });

  it('says where the grammar ends', () => {
    expect(checkSoql('SELECT Id, FROM Account', lenient)).toMatchObject({ code: 'QUERY_INVALID' });
  });
});
