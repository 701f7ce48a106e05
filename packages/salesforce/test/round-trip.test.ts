import { copy, fromBatches, read, secret } from '@sluice/core';
import { decimalType } from '@sluice/core/decimal';
import { createOrg, type CreateOrgOptions, startEmulator } from '@sluice/salesforce-emulator';
import {
  Bool,
  type DataType,
  DateDay,
  Float64,
  Int32,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';

import { salesforce } from '../src/index.ts';
import { batchOf, decimals } from './ingest-rows.ts';

type Rewrites = Pick<CreateOrgOptions, 'exactDecimals' | 'keepWhiteSpace' | 'keepMilliseconds' | 'keepPicklistOrder'>;

interface TypedField {
  readonly type: DataType;
  readonly values: fc.Arbitrary<unknown>;
  /** What a query gives of a value that was written, by the page on what an org changes. */
  readonly read: (value: unknown, rewrites: Rewrites) => unknown;
}

const TAGS = ['red', 'green', 'blue'];
const DAY_MS = 86_400_000;

/** An exact number of cents, at most 16 digits before the point. */
const cents = fc.oneof(
  fc.bigInt({ min: -(10n ** 15n) + 1n, max: 10n ** 15n - 1n }),
  fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }),
);

const FIELDS: Readonly<Record<string, TypedField>> = {
  Text__c: {
    type: new Utf8(),
    values: nullable(
      fc.string({
        unit: fc.constantFrom('a', ' ', '\t', '\n', '\r\n', '\r', ',', '"', '\u00a0', 'é', '😀', '#'),
        maxLength: 12,
      }),
    ),
    read: (value, { keepWhiteSpace }) => {
      if (value === null) return null;
      const lines = textOf(value).replace(/\r\n?/g, '\n');
      const trimmed = lines.replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '');
      return trimmed === '' ? null : keepWhiteSpace === true ? lines : trimmed;
    },
  },
  Amount__c: {
    type: decimalType(18, 2),
    values: cents,
    read: (value, { exactDecimals }) => {
      const text = centsText(BigInt(String(value)));
      return exactDecimals === true ? text : nearestDouble(text);
    },
  },
  Rate__c: {
    type: new Float64(),
    values: nullable(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((thousandths) => thousandths / 1000)),
    read: (value) => (value === null ? null : Number(value).toFixed(3)),
  },
  Count__c: { type: new Int32(), values: nullable(fc.integer({ min: -999_999_999, max: 999_999_999 })), read: same },
  Active__c: { type: new Bool(), values: fc.boolean(), read: same },
  Day__c: {
    type: new DateDay(),
    values: nullable(fc.integer({ min: -90_000, max: 700_000 }).map((days) => new Date(days * DAY_MS))),
    read: (value) => (value === null ? null : isoOf(Number(value)).slice(0, 10)),
  },
  At__c: {
    type: new TimestampMillisecond('UTC'),
    values: nullable(fc.integer({ min: -(10 ** 12), max: 10 ** 13 })),
    read: (value, { keepMilliseconds }) =>
      value === null
        ? null
        : isoOf(keepMilliseconds === true ? Number(value) : Math.floor(Number(value) / 1000) * 1000),
  },
  Clock__c: {
    type: new TimeMillisecond(),
    values: nullable(fc.integer({ min: 0, max: DAY_MS - 1 })),
    read: (value) => (value === null ? null : isoOf(Number(value)).slice(11, 23)),
  },
  Tags__c: {
    type: new Utf8(),
    values: nullable(
      fc.array(fc.constantFrom(...TAGS, 'other'), { minLength: 1, maxLength: 4 }).map((tags) => tags.join(';')),
    ),
    read: (value, { keepPicklistOrder }) => {
      if (value === null) return null;
      const given = [...new Set(textOf(value).split(';'))];
      if (keepPicklistOrder === true) return given.join(';');
      return [...TAGS.filter((tag) => given.includes(tag)), ...given.filter((tag) => !TAGS.includes(tag))].join(';');
    },
  },
  'Box__r.Code__c': { type: new Utf8(), values: nullable(fc.constantFrom('B1', 'B2')), read: same },
};

