import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Emulator, startEmulator } from '../src/index.ts';
import { type Client, connect, jsonOf } from './emulator-client.ts';

/** As the object describe of orgs lists them. */
const FIELD_KEYS =
  'aggregatable, aiPredictionField, autoNumber, byteLength, calculated, calculatedFormula, cascadeDelete, ' +
  'caseSensitive, compoundFieldName, controllerName, createable, custom, defaultValue, defaultValueFormula, ' +
  'defaultedOnCreate, dependentPicklist, deprecatedAndHidden, digits, displayLocationInDecimal, encrypted, externalId, ' +
  'extraTypeInfo, filterable, filteredLookupInfo, formulaTreatNullNumberAsZero, groupable, highScaleNumber, ' +
  'htmlFormatted, idLookup, inlineHelpText, label, length, mask, maskType, name, nameField, namePointing, nillable, ' +
  'permissionable, picklistValues, polymorphicForeignKey, precision, queryByDistance, referenceTargetField, ' +
  'referenceTo, relationshipName, relationshipOrder, restrictedDelete, restrictedPicklist, scale, searchPrefilterable, ' +
  'soapType, sortable, type, unique, updateable, writeRequiresMasterRead';

const ENTRY_KEYS =
  'activateable, associateEntityType, associateParentEntity, createable, custom, customSetting, deepCloneable, ' +
  'deletable, deprecatedAndHidden, feedEnabled, hasSubtypes, isInterface, isSubtype, keyPrefix, label, labelPlural, ' +
  'layoutable, mergeable, mruEnabled, name, queryable, replicateable, retrieveable, searchable, triggerable, ' +
  'undeletable, updateable, urls';

const OBJECT_KEYS =
  `${ENTRY_KEYS}, actionOverrides, childRelationships, compactLayoutable, defaultImplementation, extendedBy, ` +
  'extendsInterfaces, fields, implementedBy, implementsInterfaces, listviewable, lookupLayoutable, namedLayoutInfos, ' +
  'networkScopeFieldName, recordTypeInfos, searchLayoutable, sobjectDescribeOption, supportedScopes';

interface Described {
  readonly name: string;
  readonly queryable: boolean;
  readonly childRelationships: readonly Readonly<Record<string, unknown>>[];
  readonly fields: readonly Readonly<Record<string, unknown>>[];
}

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
  emulator = await startEmulator({ clock: { startMs: Date.UTC(2026, 0, 1) } });
  client = await connect(emulator);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
});

async function described(name: string): Promise<Described> {
  return await jsonOf<Described>(await client.send(`sobjects/${name}/describe`));
}

async function field(object: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  return (await described(object)).fields.find((candidate) => candidate['name'] === name);
}

function sorted(keys: string): readonly string[] {
  return keys.split(', ').sort();
}

describe('the global describe', () => {
  it('lists every object with every key', async () => {
    const { encoding, maxBatchSize, sobjects } = await jsonOf<{
      encoding: string;
      maxBatchSize: number;
      sobjects: Record<string, unknown>[];
    }>(await client.send('sobjects/'));

    expect({ encoding, maxBatchSize }).toEqual({ encoding: 'UTF-8', maxBatchSize: 200 });
    expect(sobjects.map(({ name }) => name)).toEqual(emulator.org.objects.map(({ name }) => name));
    for (const entry of sobjects) expect(Object.keys(entry).sort()).toEqual(sorted(ENTRY_KEYS));
    expect(sobjects.find(({ name }) => name === 'Account')?.['urls']).toEqual({
      sobject: '/services/data/v66.0/sobjects/Account',
      describe: '/services/data/v66.0/sobjects/Account/describe',
      rowTemplate: '/services/data/v66.0/sobjects/Account/{ID}',
    });
  });
});

describe('the describe of an object', () => {
  it('has every key, and every field every key', async () => {
    const account = await described('account');

    expect(Object.keys(account).sort()).toEqual(sorted(OBJECT_KEYS));
    for (const entry of account.fields) expect(Object.keys(entry).sort()).toEqual(sorted(FIELD_KEYS));
  });

  it('shows the facts of the definition', async () => {
    expect(await field('Account', 'AnnualRevenue')).toMatchObject({
      type: 'currency',
      soapType: 'xsd:double',
      precision: 18,
      length: 0,
      byteLength: 0,
      digits: 0,
      filterable: true,
      nillable: true,
    });
    expect(await field('Account', 'Id')).toMatchObject({
      soapType: 'tns:ID',
      length: 18,
      byteLength: 18,
      nillable: false,
    });
    expect(await field('Account', 'Name')).toMatchObject({ soapType: 'xsd:string', nameField: true, byteLength: 765 });
    expect(await field('Account', 'BillingAddress')).toMatchObject({ soapType: 'urn:address', filterable: false });
  });

  it('leaves out what field-level security hides', async () => {
    const hidden = emulator.org.objects.flatMap((object) =>
      object.fields.filter((candidate) => candidate.hidden).map(({ name }) => [object.name, name] as const),
    );

    expect(hidden.length).toBeGreaterThan(0);
    for (const [object, name] of hidden) expect(await field(object, name)).toBeUndefined();
  });

  it('shows what a reference may point to', async () => {
    expect(await field('Account', 'OwnerId')).toMatchObject({
      referenceTo: ['Group', 'User'],
      relationshipName: 'Owner',
      namePointing: true,
      polymorphicForeignKey: true,
    });
    const { childRelationships } = await described('Country__c');
    expect(childRelationships).toContainEqual(
      expect.objectContaining({ childSObject: 'Navaid__c', field: 'Country__c' }),
    );
  });

  it('knows the object that stands for polymorphic parents', async () => {
    const name = await described('Name');

    expect(name.queryable).toBe(false);
    expect(name.fields.map((entry) => entry['name'])).toEqual(expect.arrayContaining(['Name', 'Type', 'Email']));
  });

  it('is not sent again when it has not changed', async () => {
    const since = (date: string) =>
      client.send('sobjects/Account/describe', { headers: { 'If-Modified-Since': date } });
    const first = await client.send('sobjects/Account/describe');
    const modified = first.headers.get('last-modified') ?? '';

    expect(modified).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
    const unchanged = await since(modified);
    expect([unchanged.status, await unchanged.text()]).toEqual([304, '']);
    expect((await since('Wed, 31 Dec 2025 23:59:59 GMT')).status).toBe(200);
    expect((await since('no date')).status).toBe(200);
  });

  it('of an unknown object gives 404', async () => {
    expect((await client.send('sobjects/Nothing/describe')).status).toBe(404);
  });
});
