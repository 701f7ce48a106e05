import type { Note } from '@sluice/core';

import type { FieldDescribe, SObjectDescribe } from '../../schema/sobject-describe.ts';
import type { IngestOperation } from '../ingest-plan.ts';
import { componentsHint } from './cell-form.ts';
import type { IngestProblem } from './ingest-problem.ts';

/** Written by the org, unless the user may set them on creation. */
const AUDIT_FIELDS = new Set(['CreatedDate', 'CreatedById', 'LastModifiedDate', 'LastModifiedById']);

type Access = { readonly problem?: Omit<IngestProblem, 'column'>; readonly note?: Note };

/** Whether the user may write a field with an operation. An upsert needs both rights for rows of both kinds. */
export function writeAccess(
  field: FieldDescribe,
  operation: IngestOperation,
  { name: object, fields }: SObjectDescribe,
  user: string,
): Access {
  const creates = field.createable !== false;
  const updates = field.updateable !== false;
  const lacks = `${field.name} cannot be`;
  const hint = accessHint(field, fields);
  switch (operation) {
    case 'insert':
      return creates ? {} : unwritable(`${lacks} set on creation by ${user}`, hint);
    case 'update':
      return updates ? {} : unwritable(`${lacks} changed by ${user}`, hint);
    case 'upsert': {
      if (creates && updates) return {};
      if (!creates && !updates) return unwritable(`${lacks} written by ${user}`, hint);
      const rows = creates
        ? `changed by ${user}: rows that are there`
        : `set on creation by ${user}: rows that are new`;
      const code = creates ? 'FIELD_NOT_UPDATEABLE' : 'FIELD_NOT_CREATEABLE';
      return { note: { code, message: `${lacks} ${rows} in ${object} will be rejected.` } };
    }
    case 'delete':
    case 'hardDelete':
      return {};
  }
}

function unwritable(message: string, hint: string): Access {
  return { problem: { code: 'TARGET_UNWRITABLE', message, hint } };
}

function accessHint(field: FieldDescribe, siblings: readonly FieldDescribe[]): string {
  if (AUDIT_FIELDS.has(field.name)) {
    return 'Leave the column out, or ask an administrator for the permission Set Audit Fields upon Record Creation.';
  }
  if (siblings.some(({ compoundFieldName, name }) => compoundFieldName === field.name && name !== field.name)) {
    return componentsHint(field, siblings);
  }
  if (field.calculated === true) return 'Leave the column out: the org computes the field.';
  if (field.autoNumber === true) return 'Leave the column out: the org numbers the records.';
  return 'Leave the column out, or ask an administrator for write access to the field.';
}
