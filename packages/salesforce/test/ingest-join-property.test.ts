import { decimalType } from '@sluice/core/decimal';
import {
  Bool,
  type DataType,
  DateDay,
  Dictionary,
  Float64,
  Int32,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import fc from 'fast-check';
import { expect, inject, it } from 'vitest';

import { batchOf, decimals, type TestColumns } from './ingest-rows.ts';
import { joinedPart } from './joined-part.ts';
import { javaNumber, type ModelOutcome } from './org-model.ts';

interface FieldModel {
  readonly type: DataType;
  readonly values: readonly unknown[];
  /** What is left of a value in an org: equal for values that come back alike. */
  readonly held: (value: unknown) => unknown;
  /** How it comes back. */
  readonly rewrite?: (text: string) => string;
}

const trimmed = (text: string): string => text.replace(/^[\t\n\v\f\r ]+|[\t\n\v\f\r ]+$/g, '');
const dictionary = new Dictionary(new Utf8(), new Int32());
const longId = (id: unknown): string => (String(id).length === 15 ? `${String(id)}AAA` : String(id));

/** One of every form, with few values, so that equal rows come up. */
const FIELDS: Readonly<Record<string, FieldModel>> = {
  Name: { type: new Utf8(), values: ['a', ' a', 'a,"b"', null, 'é'], held: heldText, rewrite: trimmed },
  Note__c: { type: new Utf8(), values: ['x\r\ny', 'x\ny', '', '\u00a0x'], held: heldText, rewrite: trimmed },
  Stage__c: { type: dictionary, values: ['open', 'won', null], held: heldText },
  Tags__c: {
    type: new Utf8(),
    values: ['b;a', 'a;b', 'a', null],
    held: (value) => (value === null ? null : textOf(value).split(';').sort().join()),
    rewrite: (text) => text.split(';').sort().join(';'),
  },
  Amount__c: {
    type: decimalType(18, 2),
    values: ['912260031.00', '-0.05', '12345678.90', '0.00'],
    held: Number,
    rewrite: javaNumber,
  },
  Number__c: { type: new Float64(), values: [1e7, 0.1, 2 ** 40, null], held: (value) => value, rewrite: javaNumber },
  Count__c: { type: new Int32(), values: [5, -5, null], held: (value) => value, rewrite: (text) => `${text}.0` },
  Active__c: { type: new Bool(), values: [true, false], held: (value) => value },
  Day__c: {
    type: new DateDay(),
    values: [new Date('2024-02-29'), new Date('1969-12-31'), null],
    held: heldTime(86_400_000),
  },
  At__c: {
    type: new TimestampMillisecond('UTC'),
    values: [1_713_294_000_123, 1_713_294_000_999, 1_713_294_001_000, -1, null],
    held: heldTime(1000),
    rewrite: (text) => text.replace(/\.\d+Z$/, '.000Z'),
  },
  Clock__c: {
    type: new TimeMillisecond(),
    values: [68_400_001, 68_400_002, 0, null],
    held: (value) => (value === null ? null : Math.floor(Number(value) / 1000)),
    rewrite: (text) => text.slice(0, 8),
  },
  Parent__c: {
    type: new Utf8(),
    values: ['001000000000001', '001000000000001AAA', '001000000000002'],
    held: longId,
    rewrite: longId,
  },
  'Account__r.Ext__c': { type: new Utf8(), values: ['A', 'B', null], held: heldText },
};

const OUTCOMES: readonly ModelOutcome[] = [
  { kind: 'written', created: true },
  { kind: 'failed', error: 'UNABLE_TO_LOCK_ROW:locked:--' },
  { kind: 'failed', error: 'FIELD_CUSTOM_VALIDATION_EXCEPTION:no:--' },
  { kind: 'unprocessed' },
];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function heldText(value: unknown): unknown {
  return value === null ? null : trimmed(textOf(value)).replace(/\r\n?/g, '\n') || null;
}

function heldTime(unit: number): (value: unknown) => unknown {
  return (value) => (value === null ? null : Math.floor(Number(value) / unit));
}

function codeOf(outcome: ModelOutcome): string {
  if (outcome.kind === 'failed') return outcome.error.split(':')[0]!;
  return outcome.kind === 'written' ? 'written' : 'JOB_FAILED';
}

const names = Object.keys(FIELDS);
const column = (name: string) => fc.constantFrom(...FIELDS[name]!.values.keys());
const row = fc.record(Object.fromEntries(names.map((name) => [name, column(name)])));
const part = fc.record({
  // Many rows of few columns are often equal.
  used: fc.subarray(names, { minLength: 1 }),
  rows: fc.array(fc.record({ cells: row, outcome: fc.constantFrom(...OUTCOMES) }), { minLength: 1, maxLength: 24 }),
  order: fc.array(fc.nat(), { minLength: 1 }),
  shuffle: fc.nat(),
  lostColumns: fc.subarray(names),
});

it('RW-09: gives every row its own outcome, or one of those that rows like it had', async () => {
  await fc.assert(
    fc.asyncProperty(part, async ({ used, rows, order, shuffle, lostColumns }) => {
      const valueOf = (name: string, at: number): unknown => FIELDS[name]!.values[rows[at]!.cells[name]!];
      const columns: TestColumns = Object.fromEntries(
        used.map((name) => {
          const values = rows.map((_, at) => valueOf(name, at));
          return [name, [FIELDS[name]!.type, name === 'Amount__c' ? decimals(2, ...values.map(String)) : values]];
        }),
      );
      const headerOf = (at: number): string =>
        used.includes('Account__r.Ext__c') && valueOf('Account__r.Ext__c', at) === null
          ? 'Account__c'
          : 'Account__r.Ext__c';
      const headers = [...new Set(rows.map((_, at) => headerOf(at)))];
      const sentOrder = headers.flatMap((header) => [...rows.keys()].filter((at) => headerOf(at) === header));
      const kept = used.filter((name) => !lostColumns.includes(name));
      const turn = shuffle % Math.max(kept.length, 1);
      const returned = [...kept.slice(turn), ...kept.slice(0, turn)].toReversed();
      const likeness = (at: number): string =>
        JSON.stringify([headerOf(at), ...returned.map((name) => FIELDS[name]!.held(valueOf(name, at)) ?? null)]);

      const joined = await joinedPart([batchOf(columns)], {
        outcome: (_, sent) => rows[sentOrder[sent]!]!.outcome,
        rewriting: {
          columns: returned,
          order,
          cells: Object.fromEntries(used.map((name) => [name, FIELDS[name]!.rewrite ?? ((text) => text)])),
        },
      });

      const given = rows.map(() => 'written');
      for (const { row: at, code } of joined.rejects) given[at] = code;
      const groups = Map.groupBy(rows.keys(), likeness);
      for (const group of groups.values()) {
        expect(group.map((at) => given[at]!).sort()).toEqual(group.map((at) => codeOf(rows[at]!.outcome)).sort());
      }
      for (const { row: at, code, ambiguous } of joined.rejects) {
        const codes = new Set(groups.get(likeness(at))!.map((other) => codeOf(rows[other]!.outcome)));
        expect([code, ambiguous === true]).toEqual([given[at], codes.size > 1]);
      }
      expect(joined.written.map(({ row: at }) => at).sort((a, b) => a - b)).toEqual(
        [...rows.keys()].filter((at) => given[at] === 'written'),
      );
      expect(joined.inDoubt).toEqual([]);
      expect(joined.facts.unmatched.rows).toBe(0);
    }),
    { seed: inject('seed'), numRuns: 150 },
  );
});
