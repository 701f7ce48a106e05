import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { editJson } from '../../src/json/json-edit.ts';
import { concealedJson } from '../../src/legacy/concealed-json.ts';
import { jsonChanges } from '../../src/legacy/json-changes.ts';
import type { JsonRecord } from '../../src/reading/canonical-json.ts';

describe('an edit of JSON', () => {
  it.each([
    ['replaces a value', '{ "a": [1, {"b": 2}], "c": 3 }', ['a', 1, 'b'], 'x', '{ "a": [1, {"b": "x"}], "c": 3 }'],
    ['finds names in another case', '{"TYPE": "a"}', ['type'], 'b', '{"TYPE": "b"}'],
    [
      'adds a member on a line of its own',
      '{\n\t"a": 1,\n}',
      ['b'],
      { c: 1 },
      '{\n\t"a": 1,\n\t"b": {\n\t\t"c": 1\n\t},\n}',
    ],
    ['adds a member in the same line', '{"a": 1}', ['b'], null, '{"a": 1, "b": null}'],
    ['adds a member to nothing', '{\n  "a": {} }', ['a', 'b'], 1, '{\n  "a": {\n    "b": 1\n  } }'],
    ['keeps line ends', '{\r\n  "a": 1\r\n}', ['b'], 2, '{\r\n  "a": 1,\r\n  "b": 2\r\n}'],
    ['removes the first member', '{ "a": "}\\"", "b": 2 }', ['a'], undefined, '{ "b": 2 }'],
    ['removes the last member', '{ "a": 1, /* } */ "b": [2] }', ['b'], undefined, '{ "a": 1 }'],
    ['removes the only member', '{"a": 1}', ['a'], undefined, '{}'],
    ['removes nothing where there is nothing', '{"a": 1}', ['b'], undefined, '{"a": 1}'],
    [
      'leaves comments and numbers alone',
      '{ // one\n "n": 1.50, "a": 1 /* two */ }',
      ['a'],
      2,
      '{ // one\n "n": 1.50, "a": 2 /* two */ }',
    ],
  ])('%s', (_what, text, path, value, edited) => {
    expect(editJson(text, [{ path, value }])).toBe(edited);
  });

  it('refuses a path that leads to no object', () => {
    expect(() => editJson('{"a": [1]}', [{ path: ['a', 'b'], value: 1 }])).toThrow(RangeError);
  });

  it('makes any object into any other by its changes, however it is laid out', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd"e', 'f}');
    const object = fc
      .object({ key: name, maxDepth: 3, values: [fc.integer(), fc.string(), fc.boolean(), fc.constant(null)] })
      .map((value) => JSON.parse(JSON.stringify(value)) as JsonRecord);

    fc.assert(
      fc.property(object, object, fc.constantFrom(0, 2, '\t'), (before, after, indent) => {
        const edited = editJson(JSON.stringify(before, null, indent), jsonChanges(before, after, []));

        expect(JSON.parse(edited)).toEqual(after);
      }),
      { seed: 20_261_125, numRuns: 300 },
    );
  });
});

describe('JSON that is shown', () => {
  it('hides secrets wherever connectors keep them, and nothing else', () => {
    const text = `{ // kept
      "password": "p-1", "securityToken": {"type": "securestring", "value": "p-2"}, "connectionString": "p-3",
      "token": {"type": "SecureString", "defaultValue": "p-4"}, "encryptedCredential": "p-5",
      "clientSecret": {"type": "AzureKeyVaultSecret", "secretName": "kept"}, "username": "kept"
    }`;

    const shown = concealedJson(text);

    expect(shown).not.toMatch(/p-\d/);
    expect(shown.match(/"\*\*\*"/g)).toHaveLength(5);
    expect(shown.replaceAll(/"\*\*\*"/g, '""')).toBe(text.replaceAll(/"p-\d"/g, '""'));
  });
});
