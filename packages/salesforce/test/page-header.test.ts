import { describe, expect, it } from 'vitest';

import { matchColumns } from '../src/bulk-query/page-header.ts';
import { thrownBy } from './thrown.ts';

const page = 'read result page 3';

describe('the columns of a page', () => {
  it('are found by name in any order and case', () => {
    expect(matchColumns(page, ['Id', 'Name', 'Owner.Name'], ['OWNER.NAME', 'id', 'Name'])).toEqual([2, 0, 1]);
  });

  it("RW-14: are found with and without the org's namespace", () => {
    expect(
      matchColumns(
        page,
        ['Id', 'Code__c', 'Region__r.Code__c'],
        ['Id', 'acme__Code__c', 'acme__Region__r.acme__Code__c'],
      ),
    ).toEqual([0, 1, 2]);
    expect(matchColumns(page, ['acme__Code__c'], ['Code__c'])).toEqual([0]);
  });

  it('of two namespaces are not mistaken for each other', () => {
    expect(matchColumns(page, ['a__X__c', 'b__X__c'], ['b__X__c', 'a__X__c'])).toEqual([1, 0]);
    expect(thrownBy(() => matchColumns(page, ['a__X__c', 'b__X__c'], ['X__c', 'a__X__c']))).toMatchObject({
      code: 'SCHEMA_CHANGED',
    });
  });

  it.each([
    [['Id'], 'missing: Name'],
    [['Id', 'Name', 'More'], '3 columns instead of 2'],
    [['Id', 'Id'], 'missing: Name'],
    [['001Hs00003AcmeAIAR', 'Acme Ltd'], 'missing: Id, Name'],
  ])('%j are another schema, and nothing of the page is quoted', (cells, words) => {
    const error = thrownBy(() => matchColumns(page, ['Id', 'Name'], cells));

    expect(error).toMatchObject({ code: 'SCHEMA_CHANGED', message: expect.stringContaining(words) });
    expect(error).not.toMatchObject({ message: expect.stringContaining('Acme') });
  });
});
