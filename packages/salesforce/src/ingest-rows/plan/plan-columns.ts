import type { Note } from '@sluice/core';
import type { Field, Schema } from 'apache-arrow';

import type { OrgCatalog } from '../../schema/org-catalog.ts';
import type { FieldDescribe, SObjectDescribe } from '../../schema/sobject-describe.ts';
import type { IngestRequest, PlannedColumn } from '../ingest-plan.ts';
import { cellForm, valueBounds } from './cell-form.ts';
import { type ColumnTarget, columnTarget, userOf } from './column-target.ts';
import type { IngestProblem } from './ingest-problem.ts';
import { configProblem, type FoundColumn, isId } from './operation-rules.ts';
import { writeAccess } from './write-access.ts';

export interface ColumnPlans {
  readonly found: readonly FoundColumn[];
  /** As long as the schema where there is no problem. */
  readonly planned: readonly PlannedColumn[];
  readonly problems: readonly IngestProblem[];
  readonly notes: readonly Note[];
}

/** Finds what each column stands for, and whether its values may and can be written there. */
export async function planColumns(
  { fields }: Schema,
  describe: SObjectDescribe,
  key: FieldDescribe | undefined,
  request: IngestRequest,
  catalog: OrgCatalog,
): Promise<ColumnPlans> {
  const user = await userOf(catalog);
  const found: FoundColumn[] = [];
  const planned: PlannedColumn[] = [];
  const problems: IngestProblem[] = [];
  const notes: Note[] = [];
  for (const [index, field] of fields.entries()) {
    const { name } = field;
    const refuse = (problem: Omit<IngestProblem, 'column'> | undefined): void => {
      if (problem !== undefined) problems.push({ ...problem, column: name });
    };
    const result = await columnTarget(name, describe, catalog);
    if ('problem' in result) {
      refuse(result.problem);
      continue;
    }
    const { target } = result;
    found.push({ name, index, target });
    const isKey = isKeyColumn(target, key);
    const column = plannedColumn(field, target, isKey, describe, request);
    if ('problem' in column) refuse(column.problem);
    else planned.push(column.planned);
    // Whether there may be an Id is a matter of the operation.
    if (isKey || isId(target.field)) continue;
    const { problem, note } = writeAccess(target.field, request.operation, describe, user);
    refuse(problem);
    if (note !== undefined) notes.push(note);
    refuse(encryptedProblem(target.field, request));
  }
  return { found, planned, problems, notes };
}

/** Whether a column identifies the rows; a lookup by the same field of a parent does not. */
export function isKeyColumn({ isLookup, field }: ColumnTarget, key: FieldDescribe | undefined): boolean {
  return !isLookup && field.name === key?.name;
}

function plannedColumn(
  column: Field,
  { header, field, valueField, isLookup }: ColumnTarget,
  isKey: boolean,
  describe: SObjectDescribe,
  { picklists = 'ignore' }: IngestRequest,
): { readonly planned: PlannedColumn } | { readonly problem: Omit<IngestProblem, 'column'> } {
  const form = cellForm(column, valueField, describe.fields);
  if ('problem' in form) return form;
  return {
    planned: {
      name: column.name,
      header,
      ...form,
      ...valueBounds(valueField),
      ...(!isKey && isRequired(field) ? { isRequired: true } : {}),
      ...(isLookup ? { lookupField: field.name } : {}),
      ...(picklists !== 'ignore' && isPicklist(field) ? { picklist: activeValues(field) } : {}),
      ...(isKey && field.caseSensitive === true ? { isCaseSensitive: true } : {}),
    },
  };
}

function isPicklist({ type }: FieldDescribe): boolean {
  return type === 'picklist' || type === 'multipicklist';
}

function activeValues({ picklistValues }: FieldDescribe): readonly string[] {
  return (picklistValues ?? []).flatMap(({ value, active }) => (active === false ? [] : (value ?? [])));
}

function isRequired({ type, nillable }: FieldDescribe): boolean {
  return type === 'boolean' || nillable === false;
}

/** What was read without the right to see it is asterisks, which would replace what is there. */
function encryptedProblem(
  { type, name }: FieldDescribe,
  { writeEncrypted = false, operation }: IngestRequest,
): IngestProblem | undefined {
  if (type !== 'encryptedstring' || writeEncrypted || operation === 'delete' || operation === 'hardDelete') {
    return undefined;
  }
  return configProblem(
    `${name} is encrypted, and values read without the permission View Encrypted Data are masks`,
    'Set writeEncrypted if these values are no masks, or leave the column out.',
  );
}
