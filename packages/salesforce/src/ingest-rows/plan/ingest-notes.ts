import type { Note } from '@sluice/core';

import type { FieldDescribe, SObjectDescribe } from '../../schema/sobject-describe.ts';
import type { IngestRequest } from '../ingest-plan.ts';
import { type FoundColumn, isId } from './operation-rules.ts';

/** What the user ought to know of an ingest that can be sent. */
export function ingestNotes(
  request: IngestRequest,
  describe: SObjectDescribe,
  key: FieldDescribe | undefined,
  columns: readonly FoundColumn[],
): readonly Note[] {
  const { operation, duplicateKeys } = request;
  const { name: object, fields } = describe;
  const notes: Note[] = [];
  const add = (code: string, message: string): void => {
    notes.push({ code, message });
  };
  if (operation === 'upsert' && key !== undefined && !isId(key) && key.unique !== true) {
    const rule = 'the org wants the permission View All Data, and rejects rows that match several records';
    add('KEY_NOT_UNIQUE', `${key.name} is not unique in ${object}: ${rule}.`);
  }
  if (key !== undefined && duplicateKeys === 'send') {
    add('DUPLICATES_SENT', `Of rows with the same ${key.name} within 200 of each other the org rejects all but one.`);
  }
  const written = new Set(columns.map(({ target }) => target.field.name));
  if (fields.some(({ name }) => name === CURRENCY_CODE) && !written.has(CURRENCY_CODE)) {
    const amounts = columns.filter(({ target }) => target.field.type === 'currency').map(({ name }) => name);
    if (amounts.length > 0) {
      const meaning = 'new records get the currency of the user, others keep theirs';
      add(
        'CURRENCY_MISSING',
        `${amounts.join(', ')}: amounts in several currencies without ${CURRENCY_CODE}; ${meaning}.`,
      );
    }
  }
  if (operation === 'insert' || operation === 'upsert') {
    const missing = fields.filter((field) => isNeeded(field) && !written.has(field.name)).map(({ name }) => name);
    if (missing.length > 0) {
      add('REQUIRED_FIELDS_MISSING', `${missing.join(', ')}: new records of ${object} are rejected without.`);
    }
  }
  if (written.has('RecordTypeId') && columns.some(({ target }) => target.header === 'RecordTypeId')) {
    add('RECORD_TYPE_IDS', 'RecordTypeId: ids of record types differ from org to org, sandboxes included.');
  }
  if (/__e$/i.test(object)) add('EVENTS_PUBLISHED', `${object}: an event that is published cannot be taken back.`);
  return notes;
}

const CURRENCY_CODE = 'CurrencyIsoCode';

function isNeeded({ type, nillable, createable, defaultedOnCreate }: FieldDescribe): boolean {
  return nillable === false && createable === true && defaultedOnCreate === false && type !== 'boolean';
}
