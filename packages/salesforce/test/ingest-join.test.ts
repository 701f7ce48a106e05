import { describe, expect, it } from 'vitest';

import { batchOf, text } from './ingest-rows.ts';
import { joinedPart } from './joined-part.ts';
import { inChunks, type ModelOutcome } from './org-model.ts';
import { rejectionOf } from './thrown.ts';

const upsert = { operation: 'upsert', externalId: 'Ext__c' } as const;
const written: ModelOutcome = { kind: 'written', created: true };
const unprocessed: ModelOutcome = { kind: 'unprocessed' };
const locked = failed('UNABLE_TO_LOCK_ROW:unable to obtain exclusive access:--');
const invalid = failed('FIELD_CUSTOM_VALIDATION_EXCEPTION:not like this:Name --');

function failed(error: string): ModelOutcome {
  return { kind: 'failed', error };
}

describe('joining results to rows', () => {
  it('goes by the key, whatever else came back, in any order and any case', async () => {
    const batch = batchOf({ Ext__c: text('A1', 'b2', 'C3'), Note__c: text('x', 'y', 'z') });

    const {
      rejects,
      written: ids,
      writtenRows,
      inDoubt,
      facts,
    } = await joinedPart([batch], {
      request: upsert,
      outcome: ({ Ext__c }) => (Ext__c === 'b2' ? invalid : written),
      rewriting: {
        columns: ['Note__c', 'Ext__c'],
        order: [3, 2, 1],
        cells: { Ext__c: (cell) => `${cell.toLowerCase()} `, Note__c: () => 'something else' },
      },
    });

    expect(rejects).toEqual([
      {
        row: 1,
        code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
        message: 'not like this',
        retryable: false,
        columns: ['Name'],
      },
    ]);
    expect(ids.map(({ row }) => row).sort((a, b) => a - b)).toEqual([0, 2]);
    expect({ writtenRows, inDoubt }).toEqual({ writtenRows: 2, inDoubt: [] });
    expect(facts).toEqual({ unmatched: { rows: 0, messages: [] }, ambiguousRows: 0, unbalancedVariants: [] });
  });

  it('names the columns of the source, not the fields they go to', async () => {
    const batch = batchOf({ name: text('a'), 'Account__r.Ext__c': text('A') });

    const { rejects } = await joinedPart([batch], {
      outcome: () => failed('INVALID_FIELD:why:Name,Account__c,Other__c --'),
    });

    expect(rejects[0]?.columns).toEqual(['name', 'Account__r.Ext__c', 'Other__c']);
  });

  it('goes by the id that an org adds where the results of a deletion lack the column', async () => {
    const batch = batchOf({ Id: text('a00000000000000', 'a00000000000001') });

    const { rejects, writtenRows } = await joinedPart([batch], {
      request: { operation: 'delete' },
      outcome: () => written,
      rewriting: { columns: [] },
      damage: (job) => ({
        ...job,
        successfulResults: () => inChunks('"sf__Id","sf__Created"\n"a00000000000001AAA","false"\n'),
        failedResults: () =>
          inChunks('"sf__Id","sf__Error"\n"a00000000000000AAA","ENTITY_IS_DELETED:entity is deleted:--"\n'),
      }),
    });

    expect(writtenRows).toBe(1);
    expect(rejects.map(({ row, code }) => [row, code])).toEqual([[0, 'ENTITY_IS_DELETED']]);
  });

  it('RW-20: passes on why an owner is refused, without the id', async () => {
    const batch = batchOf({ Name: text('a'), OwnerId: text('005000000000001AAA') });

    const { rejects } = await joinedPart([batch], {
      outcome: () =>
        failed(
          'INACTIVE_OWNER_OR_USER:operation performed with inactive user [005000000000001AAA] as owner of order:OwnerId --',
        ),
    });

    expect(rejects[0]).toMatchObject({
      code: 'INACTIVE_OWNER_OR_USER',
      message: 'operation performed with inactive user […] as owner of order',
      columns: ['OwnerId'],
    });
  });

  it('gives equal rows of differing outcomes these in their order, and says that it is a guess', async () => {
    const batch = batchOf({ Name: text('a', 'b', 'a', 'a'), Note__c: text('x', 'x', ' x', 'x\n') });
    const outcomes = [locked, written, written, invalid];

    const { rejects, written: ids, facts } = await joinedPart([batch], { outcome: (_, sent) => outcomes[sent]! });

    expect(ids.map(({ row }) => row).sort((a, b) => a - b)).toEqual([0, 1]);
    expect(rejects.map(({ row, ambiguous }) => [row, ambiguous])).toEqual([
      [2, true],
      [3, true],
    ]);
    expect(rejects.map(({ code }) => code).sort()).toEqual(['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'UNABLE_TO_LOCK_ROW']);
    expect(facts.ambiguousRows).toBe(2);
  });

  it('gives each of very many equal rows an outcome, and an id to each that was written', async () => {
    const rows = 30_000;
    const batch = batchOf({ Name: text(...Array.from({ length: rows }, () => 'a')) });

    const joined = await joinedPart([batch], { outcome: (_, sent) => (sent % 3 === 0 ? locked : written) });

    expect(new Set(joined.written.map(({ row }) => row)).size).toBe(20_000);
    expect(joined.rejects.map(({ row }) => row)).toEqual(Array.from({ length: 10_000 }, (_, index) => 20_000 + index));
    expect(joined.facts.ambiguousRows).toBe(10_000);
  });

  it('does not call a guess what equal rows have in common', async () => {
    const { rejects } = await joinedPart([batchOf({ Name: text('a', 'a') })], { outcome: () => locked });

    expect(rejects.map(({ ambiguous }) => ambiguous)).toEqual([undefined, undefined]);
  });

  it('finds rows by the columns that all sets have, where one lacks some', async () => {
    const batch = batchOf({ Name: text('a', 'b'), Note__c: text('x', 'y') });

    const { rejects, facts, writtenRows } = await joinedPart([batch], {
      outcome: ({ Name }) => (Name === 'a' ? invalid : written),
      damage: (job) => ({
        ...job,
        failedResults: () => inChunks('"sf__Id","sf__Error",Name\n"","A_CODE:why:--","a"\n'),
      }),
    });

    expect(rejects.map(({ row, code }) => [row, code])).toEqual([[0, 'A_CODE']]);
    expect(writtenRows).toBe(1);
    expect(facts.unmatched.rows).toBe(0);
  });

  it('finds rows with keys that were all sent by their content first, then by the key', async () => {
    const batch = batchOf({ Ext__c: text('k', 'k', 'm', 'n'), Note__c: text('x', 'y', 'z', 'z') });

    const { rejects, facts } = await joinedPart([batch], {
      request: { ...upsert, duplicateKeys: 'send' },
      outcome: ({ Note__c }) => (Note__c === 'y' ? locked : Note__c === 'z' ? invalid : written),
      rewriting: { cells: { Note__c: (cell) => (cell === 'z' ? 'rewritten' : cell) } },
    });

    expect(rejects.map(({ row, code, ambiguous }) => [row, code, ambiguous])).toEqual([
      [1, 'UNABLE_TO_LOCK_ROW', undefined],
      [2, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', undefined],
      [3, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', undefined],
    ]);
    expect(facts.unmatched.rows).toBe(0);
  });

  it('lets no row go again that a later one with its key would be overtaken by', async () => {
    const keys = text('k', 'k', 'l', 'l', 'm');
    const batch = batchOf({ Ext__c: keys, Note__c: text('locked', 'fine', 'locked', 'bad', 'locked') });

    const { rejects } = await joinedPart([batch], {
      request: { ...upsert, duplicateKeys: 'send' },
      outcome: ({ Note__c }) => (Note__c === 'locked' ? locked : Note__c === 'bad' ? invalid : written),
    });

    expect(rejects.map(({ row, retryable }) => [row, retryable])).toEqual([
      [0, false],
      [2, true],
      [3, false],
      [4, true],
    ]);
    expect(rejects[0]?.message).toMatch(/ \(not sent again: a later row with its key was\)$/);
  });

  it('speaks of no row that waits for an earlier one with its key, under another header', async () => {
    const batch = batchOf({ Ext__c: text('k', 'k', 'l'), 'Account__r.Ext__c': text('p', null, null) });

    const { refused, rejects, writtenRows, inDoubt, facts } = await joinedPart([batch], {
      request: { ...upsert, duplicateKeys: 'send' },
      outcome: () => written,
    });

    expect(refused.map(({ row, code, retryable }) => [row, code, retryable])).toEqual([[1, 'KEY_POSTPONED', true]]);
    expect({ rejects, writtenRows, inDoubt }).toEqual({ rejects: [], writtenRows: 2, inDoubt: [] });
    expect(facts.unmatched.rows).toBe(0);
  });

  it('goes by the other columns where the key came back as something else', async () => {
    const batch = batchOf({ Ext__c: text('k', 'l'), Note__c: text('x', 'y') });

    const { rejects, writtenRows } = await joinedPart([batch], {
      request: upsert,
      outcome: ({ Ext__c }) => (Ext__c === 'l' ? invalid : written),
      rewriting: { cells: { Ext__c: (cell) => `#${cell}` } },
    });

    expect(writtenRows).toBe(1);
    expect(rejects.map(({ row }) => row)).toEqual([1]);
  });

  it('takes no notice of the header row of a set without rows', async () => {
    const batch = batchOf({ Name: text('a', 'b', 'c'), Note__c: text('x', 'y', 'z') });

    const { rejects, facts } = await joinedPart([batch], {
      outcome: ({ Name }) => (Name === 'b' ? invalid : locked),
      damage: (job) => ({ ...job, successfulResults: () => inChunks('"sf__Id","sf__Created"\n') }),
    });

    expect(rejects.map(({ row, code, ambiguous }) => [row, code, ambiguous])).toEqual([
      [0, 'UNABLE_TO_LOCK_ROW', undefined],
      [1, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', undefined],
      [2, 'UNABLE_TO_LOCK_ROW', undefined],
    ]);
    expect(facts.ambiguousRows).toBe(0);
  });

  it('keeps each header apart', async () => {
    const batch = batchOf({ Name: text('a', 'a', 'a'), 'Account__r.Ext__c': text('A', null, 'A') });

    const { rejects, written: ids } = await joinedPart([batch], {
      outcome: (cells) => ('Account__c' in cells ? invalid : written),
    });

    expect(rejects.map(({ row, ambiguous }) => [row, ambiguous])).toEqual([[1, undefined]]);
    expect(ids.map(({ row }) => row).sort((a, b) => a - b)).toEqual([0, 2]);
  });

  it('lets rows share what became of the one that was sent for them', async () => {
    const batch = batchOf({ Ext__c: text('a', 'b', 'a', 'b', 'c'), Name: text('1', '2', '3', '4', '5') });

    const joined = await joinedPart([batch], {
      request: { ...upsert, duplicateKeys: 'lastWins' },
      outcome: ({ Ext__c }) => (Ext__c === 'b' ? invalid : written),
    });

    expect(joined.rejects.map(({ row, ambiguous }) => [row, ambiguous])).toEqual([
      [1, undefined],
      [3, undefined],
    ]);
    expect(joined.written.toSorted((a, b) => a.row - b.row).map(({ row, created }) => [row, created])).toEqual([
      [0, false],
      [2, true],
      [4, true],
    ]);
    expect(joined.writtenRows + joined.rejectedRows).toBe(5);
  });

  it('does not speak of rows that the encoder rejected', async () => {
    const batch = batchOf({ Ext__c: text('a', 'a', null, 'b'), Name: text('x', 'y', 'z', '#N/A') });

    const joined = await joinedPart([batch], { request: upsert, outcome: () => locked });

    expect(joined.refused.map(({ row, code }) => [row, code])).toEqual([
      [1, 'KEY_DUPLICATE'],
      [2, 'KEY_MISSING'],
      [3, 'VALUE_INVALID'],
    ]);
    expect(joined.rejects.map(({ row }) => row)).toEqual([0]);
  });

  it('rejects unprocessed rows with what their job ended by', async () => {
    const batch = batchOf({ Name: text('a', 'b', 'c'), Active__c: text('true', 'false', '0') });

    const { rejects, writtenRows } = await joinedPart([batch], {
      outcome: (_, sent) => (sent === 0 ? written : unprocessed),
    });

    expect(writtenRows).toBe(1);
    expect(rejects).toEqual(
      [1, 2].map((row) => ({ row, code: 'JOB_FAILED', message: 'the job ended', retryable: true })),
    );
  });
});

describe('results that match no row', () => {
  const batch = batchOf({ Name: text('a', 'b', 'c', 'd') });
  const rewriting = { cells: { Name: (cell: string) => (cell === 'a' ? cell : 'unlike anything') } };

  it('are told with their messages, and settle the rows left where they all say they were written', async () => {
    const {
      writtenRows,
      rejects,
      inDoubt,
      facts,
      written: ids,
    } = await joinedPart([batch], { outcome: () => written, rewriting });

    expect({ writtenRows, rejects, inDoubt }).toEqual({ writtenRows: 4, rejects: [], inDoubt: [] });
    expect(facts.unmatched).toEqual({ rows: 3, messages: [] });
    expect(ids.map(({ row }) => row)).toEqual([0]);
  });

  it('settle the rows left where none was written, as a guess where the reasons differ', async () => {
    const same = await joinedPart([batch], { outcome: () => locked, rewriting });
    const differing = await joinedPart([batch], {
      outcome: ({ Name }) => (Name === 'c' ? locked : invalid),
      rewriting,
    });

    expect(same.rejects.map(({ row, ambiguous }) => [row, ambiguous])).toEqual([
      [0, undefined],
      [1, undefined],
      [2, undefined],
      [3, undefined],
    ]);
    expect(differing.rejects.map(({ row, ambiguous }) => [row, ambiguous])).toEqual([
      [0, undefined],
      [1, true],
      [2, true],
      [3, true],
    ]);
    expect(differing.facts.unmatched).toEqual({
      rows: 3,
      messages: [
        { code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'not like this', rows: 2 },
        { code: 'UNABLE_TO_LOCK_ROW', message: 'unable to obtain exclusive access', rows: 1 },
      ],
    });
  });

  it('leave the rows left in doubt where some were written and some were not', async () => {
    const { writtenRows, rejectedRows, inDoubt, facts } = await joinedPart([batch], {
      outcome: ({ Name }) => (Name === 'b' ? locked : written),
      rewriting,
    });

    expect({ writtenRows, rejectedRows }).toEqual({ writtenRows: 1, rejectedRows: 0 });
    expect(inDoubt).toEqual([{ from: 1, to: 4 }]);
    expect(facts.unmatched.rows).toBe(3);
  });
});

describe('results that do not add up', () => {
  const batch = batchOf({ Name: text('a', 'b', '#N/A', 'c'), 'Account__r.Ext__c': text('A', null, 'A', 'A') });

  it('leave the rows of their job in doubt, and no others', async () => {
    const { writtenRows, inDoubt, facts, rejects } = await joinedPart([batch], {
      outcome: () => written,
      damage: (job) => (job.variant === 0 ? { ...job, submittedRows: job.submittedRows + 1 } : job),
    });

    expect({ writtenRows, rejects }).toEqual({ writtenRows: 1, rejects: [] });
    expect(inDoubt).toEqual([
      { from: 0, to: 1 },
      { from: 3, to: 4 },
    ]);
    expect(facts.unbalancedVariants).toEqual([0]);
  });

  it('that are lost leave rows in doubt', async () => {
    const {
      writtenRows,
      inDoubt,
      rejects,
      written: ids,
    } = await joinedPart([batch], {
      outcome: () => written,
      damage: ({ variant, submittedRows }) => ({ variant, submittedRows, isLost: true }),
    });

    expect({ writtenRows, rejects, ids }).toEqual({ writtenRows: 0, rejects: [], ids: [] });
    expect(inDoubt).toEqual([
      { from: 0, to: 2 },
      { from: 3, to: 4 },
    ]);
  });

  it('that are no CSV are refused, to be read again', async () => {
    const reading = joinedPart([batch], {
      outcome: () => written,
      damage: (job) => ({ ...job, failedResults: () => inChunks('"sf__Id","sf__Error",Name\n"","x') }),
    });

    expect(await rejectionOf(reading)).toMatchObject({ code: 'RESPONSE_INVALID', retryable: true });
  });

  it('that hold nothing at all have no rows', async () => {
    const { writtenRows } = await joinedPart([batchOf({ Name: text('a') })], {
      outcome: () => written,
      damage: (job) => ({ ...job, failedResults: () => inChunks(''), unprocessedRecords: () => inChunks('') }),
    });

    expect(writtenRows).toBe(1);
  });
});
