import { SluiceError } from '@sluice/core';
import { decimalType } from '@sluice/core/decimal';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Dictionary,
  Field,
  Float32,
  Float64,
  Int32,
  Schema,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import type { IngestRequest } from '../src/ingest-rows/ingest-plan.ts';
import { type PlannedIngest, planIngest } from '../src/ingest-rows/plan/plan-ingest.ts';
import { orderCatalog } from './ingest-rows.ts';
import { rejectionOf } from './thrown.ts';

const text = new Utf8();

function columns(...fields: readonly (string | readonly [name: string, type: DataType])[]): Schema {
  return new Schema(
    fields.map((field) =>
      typeof field === 'string' ? new Field(field, text, true) : new Field(field[0], field[1], true),
    ),
  );
}

async function plan(schema: Schema, request: Partial<IngestRequest> = {}): Promise<PlannedIngest> {
  return await planIngest(orderCatalog(), schema, { object: 'Order__c', operation: 'insert', ...request });
}

async function refusal(schema: Schema, request: Partial<IngestRequest> = {}): Promise<SluiceError> {
  const error = await rejectionOf(plan(schema, request));
  if (SluiceError.is(error)) return error;
  throw error;
}

const listed = z.object({
  problems: z.array(
    z.object({ code: z.string(), column: z.string().optional(), message: z.string(), hint: z.string() }),
  ),
});

/** Each problem as code, column and message, with its hint. */
async function problems(schema: Schema, request: Partial<IngestRequest> = {}): Promise<readonly (readonly string[])[]> {
  const { details } = await refusal(schema, request);
  return listed
    .parse(details)
    .problems.map(({ code, column, message, hint }) => [
      code,
      `${column === undefined ? '' : `${column}: `}${message}`,
      hint,
    ]);
}

async function messages(
  schema: Schema,
  request: Partial<IngestRequest> = {},
): Promise<readonly (string | undefined)[]> {
  return (await problems(schema, request)).map(([, message]) => message);
}

