import { describe, expect, it } from 'vitest';

import { createOrg } from '../src/org/create-org.ts';
import type { ObjectInput } from '../src/org/org-definition.ts';
import type { Cell, CellInput } from '../src/org/org.ts';
import { columnOf, NOW_MS, orgOf, rowsOf } from './query-rows.ts';

const FIELDS = {
  Text__c: { type: 'string', length: 10 },
  Flag__c: { type: 'boolean' },
  Int__c: { type: 'int' },
  Long__c: { type: 'long' },
  Double__c: { type: 'double', precision: 18, scale: 2 },
  Date__c: { type: 'date' },
  Instant__c: { type: 'datetime' },
  Time__c: { type: 'time' },
  Parent__c: { type: 'reference', referenceTo: ['Thing__c'] },
  Several__c: { type: 'multipicklist', picklistValues: ['Red', 'Green', 'Blue'] },
  Any__c: { type: 'anyType' },
  Blob__c: { type: 'base64' },
  Place__c: { type: 'location' },
} as const satisfies ObjectInput['fields'];

/** A value after it went through the org. */
function kept(field: keyof typeof FIELDS, value: CellInput): unknown {
  using org = orgOf(FIELDS, [{ [field]: value }]);
  return rowsOf(org, `SELECT ${field} FROM Thing__c`)[0]?.[0];
}

describe('values in an org', () => {
  it.each([
    ['Text__c', '  padded\t\n', 'padded'],
    ['Text__c', ' \r\n ', null],
    ['Text__c', '', null],
    ['Text__c', '\u00A0x\u00A0', '\u00A0x\u00A0'],
    ['Text__c', 'a\u0000b', 'a\u0000b'],
    ['Text__c', '東京 🛬', '東京 🛬'],
    ['Flag__c', null, false],
    ['Flag__c', 'true', true],
    ['Int__c', -2147483648, -2147483648],
    ['Int__c', '1.0E3', 1000],
    ['Long__c', 9_223_372_036_854_775_807n, 9_223_372_036_854_775_807n],
    ['Long__c', '-9223372036854775808', -9_223_372_036_854_775_808n],
    ['Double__c', '0.1', 0.1],
    ['Double__c', '12345.678901', 12345.678901],
    ['Double__c', '9007199254740993', 9007199254740992],
    ['Double__c', 1e300, 1e300],
    ['Double__c', '5e-324', 5e-324],
    ['Date__c', '2024-02-29', '2024-02-29'],
    ['Date__c', new Date('2024-02-29T23:59:59Z'), '2024-02-29'],
    ['Instant__c', '2024-03-01T00:30:15.987+01:00', '2024-02-29T23:30:15.000Z'],
    ['Instant__c', new Date('2024-03-01T00:30:15.987Z'), '2024-03-01T00:30:15.000Z'],
    ['Time__c', '07:30', '07:30:00.000Z'],
    ['Time__c', '23:59:59.999Z', '23:59:59.999Z'],
    ['Parent__c', '001Hs00003AcmeA', '001Hs00003AcmeAIAR'],
    ['Several__c', 'Blue;Mauve;Red', 'Red;Blue;Mauve'],
    ['Any__c', 12.5, '12.5'],
    ['Blob__c', 'AP+ACg==', 'AP+ACg=='],
  ] as const)('of %s are kept as an org keeps them (case %#)', (field, value, expected) => {
    expect(kept(field, value)).toEqual(expected);
  });

  it.each([
    ['Text__c', 'eleven chars', 'at most 10 characters'],
    ['Text__c', 5, 'expected text'],
    ['Flag__c', 'yes', 'expected true or false'],
    ['Int__c', 2147483648, 'expected an int'],
    ['Int__c', 1.5, 'expected an int'],
    ['Long__c', '9223372036854775808', 'expected a long'],
    ['Double__c', 'abc', 'expected a number'],
    ['Double__c', '1e999', 'expected a number within the range of a double'],
    ['Double__c', Number.NaN, 'expected a number'],
    ['Date__c', '2023-02-29', 'expected a date'],
    ['Date__c', new Date(Number.NaN), 'expected a date'],
    ['Instant__c', '2024-03-01T00:30:15', 'expected a date-time'],
    ['Instant__c', '2024-03-01T24:30:15Z', 'expected a date-time'],
    ['Time__c', '25:00:00', 'expected a time'],
    ['Parent__c', 'not an id', 'expected a record id'],
    ['Several__c', 5, 'expected text, values separated by semicolons'],
    ['Blob__c', 'not base64', 'expected base64 text'],
  ] as const)('of %s are refused with their place and without the value (case %#)', (field, value, message) => {
    const insert = (): unknown => orgOf(FIELDS, [{}, { [field]: value }]);

    expect(insert).toThrow(`Thing__c row 2, field ${field}: `);
    expect(insert).toThrow(message);
    expect(insert).not.toThrow(String(value));
  });

  it('keep white space and milliseconds when the org is told to', () => {
    using org = createOrg({
      objects: { Thing__c: { fields: FIELDS } },
      rows: { Thing__c: [{ Text__c: ' a ', Instant__c: '2024-03-01T00:30:15.987Z' }] },
      keepWhiteSpace: true,
      keepMilliseconds: true,
    });

    expect(rowsOf(org, 'SELECT Text__c, Instant__c FROM Thing__c')).toEqual([[' a ', '2024-03-01T00:30:15.987Z']]);
  });
});

