import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createOrg, openOrg } from '../src/org/create-org.ts';
import { openDefaultOrg } from '../src/org/default-org.ts';
import type { FieldDefinition, Org } from '../src/org/org.ts';
import { rowsOf } from './query-rows.ts';

function field(org: Org, objectName: string, name: string): FieldDefinition | undefined {
  return org.object(objectName)?.fields.find((candidate) => candidate.name === name);
}

describe('an org definition', () => {
  it('gives every object the standard fields, in order around the declared ones', () => {
    using org = createOrg({ objects: { Ship__c: { fields: { Tonnage__c: { type: 'double' } } } } });

    expect(org.object('ship__C')?.fields.map(({ name }) => name)).toEqual([
      'Id',
      'IsDeleted',
      'OwnerId',
      'Name',
      'Tonnage__c',
      'CreatedDate',
      'CreatedById',
      'LastModifiedDate',
      'LastModifiedById',
      'SystemModstamp',
    ]);
    expect(field(org, 'Ship__c', 'OwnerId')).toMatchObject({
      referenceTo: ['Group', 'User'],
      relationshipName: 'Owner',
    });
    expect(field(org, 'Ship__c', 'Name')).toMatchObject({ nameField: true, idLookup: true, length: 80 });
    expect(field(org, 'Ship__c', 'Tonnage__c')).toMatchObject({ precision: 18, scale: 2, custom: true, length: 0 });
  });

  it('names the parents of lookups by the usual rule', () => {
    using org = createOrg({
      objects: {
        Port__c: {},
        Ship__c: { fields: { Home_Port__c: { type: 'reference', referenceTo: ['Port__c'] } } },
      },
    });

    expect(field(org, 'Ship__c', 'Home_Port__c')?.relationshipName).toBe('Home_Port__r');
    expect(field(org, 'Ship__c', 'CreatedById')?.relationshipName).toBe('CreatedBy');
  });

  it('adds the components of compound fields', () => {
    using org = createOrg({
      objects: { Account: { fields: { ShippingAddress: { type: 'address' }, Site__c: { type: 'location' } } } },
    });
    const components = (compound: string): readonly string[] =>
      (org.object('Account')?.fields ?? [])
        .filter(({ compoundFieldName }) => compoundFieldName === compound)
        .map(({ name }) => name);

    expect(components('Site__c')).toEqual(['Site__Latitude__s', 'Site__Longitude__s']);
    expect(components('ShippingAddress')).toContain('ShippingPostalCode');
    expect(field(org, 'Account', 'Site__Latitude__s')).toMatchObject({ precision: 18, scale: 15, custom: true });
  });

  it('gives custom objects key prefixes that nothing else uses', () => {
    using org = createOrg({ objects: { A__c: {}, B__c: { keyPrefix: 'a01' }, C__c: {}, Account: {} } });

    const prefixes = org.objects.map(({ keyPrefix }) => keyPrefix);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    expect(['A__c', 'B__c', 'C__c', 'Account'].map((name) => org.object(name)?.keyPrefix)).toEqual([
      'a00',
      'a01',
      'a02',
      '001',
    ]);
  });

  it('holds the running user, a queue, the organization and the object Name in every org', () => {
    using org = createOrg({ organization: { name: 'Acme', userName: 'Ana Silva' } });

    expect(rowsOf(org, `SELECT Name, Username FROM User WHERE Id = '${org.userId}'`)).toEqual([
      ['Ana Silva', 'ana.silva@example.com'],
    ]);
    expect(rowsOf(org, "SELECT Name FROM Group WHERE Type = 'Queue'")).toEqual([['Intake']]);
    expect(rowsOf(org, 'SELECT Id, Name FROM Organization')).toEqual([[org.orgId, 'Acme']]);
    expect(org.object('Name')?.queryable).toBe(false);
  });

  it('adds fields and records to the objects every org has', () => {
    using org = createOrg({
      objects: { User: { fields: { Region__c: { type: 'string' } } } },
      rows: { User: [{ Name: 'Tomás Ruiz', Region__c: 'South' }] },
    });

    expect(rowsOf(org, 'SELECT Name, Region__c FROM User WHERE Region__c != null')).toEqual([['Tomás Ruiz', 'South']]);
    expect(org.countRows('User')).toBe(3);
  });

  it.each([
    ['an unknown key', { A__c: { fieldz: {} } }, 'Unrecognized key: "fieldz"\n  → at objects.A__c'],
    ['an unknown type', { A__c: { fields: { B__c: { type: 'text' } } } }, '→ at objects.A__c.fields.B__c.type'],
    ['a bad name', { 'A-B': {} }, 'an API name starts with a letter'],
    [
      'a bad CSV mapping',
      { A__c: { rows: { csv: 'a.csv', columns: {}, extra: 1 } } },
      'Unrecognized key: "extra"\n  → at objects.A__c.rows',
    ],
    [
      'a parent that is not there',
      { A__c: { fields: { B__c: { type: 'reference', referenceTo: ['C__c'] } } } },
      'A__c.B__c: referenceTo names C__c',
    ],
    [
      'a reference without parents',
      { A__c: { fields: { B__c: { type: 'reference' } } } },
      'A__c.B__c: a reference needs referenceTo',
    ],
    [
      'a field declared twice',
      { A__c: { fields: { B__c: { type: 'int' }, b__C: { type: 'int' } } } },
      'A__c.b__C: declared twice',
    ],
    [
      'a clash with a component',
      { A__c: { fields: { P__c: { type: 'location' }, P__Latitude__s: { type: 'int' } } } },
      'A__c.P__Latitude__s: declared twice',
    ],
    [
      'a shared key prefix',
      { A__c: { keyPrefix: 'a09' }, B__c: { keyPrefix: 'a09' } },
      'key prefix a09: used by more than one object',
    ],
    [
      'masked plain text',
      { A__c: { fields: { B__c: { type: 'string', masked: true } } } },
      'A__c.B__c: only an encryptedstring',
    ],
  ])('with %s is refused, and the place is named', (_, objects, message) => {
    // The definitions are wrong on purpose, some of them by their type.
    expect(() => createOrg({ objects: objects as never })).toThrow(message);
  });

  it('is cut down to the wanted objects and those they refer to', () => {
    using org = openDefaultOrg({ objects: ['Navaid__c', 'Task'] });

    const names = org.objects.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['Navaid__c', 'Country__c', 'Task', 'Contact', 'Lead', 'Account']));
    expect(names).not.toContain('Runway__c');
    expect(() => openDefaultOrg({ objects: ['Nope__c'] })).toThrow('no object Nope__c');
  });
});

