import { type Receipt, SluiceError } from '@sluice/core';
import { describe, expect, it } from 'vitest';

import { exitCodeOf } from '../src/error-exit.ts';
import { accountLines } from '../src/render/account-text.ts';
import { errorDocument, errorLines } from '../src/render/error-text.ts';
import { bytesText, countText, durationText, plural } from '../src/render/quantity-text.ts';
import { receiptLines } from '../src/render/receipt-text.ts';
import { tableLines } from '../src/render/table-text.ts';

const RECEIPT: Receipt = {
  id: 'nightly',
  source: 'salesforce query',
  sink: 'files',
  startedMs: 1_000,
  endedMs: 63_000,
  readRows: 1_010,
  writtenRows: 1_000,
  rejectedRows: 7,
  inDoubtRows: 3,
  retriedRows: 0,
  batchBytes: 1_234_567,
  parts: 2,
  splits: [{ readRows: 1_010, writtenRows: 1_000, rejectedRows: 7, inDoubtRows: 3 }],
  rejects: [
    {
      stage: 'read',
      code: 'VALUE_INVALID',
      message: 'too many digits',
      columns: ['A', 'B'],
      rows: 6,
      firstSplit: 2,
      firstRow: 17,
    },
    { stage: 'commit', code: 'ROW_REFUSED', message: 'a rule', columns: [], rows: 1, firstSplit: 0, firstRow: 0 },
  ],
  inDoubt: [{ split: 1, from: 10, to: 13 }],
  changes: [{ column: 'Amount', change: 'rounded', values: 12 }],
  notes: [{ code: 'QUERY_ORDERED', message: 'Slow.' }],
  apiCalls: { '00D1': 12, '00D2': 1 },
  leftBehind: [{ kind: 'query job', id: '750', reason: 'it did not answer', hint: 'Delete it.' }],
};

describe('a receipt', () => {
  it('shows the balance, altered values, rejected rows by reason, notes and what is left', () => {
    expect(receiptLines(RECEIPT, { from: 'Account', to: '/out' }).join('\n')).toBe(`run nightly is committed
  from       Account
  to         /out
  rows       1,010 read = 1,000 written + 7 rejected + 3 in doubt
  data       1.2 MB in memory, 2 parts of 1 split
  time       1:02 min
  API calls  12 (00D1), 1 (00D2)
altered values
  Amount: 12 values rounded
rejected rows
  6 rows, read: VALUE_INVALID (A, B): too many digits; the first is row 17 of split 2
  1 row, commit: ROW_REFUSED: a rule; the first is row 0 of split 0
rows in doubt: nobody can say whether they were written
  rows 10 to 12 of split 1
notes
  QUERY_ORDERED: Slow.
left behind
  query job 750: it did not answer
    Delete it.`);
  });

  it('ends a long list, and says where the rest is', () => {
    const notes = Array.from({ length: 1_022 }, (_, i) => ({ code: 'NOTE', message: `${i}` }));

    const lines = receiptLines({ ...RECEIPT, notes, leftBehind: [] });

    expect(lines.slice(-2)).toEqual(['  NOTE: 19', '  and 1,002 more, which --output json lists']);
  });

  it('tells of rows that were sent again, and where the row of a reject is a guess', () => {
    const guess = { ...RECEIPT.rejects[1]!, ambiguous: true as const };

    const lines = receiptLines({ ...RECEIPT, retriedRows: 1_200, rejects: [guess] });

    expect(lines).toContain('  rows       1,010 read = 1,000 written + 7 rejected + 3 in doubt; 1,200 sent again');
    expect(lines).toContain('  1 row, commit: ROW_REFUSED: a rule; the first is row 0 of split 0, or one equal to it');
  });

  it('leaves out what there is nothing of', () => {
    const clean: Receipt = {
      ...RECEIPT,
      rejects: [],
      inDoubt: [],
      changes: [],
      notes: [],
      leftBehind: [],
      apiCalls: {},
    };

    const lines = receiptLines(clean);

    expect(lines).toHaveLength(7);
    expect(lines).toContain('  from       salesforce query');
    expect(lines).toContain('  API calls  none');
  });
});

