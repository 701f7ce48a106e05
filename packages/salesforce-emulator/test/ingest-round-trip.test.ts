import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { createOrg, type Emulator, type OrgDefinitionInput, startEmulator } from '../src/index.ts';
import { type Client, connect, csvOf, runJob } from './emulator-client.ts';
import { load } from './ingest-client.ts';

const COLUMNS = [
  'Key__c',
  'Text__c',
  'Number__c',
  'Int__c',
  'Long__c',
  'Flag__c',
  'Day__c',
  'At__c',
  'Many__c',
] as const;

let emulator: Emulator;
let client: Client;

beforeAll(async () => {
  const objects = {
    Thing__c: {
      fields: {
        Key__c: { type: 'string', externalId: true, unique: true },
        Text__c: { type: 'textarea' },
        Number__c: { type: 'double', precision: 38, scale: 2 },
        Int__c: { type: 'int' },
        Long__c: { type: 'long' },
        Flag__c: { type: 'boolean' },
        Day__c: { type: 'date' },
        At__c: { type: 'datetime' },
        Many__c: { type: 'multipicklist', picklistValues: ['A', 'B', 'C'] },
      },
    },
  } satisfies OrgDefinitionInput['objects'];
  emulator = await startEmulator({ org: createOrg({ objects }) });
  client = await connect(emulator);
});

afterAll(async () => {
  await emulator[Symbol.asyncDispose]();
  emulator.org[Symbol.dispose]();
});

/** What a cell is sent as, and what a query gives for it. */
interface Sent {
  readonly sent: string;
  readonly read: string;
}

const text = fc
  .string({ unit: fc.constantFrom('a', 'Z', ' ', '\u00a0', '\t', '"', ',', '\n', '\r', 'é', '😀', '#'), maxLength: 12 })
  .map((sent): Sent => ({ sent, read: sent.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '') }));

const number = fc
  .oneof(
    fc.double({ noNaN: true, min: -1e30, max: 1e30 }),
    fc.integer().map((value) => value / 100),
  )
  .map((value): Sent => ({ sent: String(value), read: String(value) }));

function integer(min: bigint, max: bigint): fc.Arbitrary<Sent> {
  return fc.bigInt({ min, max }).map((value) => ({ sent: String(value), read: String(value) }));
}

const flag = fc
  .constantFrom<readonly [string, string]>(['true', 'true'], ['1', 'true'], ['false', 'false'], ['0', 'false'])
  .map(([sent, read]): Sent => ({ sent, read }));

const instant = fc.date({
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T00:00:00Z'),
  noInvalidDate: true,
});

const day = instant.map((date): Sent => {
  const value = date.toISOString().slice(0, 10);
  return { sent: value, read: value };
});

const moment = fc
  .record({ date: instant, offset: fc.integer({ min: -720, max: 840 }) })
  .map(({ date, offset }): Sent => {
    const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 23);
    const two = (value: number): string => String(value).padStart(2, '0');
    const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
    return { sent: local + zone, read: `${date.toISOString().slice(0, 19)}.000Z` };
  });

const many = fc
  .shuffledSubarray(['A', 'B', 'C', 'X'])
  .map((values): Sent => ({ sent: values.join(';'), read: values.sort().join(';') }));

function orNull(cell: fc.Arbitrary<Sent>, missing = ''): fc.Arbitrary<Sent> {
  return fc.oneof(
    { weight: 5, arbitrary: cell },
    fc.constantFrom('', '#N/A').map((sent) => ({ sent, read: missing })),
  );
}

const row = fc.tuple(
  orNull(text),
  orNull(number),
  orNull(integer(-999_999_999n, 999_999_999n)),
  orNull(integer(-(10n ** 18n) + 1n, 10n ** 18n - 1n)),
  orNull(flag, 'false'),
  orNull(day),
  orNull(moment),
  orNull(many),
);

describe('what is inserted', () => {
  it('is read back by a query as it was, but for what an org changes', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 40 }), async (rows) => {
        run += 1;
        const keyed = rows.map((cells, index) => [{ sent: `${run}-${index}`, read: `${run}-${index}` }, ...cells]);
        const csv = [COLUMNS, ...keyed.map((cells) => cells.map(({ sent }) => sent))]
          .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
          .join('\n');

        const status = await load(client, { object: 'Thing__c', operation: 'insert' }, csv);
        expect(status).toMatchObject({ numberRecordsProcessed: rows.length, numberRecordsFailed: 0 });

        const soql = `SELECT ${COLUMNS.join(', ')} FROM Thing__c WHERE Key__c LIKE '${run}-%' ORDER BY Int__c`;
        const id = await runJob(client, soql);
        const [, ...read] = await csvOf(await client.send(`jobs/query/${id}/results`));
        const numeric = COLUMNS.indexOf('Number__c');
        const comparable = (cells: readonly string[]): readonly string[] =>
          cells.map((cell, place) => (place === numeric && cell !== '' ? String(Number(cell) + 0) : cell));
        const byKey = (a: readonly string[], b: readonly string[]): number => (a[0]! < b[0]! ? -1 : 1);
        expect(read.map(comparable).sort(byKey)).toEqual(
          keyed.map((cells) => comparable(cells.map(({ read: cell }) => cell))).sort(byKey),
        );
      }),
      { seed: inject('seed'), numRuns: 40 },
    );
  });
});