describe('planning an ingest', () => {
  it('finds fields in any case, and writes their names as the org does', async () => {
    const { plan: planned } = await plan(columns('name', 'EXT__C', 'account__r.ext__c', 'user:OWNER.username'));

    expect(planned.columns.map(({ name, header, lookupField }) => [name, header, lookupField])).toEqual([
      ['name', 'Name', undefined],
      ['EXT__C', 'Ext__c', undefined],
      ['account__r.ext__c', 'Account__r.Ext__c', 'Account__c'],
      ['user:OWNER.username', 'User:Owner.Username', 'OwnerId'],
    ]);
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned);
  });

  it('RW-05: names a field that is not there or hidden, and those most like it', async () => {
    expect(await problems(columns('Nmae', 'Account', 'Accounts__r.Ext__c'))).toEqual([
      [
        'FIELD_UNKNOWN',
        'Nmae: the field Nmae of Order__c does not exist or is hidden from ada@example.com (nearest: Name)',
        'Map the column to a field of the object or leave it out, and see that field-level security lets the user see the field.',
      ],
      [
        'FIELD_UNKNOWN',
        'Account: the field Account of Order__c does not exist or is hidden from ada@example.com (nearest: Account__c)',
        'Map the column to a field of the object or leave it out, and see that field-level security lets the user see the field.',
      ],
      [
        'FIELD_UNKNOWN',
        'Accounts__r.Ext__c: the relationship Accounts__r of Order__c does not exist or is hidden from ada@example.com (nearest: Account__r)',
        'Map the column to a field of the object or leave it out, and see that field-level security lets the user see the field.',
      ],
    ]);
  });

  it('tells how to write a relationship that stands alone', async () => {
    const [problem] = await problems(columns('Owner'));

    expect(problem?.[2]).toBe('Write OwnerId for the id of the parent, or Owner. and an external id of it.');
  });

  it('checks relationship columns: levels, kinds, and the key of the parent', async () => {
    const schema = columns('Account__r.Owner.Name', 'Owner.Username', 'Account:Account__r.Ext__c', 'Lead:Owner.Name');

    expect(await problems(schema)).toEqual([
      [
        'FIELD_UNKNOWN',
        'Account__r.Owner.Name: is no relationship column: it climbs to one parent only, and names an external id there',
        'Write Account.Ext__c, Parent__r.Ext__c, or User:Owner.Username where there are several kinds of parents.',
      ],
      [
        'FIELD_UNKNOWN',
        'Owner.Username: Owner points to several kinds of records, and the column does not say which',
        'Write for example Group:Owner.Username (Group, User).',
      ],
      [
        'FIELD_UNKNOWN',
        'Account:Account__r.Ext__c: Account__r points to one kind of records, so that no kind may be named',
        'Write Account__r.Ext__c.',
      ],
      ['FIELD_UNKNOWN', 'Lead:Owner.Name: Owner does not point to Lead', 'Name one of its kinds: Group, User.'],
    ]);
    expect(await problems(columns('Account__r.Name', 'Group:Owner.Name'))).toEqual([
      [
        'FIELD_UNKNOWN',
        'Account__r.Name: Name of Account is no external id, so that no parent can be found by it',
        'Use one of Ext__c, or mark the field as external id in the org.',
      ],
      [
        'FIELD_UNKNOWN',
        'Group:Owner.Name: Name of Group is no external id, so that no parent can be found by it',
        'Mark a field of the object as external id in the org.',
      ],
    ]);
  });

  it('RW-21: refuses what the user may not set', async () => {
    expect(
      await problems(columns(['Total__c', new Float64()], ['CreatedDate', new TimestampMillisecond('UTC')])),
    ).toEqual([
      [
        'TARGET_UNWRITABLE',
        'Total__c: Total__c cannot be set on creation by ada@example.com',
        'Leave the column out: the org computes the field.',
      ],
      [
        'TARGET_UNWRITABLE',
        'CreatedDate: CreatedDate cannot be set on creation by ada@example.com',
        'Leave the column out, or ask an administrator for the permission Set Audit Fields upon Record Creation.',
      ],
    ]);
    expect(await messages(columns('Id', 'Master__c'), { operation: 'update' })).toEqual([
      'Master__c: Master__c cannot be changed by ada@example.com',
    ]);
  });

  it('RW-18: names the components of a name that is made of them', async () => {
    expect(await problems(columns('Name'), { object: 'Person__c' })).toEqual([
      [
        'TARGET_UNWRITABLE',
        'Name: Name cannot be set on creation by ada@example.com',
        'Write FirstName, LastName instead.',
      ],
    ]);
  });

  it('RW-19: notes that ids of record types are those of one org', async () => {
    const { notes } = await plan(columns('RecordTypeId', 'Master__c'));

    expect(notes).toEqual([
      {
        code: 'RECORD_TYPE_IDS',
        message: 'RecordTypeId: ids of record types differ from org to org, sandboxes included.',
      },
    ]);
  });

  it('notes of an upsert which rows will be rejected for a field that is writable for others', async () => {
    const { notes } = await plan(columns('Ext__c', 'Master__c'), { operation: 'upsert', externalId: 'Ext__c' });

    expect(notes).toEqual([
      {
        code: 'FIELD_NOT_UPDATEABLE',
        message: 'Master__c cannot be changed by ada@example.com: rows that are there in Order__c will be rejected.',
      },
    ]);
  });

  it('refuses two columns for one field, whatever they are called', async () => {
    expect(await messages(columns('Name', 'NAME', 'Account__c', 'Account__r.Ext__c'))).toEqual([
      'NAME: stands for Name, and so does column Name',
      'Account__r.Ext__c: stands for Account__c, and so does column Account__c',
    ]);
  });

  it('refuses types that fit no value of the field, and compound fields', async () => {
    const schema = columns(
      ['Active__c', new Int32()],
      ['Amount__c', new Bool()],
      ['Day__c', new TimeMillisecond()],
      ['Note__c', new Binary()],
      ['Count__c', new Float32()],
      'Place__c',
      'File__c',
    );

    expect((await problems(schema)).map(([, message, hint]) => [message, hint])).toEqual([
      ['Active__c: Int32 does not fit Active__c, which is of type boolean', CAST],
      ['Amount__c: Bool does not fit Amount__c, which is of type currency', CAST],
      ['Day__c: Time32<MILLISECOND> does not fit Day__c, which is of type date', CAST],
      ['Note__c: Binary cannot be written as CSV', 'Cast the column in the mapping, or leave it out.'],
      ['Count__c: Float32 cannot be written as CSV', 'Cast the column in the mapping, or leave it out.'],
      [
        'Place__c: Place__c is a compound field, which is written by its components',
        'Write Place__Latitude__s, Place__Longitude__s instead.',
      ],
      [
        'File__c: File__c holds a file, which no ingest job of Bulk API 2.0 takes',
        'Leave the column out and upload the files with the REST API.',
      ],
    ]);
  });

  it('takes every type that fits at least some values', async () => {
    const schema = columns(
      ['Name', new Dictionary(new Utf8(), new Int32())],
      ['Amount__c', decimalType(38, 10)],
      'Count__c',
      'Active__c',
      ['Day__c', new TimestampMillisecond('UTC')],
      ['At__c', new DateDay()],
      ['Note__c', new Float64()],
      'Clock__c',
    );

    const { plan: planned } = await plan(schema);

    expect(planned.columns.map(({ form }) => form)).toEqual([
      'text',
      'number',
      'number',
      'boolean',
      'date',
      'datetime',
      'text',
      'time',
    ]);
    expect(planned.columns[1]).toMatchObject({ maxWholeDigits: 16, isDouble: true });
    expect(planned.columns[2]).toMatchObject({ maxWholeDigits: 8, isWhole: true });
  });

  it('wants the key an operation goes by, and no column that has no business there', async () => {
    expect(await messages(columns('Name'), { operation: 'update' })).toEqual([
      'update needs the column Id, which is not there',
    ]);
    expect(await messages(columns('Id', 'Name'))).toEqual(['Id: an insert takes no Id']);
    expect(await messages(columns('Id', 'Name'), { operation: 'delete' })).toEqual([
      'Name: delete takes no column but Id',
    ]);
    expect(await messages(columns('Id'), { operation: 'hardDelete', externalId: 'Ext__c' })).toEqual([
      'hardDelete takes no externalId',
    ]);
    expect(await messages(columns())).toEqual(['there is no column to write']);
    expect((await plan(columns('Id', 'Name'), { operation: 'update' })).plan.keyColumn).toBe(0);
  });

  it('wants an external id for an upsert, and its column', async () => {
    const upsert = { operation: 'upsert' } as const;
    const hint = 'Use one of Ext__c, Case__c, Number__c, or mark the field as external id in the org.';

    expect(await problems(columns('Name'), upsert)).toEqual([['CONFIG_INVALID', 'upsert needs externalId', hint]]);
    expect(await problems(columns('Name'), { ...upsert, externalId: 'Name' })).toEqual([
      ['CONFIG_INVALID', 'Name of Order__c is no external id', hint],
    ]);
    expect(await problems(columns('Name'), { ...upsert, externalId: 'Nothing__c' })).toEqual([
      ['FIELD_UNKNOWN', 'Nothing__c is no field of Order__c that the user may see', hint],
    ]);
    expect(await messages(columns('Id', 'Name'), { ...upsert, externalId: 'ext__c' })).toEqual([
      'upsert needs the column Ext__c, which is not there',
      'Id: an upsert by Ext__c takes no Id besides',
    ]);
    expect((await plan(columns('Name', 'Id'), { ...upsert, externalId: 'id' })).plan).toMatchObject({
      keyColumn: 1,
      externalIdFieldName: 'Id',
    });
  });

  it('RW-23: notes a key that is not unique, and folds case unless the field tells it apart', async () => {
    const byNumber = await plan(columns('Number__c'), { operation: 'upsert', externalId: 'Number__c' });
    const byCase = await plan(columns('Case__c'), { operation: 'upsert', externalId: 'Case__c' });

    expect(byNumber.notes[0]).toEqual({
      code: 'KEY_NOT_UNIQUE',
      message:
        'Number__c is not unique in Order__c: the org wants the permission View All Data, and rejects rows that match several records.',
    });
    expect(byCase.plan.columns[0]?.isCaseSensitive).toBe(true);
  });

  it('RW-22: says by the end of its name whether an object takes rows', async () => {
    const verdict = async (object: string, operation: IngestRequest['operation'] = 'insert') =>
      (await messages(columns('Text__c'), { object, operation, externalId: 'Ext__c' }))[0];

    expect(await verdict('Far__x')).toBe('Far__x: external objects are not served by the Bulk API');
    expect(await verdict('Setting__mdt')).toBe(
      'Setting__mdt: records of custom metadata types are metadata, which no ingest job writes',
    );
    expect(await verdict('Event__e', 'upsert')).toBe(
      'Event__e: a platform event is published, and neither changed nor removed',
    );
    expect(await verdict('Log__b', 'update')).toBe(
      'Log__b: rows of a big object are inserted only, where one with the same index replaces the one before',
    );
    expect(await verdict('AccountChangeEvent')).toBe('AccountChangeEvent: change events come from the org alone');
    expect(await verdict('Attachment')).toBe('Attachment is not served by the Bulk API');
    expect((await plan(columns('Text__c'), { object: 'event__E' })).notes[0]?.code).toBe('EVENTS_PUBLISHED');
  });

  it('names an object that is not there, and those most like it', async () => {
    const error = await refusal(columns('Name'), { object: 'Ordre__c' });

    expect(error).toMatchObject({
      code: 'OBJECT_UNKNOWN',
      message:
        'insert into Ordre__c: the object Ordre__c does not exist or is hidden from ada@example.com (nearest: Order__c)',
    });
  });

  it('RW-07: writes encrypted text only when told that it is no mask', async () => {
    expect(await messages(columns('Secret__c'))).toEqual([
      'Secret__c: Secret__c is encrypted, and values read without the permission View Encrypted Data are masks',
    ]);
    expect((await plan(columns('Secret__c'), { writeEncrypted: true })).plan.columns).toHaveLength(1);
  });

  it('RW-15: notes amounts without their currency, and required fields that are missing', async () => {
    const { notes } = await plan(columns(['Amount__c', decimalType(18, 2)]));

    expect(notes.map(({ code }) => code)).toEqual(['CURRENCY_MISSING', 'REQUIRED_FIELDS_MISSING']);
    expect(notes[1]?.message).toBe('Master__c: new records of Order__c are rejected without.');
  });

  it('lists all problems at once, the first of them giving the code', async () => {
    const error = await refusal(columns('Nmae', 'Place__c', ['Active__c', new Int32()]), { groupBy: 'Nothing' });

    expect(error.code).toBe('FIELD_UNKNOWN');
    expect(error.message).toMatch(/^insert into Order__c: 4 problems: column Nmae: .+; column Place__c: .+; groupBy: /);
    expect(error.details).toMatchObject({ problems: [{}, {}, {}, {}] });
  });

  it('refuses an order of rows that would undo what duplicateKeys promises', async () => {
    const request = {
      operation: 'upsert',
      externalId: 'Ext__c',
      groupBy: 'Account__c',
      duplicateKeys: 'send',
    } as const;

    expect(await messages(columns('Ext__c', 'Account__c'), request)).toEqual([
      'groupBy would change the order of rows with the same key, which duplicateKeys: send keeps',
    ]);
  });

  it('keeps the values of picklists where they are to be looked at', async () => {
    const { plan: planned } = await plan(columns('Stage__c', 'Tags__c'), { picklists: 'warn' });

    expect(planned.columns.map(({ picklist }) => picklist)).toEqual([
      ['open', 'won'],
      ['red', 'blue'],
    ]);
  });

  it('refuses more columns than an upload has room for', async () => {
    const many = Array.from({ length: 5001 }, () => 'Name');

    const error = await refusal(columns(...many));

    expect(error.message).toMatch(/^insert into Order__c: 5001 problems/);
    expect(error.hint).toContain('Map one column to a field');
  });
});

const CAST = 'Cast the column in the mapping, or map it to another field.';
