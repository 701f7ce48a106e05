import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDefaultOrg } from '../src/org/default-org.ts';
import type { Cell, FieldDefinition, Org } from '../src/org/org.ts';
import { columnOf, countOf, faultOf, rowsOf } from './query-rows.ts';

interface CsvMapping {
  readonly csv: string;
  readonly columns: Readonly<Record<string, string | { readonly field: string; readonly lookup?: string }>>;
}

interface DefinitionFile {
  readonly objects: Readonly<Record<string, { readonly rows: CsvMapping }>>;
}

const DATA = new URL('../data/', import.meta.url);
const NUMBER_TYPES = new Set(['int', 'long', 'double', 'currency', 'percent']);

let org: Org;

beforeAll(() => {
  org = openDefaultOrg();
});

afterAll(() => {
  org[Symbol.dispose]();
});

function dataFile(name: string): string {
  return readFileSync(new URL(name, DATA), 'utf8');
}

/** What a CSV cell reads in the org. */
function expectedCell(text: string, field: FieldDefinition): Cell {
  if (text === '') return null;
  if (field.type === 'boolean') return text === '1';
  return NUMBER_TYPES.has(field.type) ? Number(text) : text;
}

describe('the default org', () => {
  it.each([
    ['Country__c', 'id', 249],
    ['Navaid__c', 'id', 11_008],
    ['Runway__c', 'id', 48_184],
    ['Company__c', 'Symbol', 503],
  ])('holds every cell of the file of %s', (objectName, keyHeader, rowCount) => {
    const definition = JSON.parse(dataFile('default-org.json')) as DefinitionFile; // its form is the schema's
    const { csv, columns } = definition.objects[objectName]!.rows;
    const file: readonly Readonly<Record<string, string>>[] = parse(dataFile(csv), { columns: true, bom: true });
    const headers = Object.keys(file[0]!);
    const paths = headers.map((header) => {
      const column = columns[header]!;
      if (typeof column === 'string') return column;
      return column.lookup === undefined ? column.field : `${column.field.replace('__c', '__r')}.${column.lookup}`;
    });

    using result = org.query(`SELECT ${paths.join(', ')} FROM ${objectName}`, {
      includeDeleted: false,
      api: 'bulk',
      nowMs: 0,
      orderSeed: 3,
    });
    const keyColumn = headers.indexOf(keyHeader);
    const found = new Map([...result.rows(0, result.totalRows)].map((row) => [String(row[keyColumn]), row]));

    expect(file).toHaveLength(rowCount);
    expect(found.size).toBe(rowCount);
    const differences = file.filter((row) => {
      const actual = found.get(row[keyHeader]!);
      return headers.some((header, index) => {
        const expected = expectedCell(row[header]!, result.columns[index]!.field);
        return actual?.[index] !== expected;
      });
    });
    expect(differences).toEqual([]);
  });

  it('declares numbers wide enough for its data, but for the excess decimals of coordinates', () => {
    const excess = new Set<string>();
    const tooWide = new Set<string>();
    for (const objectName of ['Country__c', 'Navaid__c', 'Runway__c', 'Company__c']) {
      const fields = org.object(objectName)!.fields.filter(({ precision }) => precision > 0);
      for (const row of rowsOf(org, `SELECT ${fields.map(({ name }) => name).join(', ')} FROM ${objectName}`)) {
        for (const [index, { name, precision, scale }] of fields.entries()) {
          const value = Number(row[index]);
          if (Math.abs(value) >= 10 ** (precision - scale)) tooWide.add(name);
          if (Number(value.toFixed(scale)) !== value) excess.add(name);
        }
      }
    }

    expect([...tooWide]).toEqual([]);
    expect([...excess].filter((name) => !/(?:Latitude|Longitude)__c$/.test(name))).toEqual([]);
    expect(excess.size).toBeGreaterThan(0);
  });

  it('has records owned by users and by a queue', () => {
    const owners = rowsOf(org, 'SELECT Owner.Type, Owner.Name FROM Navaid__c');

    expect(new Set(owners.map((row) => row.join(' ')))).toEqual(
      new Set(['User Dana Ito', 'User Sam Okoro', 'Group Intake']),
    );
  });

  it('hides fields from the running user', () => {
    const hidden = org.objects.flatMap(({ name, fields }) =>
      fields.filter((field) => field.hidden).map((field) => `${name}.${field.name}`),
    );

    expect(hidden).toEqual(['Company__c.Internal_Rating__c', 'Account.Credit_Score__c']);
    expect(faultOf(org, 'SELECT Internal_Rating__c FROM Company__c').errorCode).toBe('INVALID_FIELD');
    expect(faultOf(org, "SELECT Id FROM Company__c WHERE Internal_Rating__c = 'A'").errorCode).toBe('INVALID_FIELD');
  });

  it('masks encrypted text, and shows that there is none', () => {
    expect(columnOf(org, 'SELECT Passport_Number__c FROM Contact')).toEqual([
      '********',
      '*********',
      null,
      null,
      null,
    ]);
  });

  it('has fields of every type', () => {
    const types = new Set(org.objects.flatMap(({ fields }) => fields.map(({ type }) => type)));

    expect([...types].sort()).toEqual(
      expect.arrayContaining([
        'address',
        'base64',
        'boolean',
        'combobox',
        'currency',
        'date',
        'datetime',
        'double',
        'email',
        'encryptedstring',
        'id',
        'int',
        'location',
        'long',
        'multipicklist',
        'percent',
        'phone',
        'picklist',
        'reference',
        'string',
        'textarea',
        'time',
        'url',
      ]),
    );
  });

  it('counts what a query counts', () => {
    expect(org.countRows('Runway__c')).toBe(48_184);
    expect(countOf(org, 'SELECT COUNT() FROM Runway__c')).toBe(48_184);
    expect(org.countRows('Account')).toBe(6);
  });
});

describe('the default org without records', () => {
  it('has the same objects, none of their records, and those that every org has', () => {
    using empty = openDefaultOrg({ empty: true });
    expect(empty.objects.map(({ name }) => name)).toEqual(org.objects.map(({ name }) => name));
    expect(['Country__c', 'Navaid__c', 'Account'].map((name) => empty.countRows(name))).toEqual([0, 0, 0]);
    expect(empty.countRows('User')).toBeGreaterThan(0);
  });
});