describe('rows from a CSV file', () => {
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'org-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const objects = {
    Port__c: {
      fields: { Code__c: { type: 'string' as const } },
      rows: { csv: 'ports.csv', columns: { code: 'Code__c', title: 'Name' } },
    },
    Ship__c: {
      fields: {
        Port__c: { type: 'reference' as const, referenceTo: ['Port__c'] },
        Active__c: { type: 'boolean' as const },
        Flag__c: { type: 'string' as const },
      },
      rows: {
        csv: 'ships.csv',
        columns: {
          name: 'Name',
          port: { field: 'Port__c', lookup: 'Code__c' },
          active: { field: 'Active__c', convert: 'zeroOne' as const },
        },
        values: { Flag__c: { cycle: ['NO', 'BR'] } },
      },
    },
  };

  it('are mapped, converted, looked up and completed', () => {
    writeFileSync(join(folder, 'ports.csv'), '\uFEFFcode,title\r\nBGO,"Bergen, ""inner"""\r\nOSL,Oslo\r\n');
    writeFileSync(join(folder, 'ships.csv'), 'name,port,active\nBrand,OSL,1\nSkomvær,,0\nTern,BGO,\n');
    writeFileSync(join(folder, 'org.json'), JSON.stringify({ objects }));
    using org = openOrg(join(folder, 'org.json'));

    expect(rowsOf(org, 'SELECT Name, Port__r.Name, Active__c, Flag__c FROM Ship__c ORDER BY Name')).toEqual([
      ['Brand', 'Oslo', true, 'NO'],
      ['Skomvær', null, false, 'BR'],
      ['Tern', 'Bergen, "inner"', false, 'NO'],
    ]);
  });

  it.each([
    ['an unmapped column', 'name,port,active,extra\n', 'ships.csv: map the column extra to a field of Ship__c'],
    ['a missing column', 'name,port\n', 'ships.csv: there is no column active'],
    ['a parent that is not there', 'name,port,active\nA,XXX,1\n', 'ships.csv line 2: no Port__c for Port__c'],
    ['a bad flag', 'name,port,active\nA,BGO,1\nB,BGO,yes\n', 'ships.csv line 3, column active: expected 0 or 1'],
  ])('with %s are refused when they are first read', (_, ships, message) => {
    writeFileSync(join(folder, 'ports.csv'), 'code,title\nBGO,Bergen\n');
    writeFileSync(join(folder, 'ships.csv'), ships);
    using org = openOrg({ objects }, { dataFolder: folder });

    expect(() => org.countRows('Ship__c')).toThrow(message);
    expect(() => org.countRows('Ship__c')).toThrow(message);
  });
});
