import { describe, expect, it } from 'vitest';

import { OutcomeTable } from '../src/ingest-rows/join/outcome-table.ts';
import { readRowError } from '../src/ingest-rows/join/row-error.ts';

describe('the error of a row', () => {
  it('is a code, a message and fields', () => {
    expect(readRowError('REQUIRED_FIELD_MISSING:Required fields are missing: [Name, Stage]:Name,Stage --', [])).toEqual(
      {
        code: 'REQUIRED_FIELD_MISSING',
        message: 'Required fields are missing: [Name, Stage]',
        retryable: false,
        fields: ['Name', 'Stage'],
      },
    );
    expect(readRowError('INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--', [])).toMatchObject({
      message: 'invalid cross reference id',
      fields: [],
    });
  });

  it('keeps what is no list of fields in the message', () => {
    expect(readRowError('CANNOT_EXECUTE_FLOW_TRIGGER:We could not: see the log (line 3):--', [])).toMatchObject({
      message: 'We could not: see the log (line 3)',
      fields: [],
    });
    expect(readRowError('something else entirely', [])).toMatchObject({
      code: 'UNKNOWN',
      message: 'something else entirely',
    });
    expect(readRowError('', []).code).toBe('UNKNOWN');
  });

  it('is retryable where the same row may be taken later', () => {
    const codes = ['UNABLE_TO_LOCK_ROW', 'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE', 'DUPLICATE_VALUE'];

    expect(codes.map((code) => readRowError(`${code}:why:--`, []).retryable)).toEqual([true, true, false]);
  });

  it.each([
    [
      "INVALID_FIELD:Failed to deserialize field at col 3. Due to, '2003-04-98765' is not a valid value for the type xsd:date:CloseDate --",
      ['2003-04-98765'],
      "Failed to deserialize field at col 3. Due to, '…' is not a valid value for the type xsd:date",
    ],
    [
      'STRING_TOO_LONG:Name: data value too large: secret text (max length=5):Name --',
      ['secret text'],
      'Name: data value too large: … (max length=5)',
    ],
    [
      'NUMBER_OUTSIDE_VALID_RANGE:Amount: value outside of valid range on numeric field: 1,234,567.50:Amount --',
      ['1234567.5'],
      'Amount: value outside of valid range on numeric field: …',
    ],
    [
      'DUPLICATE_VALUE:Duplicate external id specified: E-1:ERP_Id__c --',
      ['E-1'],
      'Duplicate external id specified: …',
    ],
    [
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:Stage: bad value for restricted picklist field: X:Stage --',
      ['X'],
      'Stage: bad value for restricted picklist field: …',
    ],
    [
      "FIELD_CUSTOM_VALIDATION_EXCEPTION:You can't do what you don't know:--",
      ['t'],
      "You can't do what you don't know",
    ],
    [
      'UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record or 1 records: 001000000000001AAA:--',
      ['1', 'record'],
      'unable to obtain exclusive access to this … or 1 records: 001000000000001AAA',
    ],
  ])('does not repeat what the row says: %s', (text, cells, message) => {
    expect(readRowError(text, cells).message).toBe(message);
  });
});

describe('a table of reasons', () => {
  const reason = (message: string) => ({ code: 'UNABLE_TO_LOCK_ROW', message, retryable: true });

  it('keeps a reason once, and what a text came to', () => {
    const table = new OutcomeTable();
    const first = table.outcomeOf(reason('locked'), 'UNABLE_TO_LOCK_ROW:locked:--');

    expect(table.outcomeOf(reason('locked'))).toBe(first);
    expect(table.known('UNABLE_TO_LOCK_ROW:locked:--')).toBe(first);
    expect(table.reasonOf(first)).toEqual(reason('locked'));
    expect(table.outcomeOf(reason('locked by another'))).not.toBe(first);
  });

  it('keeps the code alone of what comes when it has too many', () => {
    const table = new OutcomeTable();
    const outcomes = Array.from({ length: 100_000 }, (_, index) =>
      table.outcomeOf(reason(`locked: ${index}`), `${index}`),
    );

    expect(Math.max(...outcomes)).toBeLessThan(0x8000);
    expect(table.isFull).toBe(true);
    expect(table.reasonOf(outcomes.at(-1)!)).toEqual(
      reason('the org gave too many different messages to keep this one'),
    );
    expect(outcomes.at(-1)).toBe(outcomes.at(-2));
  });
});
