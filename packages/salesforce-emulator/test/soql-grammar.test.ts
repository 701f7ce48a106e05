import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Org } from '../src/org/org.ts';
import { columnOf, faultOf, orgOf, rowsOf } from './query-rows.ts';

let org: Org;

beforeAll(() => {
  org = orgOf({ A__c: { type: 'string' }, N__c: { type: 'double' } }, [
    { Name: 'one', A__c: "it's", N__c: 1 },
    { Name: 'two', A__c: 'a\\b"c\n\td', N__c: -2.5 },
  ]);
});

afterAll(() => {
  org[Symbol.dispose]();
});

describe('a statement', () => {
  it.each([
    'select name from thing__c where n__c=1',
    'SELECT\n\tName\r\nFROM Thing__c\n WHERE(N__c=1)',
    'SELECT Thing__c.Name FROM Thing__c WHERE Thing__c.N__c = 1',
    'SELECT t.Name FROM Thing__c t WHERE t.N__c = 1',
    "SELECT t.Name FROM Thing__c AS t, t.Owner o WHERE t.N__c = 1.0 AND o.Type = 'User'",
    'SELECT Name FROM Thing__c USING SCOPE everything WHERE N__c = +1e0 WITH SECURITY_ENFORCED ORDER BY Name LIMIT 5 OFFSET 0 FOR VIEW',
    'SELECT Name FROM Thing__c USING SCOPE mine WHERE N__c = .1E1 WITH USER_MODE FOR REFERENCE UPDATE TRACKING',
    'SELECT Name FROM Thing__c WHERE ((N__c = 1) AND (NOT (N__c = 2 OR N__c = 3)))',
    'SELECT Name FROM Thing__c WHERE NOT N__c != 1',
    "SELECT Name FROM Thing__c WHERE A__c = 'it\\'s'",
    "SELECT Name FROM Thing__c WHERE A__c = 'IT\\u0027S'",
  ])('is read whatever its spacing, case and clauses: %s', (soql) => {
    expect(rowsOf(org, soql)).toEqual([['one']]);
  });

  it('resolves every escape of a string', () => {
    expect(columnOf(org, `SELECT Name FROM Thing__c WHERE A__c = 'a\\\\b\\"c\\n\\td'`)).toEqual(['two']);
  });

  it.each([
    ['', 1, 1, "unexpected token: '<EOF>'"],
    ['SELECT', 1, 7, "unexpected token: '<EOF>'"],
    ['SELECT FROM Thing__c', 1, 8, "unexpected token: 'FROM'"],
    ['SELECT Id, FROM Thing__c', 1, 12, "unexpected token: 'FROM'"],
    ['SELECT Id Thing__c WHERE', 1, 20, "unexpected token: 'WHERE'"],
    ['SELECT Id FROM', 1, 15, "unexpected token: '<EOF>'"],
    ['SELECT Id FROM Thing__c WHERE', 1, 30, "unexpected token: '<EOF>'"],
    ['SELECT Id FROM Thing__c WHERE N__c', 1, 35, "unexpected token: '<EOF>'"],
    ['SELECT Id FROM Thing__c WHERE N__c == 1', 1, 37, "unexpected token: '='"],
    ['SELECT Id FROM Thing__c WHERE N__c = 1 2', 1, 40, "unexpected token: '2'"],
    ['SELECT Id FROM Thing__c WHERE N__c = 1 AND N__c = 2 OR N__c = 3', 1, 53, "unexpected token: 'OR'"],
    ['SELECT Id FROM Thing__c WHERE N__c = 1 OR N__c = 2 AND N__c = 3', 1, 52, "unexpected token: 'AND'"],
    ['SELECT Id FROM Thing__c WHERE N__c = 1 AND NOT N__c = 2', 1, 44, "unexpected token: 'NOT'"],
    ['SELECT Id FROM Thing__c WHERE NOT N__c = 1 AND N__c = 2', 1, 44, "unexpected token: 'AND'"],
    ['SELECT Id FROM Thing__c WHERE (N__c = 1', 1, 40, "unexpected token: '<EOF>'"],
    ['SELECT Id FROM Thing__c WHERE N__c IN ()', 1, 40, "unexpected token: ')'"],
    ['SELECT Id\nFROM Thing__c\n  WHERE ?', 3, 9, "unexpected token: '?'"],
    ['SELECT Id FROM Thing__c WHERE Name = "x"', 1, 38, "unexpected token: '\"'"],
    ["SELECT Id FROM Thing__c WHERE Name = 'x", 1, 38, 'the string that begins here has no closing quote'],
    ["SELECT Id FROM Thing__c WHERE Name = 'x\\q'", 1, 40, 'invalid escape in a string'],
    ['SELECT Id FROM Thing__c WHERE Name = x', 1, 38, "unexpected token: 'x'"],
    ['SELECT Id FROM Thing__c ORDER Name', 1, 25, "unexpected token: 'ORDER'"],
    ['SELECT Id FROM Thing__c ORDER BY Name NULLS', 1, 44, "unexpected token: '<EOF>'"],
    ['SELECT Id FROM Thing__c LIMIT -1', 1, 31, "unexpected token: '-1'"],
    ['SELECT Id FROM Thing__c LIMIT 1.5', 1, 31, "unexpected token: '1.5'"],
    ['SELECT Id FROM Thing__c WITH NOTHING', 1, 30, "unexpected token: 'NOTHING'"],
    ['SELECT Id FROM Thing__c FOR UPDATE', 1, 29, "unexpected token: 'UPDATE'"],
    ['SELECT Id FROM Thing__c ALL ROWS', 1, 25, 'ALL ROWS not allowed in this context'],
    ['SELECT Id FROM Thing__c; DROP TABLE x', 1, 24, "unexpected token: ';'"],
    ['SELECT Name n FROM Thing__c', 1, 13, 'only aggregate expressions use field aliasing'],
    ['SELECT NOPE(Name) FROM Thing__c', 1, 8, 'unknown function: NOPE'],
  ])('that is malformed is refused at the place: %j', (soql, row, column, message) => {
    const fault = faultOf(org, soql);

    expect(fault.errorCode).toBe('MALFORMED_QUERY');
    expect(fault.message.split('\n').slice(-2)).toEqual([`ERROR at Row:${row}:Column:${column}`, message]);
  });

  it('shows the line at fault and a caret below the place', () => {
    const fault = faultOf(org, 'SELECT Id, Foo FROM Thing__c');

    expect(fault).toMatchObject({ errorCode: 'INVALID_FIELD' });
    expect(fault.message).toBe(
      '\nSELECT Id, Foo FROM Thing__c\n           ^\nERROR at Row:1:Column:12\n' +
        "No such column 'Foo' on entity 'Thing__c'. If you are attempting to use a custom field, be sure to append the " +
        "'__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
    );
  });

  it('shows a part of a long line, with the caret still below the place', () => {
    const names = Array.from({ length: 40 }, () => 'Name').join(', ');
    const [, line = '', caret = ''] = faultOf(org, `SELECT ${names}, Foo, Id FROM Thing__c`).message.split('\n');

    expect(line.length).toBeLessThan(120);
    expect(line.slice(caret.indexOf('^'))).toMatch(/^Foo, Id FROM/);
  });

  it('of more than 100,000 characters is refused', () => {
    const soql = `SELECT Id FROM Thing__c WHERE Name = '${'x'.repeat(100_000)}'`;

    expect(faultOf(org, soql)).toMatchObject({
      errorCode: 'MALFORMED_QUERY',
      message: 'SOQL statements cannot be longer than 100000 characters.',
    });
  });

  it('nested as deeply as allowed runs, and any deeper is refused', () => {
    const nested = (depth: number): string =>
      `SELECT Name FROM Thing__c WHERE ${'(NOT '.repeat(depth)}N__c = 1${')'.repeat(depth)}`;

    expect(columnOf(org, nested(98))).toEqual(['one']);
    expect(faultOf(org, nested(200)).message).toContain('nested too deeply');
  });

  it('with thousands of alternatives runs', () => {
    const terms = Array.from({ length: 5000 }, (_, index) => `N__c = ${index + 1}`);

    expect(columnOf(org, `SELECT Name FROM Thing__c WHERE ${terms.join(' OR ')}`)).toEqual(['one']);
  });
});
