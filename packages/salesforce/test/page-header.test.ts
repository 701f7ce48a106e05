import { describe, expect, it } from 'vitest';

import { matchColumns, parseHeaderRow } from '../src/bulk-query/page-header.ts';
import { thrownBy } from './thrown.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('the first row of a page', () => {
  it.each([
    ['"Id","Owner.Name"\n"001"', ['Id', 'Owner.Name'], 18],
    ['Id,Name\r\n', ['Id', 'Name'], 9],
    ['\uFEFF"Id"\n', ['Id'], 8],
    ['"a,b","c""d","e\nf"\n', ['a,b', 'c"d', 'e\nf'], 19],
    ['"Id",\n', ['Id', ''], 6],
  ])('of %j is read', (text, cells, byteLength) => {
    expect(parseHeaderRow(bytesOf(text), false)).toEqual({ cells, byteLength });
  });

  it('is the same at every split point', () => {
    const bytes = bytesOf('"Id","a\nb","Größe"\r\n"001","x","y"\n');
    const whole = parseHeaderRow(bytes, true);

    for (let end = 0; end < bytes.length; end += 1) {
      const part = parseHeaderRow(bytes.subarray(0, end), false);
      expect(part).toEqual(end < (whole?.byteLength ?? 0) ? undefined : whole);
    }
  });

  it('may lack its line end when nothing follows', () => {
    expect(parseHeaderRow(bytesOf('"Id","Name"'), true)).toEqual({ cells: ['Id', 'Name'], byteLength: 11 });
    expect(parseHeaderRow(bytesOf('"Id","Na'), true)).toBeUndefined();
    expect(parseHeaderRow(bytesOf(''), true)).toBeUndefined();
  });

  it('that does not end is refused', () => {
    const endless = new Uint8Array(5 * 1024 * 1024).fill(0x61);

    expect(thrownBy(() => parseHeaderRow(endless, false))).toMatchObject({ code: 'RESPONSE_INVALID' });
  });
});

describe('the columns of a page', () => {
  it('are found by name in any order and case', () => {
    expect(matchColumns(0, ['Id', 'Name', 'Owner.Name'], ['OWNER.NAME', 'id', 'Name'])).toEqual([2, 0, 1]);
  });

  it("RW-14: are found with and without the org's namespace", () => {
    expect(
      matchColumns(0, ['Id', 'Code__c', 'Region__r.Code__c'], ['Id', 'acme__Code__c', 'acme__Region__r.acme__Code__c']),
    ).toEqual([0, 1, 2]);
    expect(matchColumns(0, ['acme__Code__c'], ['Code__c'])).toEqual([0]);
  });

  it('of two namespaces are not mistaken for each other', () => {
    expect(matchColumns(0, ['a__X__c', 'b__X__c'], ['b__X__c', 'a__X__c'])).toEqual([1, 0]);
    expect(thrownBy(() => matchColumns(0, ['a__X__c', 'b__X__c'], ['X__c', 'a__X__c']))).toMatchObject({
      code: 'SCHEMA_CHANGED',
    });
  });

  it.each([
    [['Id'], 'missing: Name'],
    [['Id', 'Name', 'More'], '3 columns instead of 2'],
    [['Id', 'Id'], 'missing: Name'],
    [['001Hs00003AcmeAIAR', 'Acme Ltd'], 'missing: Id, Name'],
  ])('%j are another schema, and nothing of the page is quoted', (cells, words) => {
    const error = thrownBy(() => matchColumns(3, ['Id', 'Name'], cells));

    expect(error).toMatchObject({ code: 'SCHEMA_CHANGED', message: expect.stringContaining(words) });
    expect(error).not.toMatchObject({ message: expect.stringContaining('Acme') });
  });
});