describe('records in an org', () => {
  it('get an id, a name, an owner and audit fields that are the same in every run', () => {
    const read = (): readonly (readonly Cell[])[] => {
      using org = orgOf({}, [{}, {}]);
      return rowsOf(
        org,
        'SELECT Id, Name, OwnerId, CreatedDate, CreatedById, SystemModstamp FROM Thing__c ORDER BY Id',
      );
    };
    using org = orgOf({}, []);

    const [first] = read();
    const id = expect.stringMatching(/^a00Hs/);
    const [createdDate, stamp] = ['2025-01-01T00:01:37.000Z', expect.stringMatching(/^2025-01-/)];
    expect(first).toEqual([id, id, org.userId, createdDate, org.userId, stamp]);
    expect(read()).toEqual(read());
  });

  it('are inserted all or not at all', () => {
    using org = orgOf(FIELDS, [{ Text__c: 'a' }]);

    expect(() => org.insert('Thing__c', [{ Text__c: 'b' }, { Text__c: 1 }])).toThrow('Thing__c row 2');
    expect(() => org.insert('Thing__c', [{ Nope__c: 1 }])).toThrow('Thing__c has no field Nope__c');
    expect(() => org.insert('Thing__c', [{ Place__c: '1,2' }])).toThrow(
      'Thing__c has no field Place__c that can be stored',
    );
    expect(() => org.insert('Nope__c', [])).toThrow('This org has no object Nope__c');
    expect(org.countRows('Thing__c')).toBe(1);
  });

  it('are refused when their id is taken', () => {
    const Id = '001Hs00003AcmeAIAR';

    expect(() => orgOf({}, [{ Id }, { Id }])).toThrow('Thing__c row 2: not stored (is its Id used already?)');
  });

  it('come from an iterable of any size, by any spelling of the field names', () => {
    function* many(): Iterable<{ text__C: string }> {
      for (let index = 0; index < 20_000; index += 1) yield { text__C: `n${index}` };
    }
    using org = orgOf(FIELDS, many());

    expect(org.countRows('thing__C')).toBe(20_000);
    expect(rowsOf(org, "SELECT Text__c FROM Thing__c WHERE Text__c = 'n19999'")).toEqual([['n19999']]);
  });

  it('are changed and removed at an instant, which open results do not see', () => {
    using org = orgOf(FIELDS, [{ Text__c: 'a' }, { Text__c: 'b' }]);
    const [id] = columnOf(org, "SELECT Id FROM Thing__c WHERE Text__c = 'a'");
    const [other] = columnOf(org, "SELECT Id FROM Thing__c WHERE Text__c = 'b'");
    using before = org.query('SELECT Text__c FROM Thing__c ORDER BY Text__c', {
      includeDeleted: false,
      api: 'rest',
      nowMs: NOW_MS,
      orderSeed: 1,
    });

    org.update('Thing__c', [{ Id: id, Text__c: 'changed' }], NOW_MS);
    org.remove('Thing__c', [String(other)], NOW_MS);

    expect([...before.rows(0, 10)]).toEqual([['a'], ['b']]);
    expect(rowsOf(org, 'SELECT Text__c, SystemModstamp FROM Thing__c')).toEqual([
      ['changed', '2026-03-18T15:30:00.000Z'],
    ]);
    expect(org.countRows('Thing__c')).toBe(1);
    expect(columnOf(org, 'SELECT Text__c FROM Thing__c WHERE IsDeleted = true', { includeDeleted: true })).toEqual([
      'b',
    ]);
    expect(() => org.update('Thing__c', [{ Text__c: 'x' }], NOW_MS)).toThrow('give the Id');
    expect(() => org.remove('Thing__c', ['001Hs00003AcmeAIAR'], NOW_MS)).toThrow('no record has this Id');
  });

  it('can be deleted from the start', () => {
    using org = orgOf({}, [{ Name: 'here' }, { Name: 'gone', IsDeleted: true }]);

    expect(columnOf(org, 'SELECT Name FROM Thing__c')).toEqual(['here']);
    expect(columnOf(org, 'SELECT Name FROM Thing__c', { includeDeleted: true })).toEqual(['gone', 'here']);
    expect(columnOf(org, 'SELECT Name FROM Thing__c WHERE IsDeleted = true')).toEqual([]);
  });
});