describe('an error', () => {
  const cause = new TypeError('fetch failed');
  const error = new SluiceError('CONNECTION_LOST', 'no answer', {
    hint: 'Look.\nThen wait.',
    cause,
    details: { job: '7' },
  });

  it('shows code, message and what to do, and no stack unless asked for', () => {
    expect(errorLines(error, { withStack: false })).toEqual([
      'error CONNECTION_LOST: no answer',
      '  Look.',
      '  Then wait.',
    ]);
  });

  it('shows on request where it came from, and what caused it', () => {
    const lines = errorLines(error, { withStack: true });

    expect(lines).toContain('caused by TypeError: fetch failed');
    expect(lines.filter((line) => /^ +at .*render\.test\.ts/.test(line)).length).toBeGreaterThan(1);
  });

  it('ends a chain of causes that leads back to itself', () => {
    const first = new Error('first');
    const second = new Error('second', { cause: first });
    first.cause = second;

    expect(errorLines(first, { withStack: true }).filter((line) => line.startsWith('caused by'))).toHaveLength(1);
  });

  it('becomes a document with all that a program can use', () => {
    expect(errorDocument(error)).toEqual({
      code: 'CONNECTION_LOST',
      message: 'no answer',
      hint: 'Look.\nThen wait.',
      retryable: true,
      details: { job: '7' },
    });
  });

  it('is a defect of ours when it has no code', () => {
    expect(errorLines(cause, { withStack: false })[0]).toBe('error INTERNAL: fetch failed');
    expect(errorDocument('odd')).toMatchObject({ code: 'INTERNAL', message: 'something was thrown that is no error' });
  });

  it('decides on the exit code', () => {
    expect(exitCodeOf(error)).toBe(1);
    expect(exitCodeOf(new SluiceError('QUERY_INVALID', 'x'))).toBe(2);
    expect(exitCodeOf(cause)).toBe(1);
  });
});

describe('quantities', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_000, '1.0 kB'],
    [999_949, '999.9 kB'],
    [999_950, '1.0 MB'],
    [2.5e9, '2.5 GB'],
    [7e15, '7000.0 TB'],
  ])('of %d bytes read %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });

  it.each([
    [0, '0.0 s'],
    [59_949, '59.9 s'],
    [59_950, '1:00 min'],
    [3_599_499, '59:59 min'],
    [3_599_500, '1:00:00 h'],
    [90_061_000, '25:01:01 h'],
  ])('of %d milliseconds read %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('count with separators, and one is one', () => {
    expect([countText(1_234_567.6), plural(1, 'row'), plural(0, 'row')]).toEqual(['1,234,568', '1 row', '0 rows']);
  });
});

describe('a table', () => {
  it('has its columns below each other, and no space at the end of a line', () => {
    expect(tableLines([['a', 'bb', 'c'], ['aaa', 'b'], []], '- ')).toEqual(['- a    bb  c', '- aaa  b', '-']);
  });
});

describe('the account of a run that did not finish', () => {
  const ACCOUNT = {
    readRows: 0,
    writtenRows: 0,
    rejectedRows: 0,
    inDoubtRows: 0,
    unsentRows: 0,
    inDoubt: [],
    unsent: [],
  };

  it('says where its rows are', () => {
    const account = {
      ...ACCOUNT,
      readRows: 1_510,
      writtenRows: 1_000,
      rejectedRows: 7,
      inDoubtRows: 3,
      unsentRows: 500,
    };

    expect(accountLines(account, 'Account of https://acme.my.salesforce.com')).toEqual([
      '  1,000 rows of it are in Account of https://acme.my.salesforce.com, and stay there',
      '  7 rows were rejected',
      '  3 rows may be there or not: nobody can say',
      '  500 rows were read and are not there',
    ]);
    expect(accountLines({ ...account, writtenRows: 1, rejectedRows: 0, inDoubtRows: 0, unsentRows: 0 }, 'out')).toEqual(
      ['  1 row of it is in out, and stays there'],
    );
  });

  it('says that none is there, and nothing of a run that read none', () => {
    expect(accountLines({ ...ACCOUNT, readRows: 5, unsentRows: 5 }, 'out')).toEqual([
      '  none of its rows is known to be in out',
      '  5 rows were read and are not there',
    ]);
    expect([...accountLines(ACCOUNT, 'out'), ...accountLines(undefined, 'out')]).toEqual([]);
  });
});
