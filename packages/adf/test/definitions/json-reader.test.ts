import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { decodeJson, jsonDocument } from '../../src/json/json-document.ts';
import { pathText } from '../../src/json/json-node.ts';
import { JsonFault, readJson } from '../../src/json/json-reader.ts';
import { plainJson } from '../../src/reading/canonical-json.ts';

const value = (text: string): unknown => plainJson(readJson(text).root);

function fault(text: string): string {
  try {
    readJson(text);
  } catch (error) {
    if (error instanceof JsonFault) return `${error.offset}: ${error.message}`;
    throw error;
  }
  throw new Error('it was read');
}

describe('readJson', () => {
  it('reads whatever JSON.parse reads, as that does', () => {
    // Larger integers become bigints.
    const isSafe = (text: string): boolean => !/\d{16}/.test(text);
    const texts = fc
      .json({ maxDepth: 5 })
      .map((text) => JSON.stringify(JSON.parse(text), null, 1))
      .filter(isSafe);
    fc.assert(
      fc.property(texts, (text) => {
        expect(value(text)).toEqual(JSON.parse(text));
      }),
      { seed: inject('seed'), numRuns: 300 },
    );
  });

  it('CFG-01 reads comments and trailing commas, and says where they are', () => {
    const { root, leniencies } = readJson('{ // one\n "a": [1, 2,], /* two */ "b": "//",\n}');

    expect(plainJson(root)).toEqual({ a: [1, 2], b: '//' });
    expect(leniencies.map(({ what }) => what)).toEqual([
      'a comment',
      'a trailing comma',
      'a comment',
      'a trailing comma',
    ]);
  });

  it('keeps integers that no double can hold', () => {
    expect(value('[9007199254740993, 1e3, -0.5]')).toEqual([9007199254740993n, 1000, -0.5]);
  });

  it('keeps a member that is called __proto__', () => {
    expect(Object.keys(value('{"__proto__": 1}') as object)).toEqual(['__proto__']);
  });

  it.each([
    ['', '0: the document ends here, unfinished'],
    ['{"a": }', '6: a value is expected here'],
    ['{"a" 1}', '5: ":" is expected here'],
    ['{a: 1}', '1: the name of a property in double quotes is expected here'],
    ['[1 2]', '3: "," or "]" is expected here'],
    ['[,]', '1: a value is expected here'],
    ['["abc', '1: the text that begins here has no end'],
    ['["a\nb"]', '1: the text that begins here holds a line end, a control character or an escape JSON does not have'],
    ['["\\x"]', '1: the text that begins here holds a line end, a control character or an escape JSON does not have'],
    ['{"a": 1, "a": 2}', '9: "a" is there twice'],
    ['{} {}', '3: nothing may follow the end of the document'],
    ['[01]', '1: a value is expected here'],
    ['[truefalse]', '1: a value is expected here'],
    ['['.repeat(1000), '201: the JSON is nested more than 200 levels deep'],
  ])('says what is wrong with %j and where', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('reads a text of megabytes, and one without an end, at once', () => {
    const long = `"${'a\\"'.repeat(1_000_000)}"`;

    expect(value(long)).toHaveLength(2_000_000);
    expect(fault(long.slice(0, -1))).toMatch(/has no end/);
  });
});

describe('jsonDocument', () => {
  it('says in which line and column a member stands, whatever its case', () => {
    const document = jsonDocument('a.json', '{\n  "Properties": {\n    "items": [ {}, { "x": 1 } ]\n  }\n}');

    expect(document.placeOf(['properties', 'items', 1, 'x'])).toEqual({ line: 3, column: 22 });
    expect(document.placeOf(['properties', 'missing', 'deeper'])).toEqual({ line: 2, column: 3 });
  });
});

describe('decodeJson', () => {
  it.each([
    ['UTF-8 with a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
    ['UTF-16, little end first', [0xff, 0xfe, 0x7b, 0, 0x7d, 0]],
    ['UTF-16, big end first', [0xfe, 0xff, 0, 0x7b, 0, 0x7d]],
  ])('reads %s', (_name, bytes) => {
    expect(decodeJson(Uint8Array.from(bytes))).toBe('{}');
  });

  it('refuses bytes that are no text', () => {
    expect(decodeJson(Uint8Array.of(0x7b, 0xff))).toBeUndefined();
  });
});

describe('pathText', () => {
  it('writes paths as people do', () => {
    expect(pathText(['a', 0, 'b-c', 'd'])).toBe('a[0]["b-c"].d');
  });
});