describe('an org of exact decimals', () => {
  const values = ['12345678901234567.89', '0.10', '-0.000000000000000000001', '1E3', '-12.5', '-12.25', '0', null];
  const exact = () =>
    createOrg({
      objects: { Thing__c: { fields: { Double__c: { type: 'double' }, Place__c: { type: 'location' } } } },
      rows: {
        Thing__c: values.map((value) => ({ Double__c: value, Place__Latitude__s: '1.50', Place__Longitude__s: '-2' })),
      },
      exactDecimals: true,
    });

  it('gives numbers back digit for digit, in numeric order', () => {
    using org = exact();

    expect(rowsOf(org, 'SELECT Double__c FROM Thing__c ORDER BY Double__c').flat()).toEqual([
      null,
      '-12.5',
      '-12.25',
      '-0.000000000000000000001',
      '0',
      '0.10',
      '1000',
      '12345678901234567.89',
    ]);
  });

  it.each([
    ['= 0.1', ['0.10']],
    ['= 12345678901234567.89', ['12345678901234567.89']],
    ['> 12345678901234567.88', ['12345678901234567.89']],
    ['< -12.3', ['-12.5']],
    ['IN (1000, -12.25)', ['-12.25', '1000']],
    ['!= 0', ['-0.000000000000000000001', '-12.25', '-12.5', '0.10', '1000', '12345678901234567.89', null]],
  ])('compares them exactly: %s', (condition, expected) => {
    using org = exact();

    expect(columnOf(org, `SELECT Double__c FROM Thing__c WHERE Double__c ${condition}`)).toEqual(expected);
  });

  it('shows them as JSON numbers within a compound field', () => {
    using org = exact();

    expect(rowsOf(org, 'SELECT Place__c FROM Thing__c LIMIT 1')).toEqual([['{"latitude":1.50,"longitude":-2}']]);
  });
});