function nullable<T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.option(values, { freq: 5 });
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function same(value: unknown): unknown {
  return value;
}

function centsText(unscaled: bigint): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(3, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The double nearest to a number of at most 18 digits, in as many digits as tell it from others, two behind the point. */
function nearestDouble(text: string): string {
  const value = Number(text);
  const [whole = '', fraction = ''] = String(Object.is(value, -0) ? 0 : value).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

const POLICIES: readonly Rewrites[] = [
  {},
  { exactDecimals: true },
  { keepWhiteSpace: true },
  { keepMilliseconds: true },
  { keepPicklistOrder: true },
  { exactDecimals: true, keepWhiteSpace: true, keepMilliseconds: true, keepPicklistOrder: true },
];

const text = { type: 'string', length: 40 } as const;

async function openOrg(rewrites: Rewrites) {
  const records = createOrg({
    ...rewrites,
    objects: {
      Box__c: { fields: { Code__c: { ...text, externalId: true, unique: true } } },
      Typed__c: {
        fields: {
          Run__c: text,
          Key__c: text,
          Text__c: { type: 'textarea', length: 32_768 },
          Amount__c: { type: 'currency', precision: 18, scale: 2 },
          Rate__c: { type: 'double', precision: 18, scale: 3 },
          Count__c: { type: 'int', digits: 9 },
          Active__c: { type: 'boolean' },
          Day__c: { type: 'date' },
          At__c: { type: 'datetime' },
          Clock__c: { type: 'time' },
          Tags__c: { type: 'multipicklist', length: 200, picklistValues: TAGS },
          Box__c: { type: 'reference', referenceTo: ['Box__c'], relationshipName: 'Box__r' },
        },
      },
    },
    rows: { Box__c: [{ Code__c: 'B1' }, { Code__c: 'B2' }] },
  });
  const emulator = await startEmulator({ org: records });
  const org = salesforce({
    environmentUrl: emulator.url,
    clientId: emulator.clientId,
    clientSecret: secret.value(emulator.clientSecret),
    apiVersion: '64.0',
    proxy: false,
  });
  return {
    org,
    async [Symbol.asyncDispose]() {
      await org[Symbol.asyncDispose]();
      await emulator[Symbol.asyncDispose]();
      records[Symbol.dispose]();
    },
  };
}

const names = Object.keys(FIELDS);
const poll = { firstMs: 1, startMs: 1, maxMs: 5 };

describe.each(POLICIES)('rows written into an org that keeps %o', (rewrites) => {
  it('RW-09: are read as the page on what an org changes says', async () => {
    await using opened = await openOrg(rewrites);
    const { org } = opened;
    let run = 0;
    const row = fc.record(Object.fromEntries(names.map((name) => [name, FIELDS[name]!.values])));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        const id = `run ${++run}`;
        const columns = names.map((name) => {
          const values = rows.map((cells) => cells[name]);
          const { type } = FIELDS[name]!;
          return [name, [type, name === 'Amount__c' ? decimals(0, ...values.map(String)) : values]] as const;
        });
        const keys = rows.map((_, index) => String(index).padStart(4, '0'));
        const batch = batchOf({
          Run__c: [new Utf8(), rows.map(() => id)],
          Key__c: [new Utf8(), keys],
          ...Object.fromEntries(columns),
        });

        const { writtenRows } = await copy({
          from: fromBatches(batch.schema, [batch]),
          to: org.ingest({ object: 'Typed__c', poll }),
        });

        const soql = `SELECT Key__c, ${names.join(', ')} FROM Typed__c WHERE Run__c = '${id}'`;
        const found = await Array.fromAsync(read(org.query(soql, { poll })).rows());
        found.sort((a, b) => (textOf(a['Key__c']) < textOf(b['Key__c']) ? -1 : 1));
        expect(writtenRows).toBe(rows.length);
        expect(found).toEqual(
          rows.map((cells, index) => ({
            Key__c: keys[index],
            ...Object.fromEntries(names.map((name) => [name, FIELDS[name]!.read(cells[name], rewrites)])),
          })),
        );
      }),
      { seed: inject('seed'), numRuns: 4 },
    );
  });
});
