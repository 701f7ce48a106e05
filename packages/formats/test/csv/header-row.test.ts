import { describe, expect, it } from 'vitest';

import { parseHeaderRow } from '../../src/csv/csv.ts';
import { bytesOf } from './decoded-rows.ts';

describe('the header row', () => {
  it.each([
    ['"Id","Owner.Name"\n"001"', ['Id', 'Owner.Name'], 18],
    ['Id,Name\r\n', ['Id', 'Name'], 9],
    ['\uFEFF"Id"\n', ['Id'], 8],
    ['"a,b","c""d","e\nf"\n', ['a,b', 'c"d', 'e\nf'], 19],
    ['"Id",\n', ['Id', ''], 6],
    ['a,\uFEFFb\n', ['a', '\uFEFFb'], 7],
  ])('of %j is read', (text, cells, byteLength) => {
    expect(parseHeaderRow(bytesOf(text), false)).toEqual({ cells, byteLength });
  });

  it('is read in another dialect', () => {
    const header = parseHeaderRow(bytesOf("'a;''b';c,d\n"), false, { delimiter: ';', quote: "'" });

    expect(header).toEqual({ cells: ["a;'b", 'c,d'], byteLength: 12 });
  });

  it('is the same at every split point', () => {
    const bytes = bytesOf('"Id","a\nb","Größe"\r\n"001","x","y"\n');
    const whole = parseHeaderRow(bytes, true);

    for (let end = 0; end < bytes.length; end++) {
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

    expect(() => parseHeaderRow(endless, false)).toThrow(expect.objectContaining({ code: 'ROW_MALFORMED' }));
  });
});
