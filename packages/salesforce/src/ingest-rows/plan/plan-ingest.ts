import type { Note } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { MAX_UPLOAD_COLUMNS, MAX_UPLOAD_HEADER_CHARACTERS } from '../../limits.ts';
import { nearestNames } from '../../schema/nearest-names.ts';
import type { OrgCatalog } from '../../schema/org-catalog.ts';
import type { FieldDescribe, SObjectDescribe } from '../../schema/sobject-describe.ts';
import { MAX_LOOKUPS } from '../encode/header-variant.ts';
import type { IngestPlan, IngestRequest } from '../ingest-plan.ts';
import { findField, userOf } from './column-target.ts';
import { ingestNotes } from './ingest-notes.ts';
import { ingestError, type IngestProblem } from './ingest-problem.ts';
import { configProblem, duplicateProblems, keyField, operationProblems } from './operation-rules.ts';
import { type ColumnPlans, isKeyColumn, planColumns } from './plan-columns.ts';
import { refusedKind, refusedOperation } from './target-object.ts';

export interface PlannedIngest {
  readonly plan: IngestPlan;
  /** What the user ought to know, and nothing that has to stop a run. */
  readonly notes: readonly Note[];
}

/**
 * Checks a schema and a request against the org's metadata, before any job. Starts nothing.
 *
 * @throws `CONFIG_INVALID`, `OBJECT_UNKNOWN`, `FIELD_UNKNOWN`, `TYPE_UNSUPPORTED`, `TARGET_UNWRITABLE`, with every
 * problem that could be found, and all of them in the details, each with code, column, message and hint.
 */
export async function planIngest(catalog: OrgCatalog, schema: Schema, request: IngestRequest): Promise<PlannedIngest> {
  const { operation, object, externalId } = request;
  const what = `${operation} into ${object}`;
  const kind = refusedKind(object, operation);
  if (kind !== undefined) throw ingestError([kind], what);
  const describe = await catalog.describe(object);
  if (describe === undefined) throw ingestError([await unknownObject(object, catalog)], what);

  const external = externalId === undefined ? undefined : await findField(describe, externalId, 'name', catalog);
  const { field: key, problem: keyProblem } = keyField(request, describe, external);
  const columns = await planColumns(schema, describe, key, request, catalog);
  const problems = [
    refusedOperation(describe, operation, await userOf(catalog)),
    keyProblem,
    ...columns.problems,
    ...operationProblems(request, key, columns.found),
    ...duplicateProblems(columns.found),
    ...sizeProblems(schema, columns),
    groupProblem(schema, request),
  ].filter((problem) => problem !== undefined);
  if (problems.length > 0) throw ingestError(problems, what);
  return {
    plan: planOf(schema, request, describe, key, columns),
    notes: [...columns.notes, ...ingestNotes(request, describe, key, columns.found)],
  };
}

function planOf(
  { fields }: Schema,
  request: IngestRequest,
  { name: object }: SObjectDescribe,
  key: FieldDescribe | undefined,
  { found, planned }: ColumnPlans,
): IngestPlan {
  const { operation, ignoreNullValues = false, requiredNulls = 'reject', duplicateKeys = 'reject' } = request;
  const { inexactNumbers = 'send', controlCharacters = 'reject', picklists = 'ignore' } = request;
  const keyColumn = found.find(({ target }) => isKeyColumn(target, key))?.index;
  const groupColumn = fields.findIndex(({ name }) => name === request.groupBy);
  return {
    version: 1,
    object,
    operation,
    ...(operation === 'upsert' && key !== undefined ? { externalIdFieldName: key.name } : {}),
    columns: planned,
    ...(keyColumn === undefined ? {} : { keyColumn }),
    ...(groupColumn === -1 ? {} : { groupColumn }),
    isArranged: groupColumn !== -1 || (keyColumn !== undefined && duplicateKeys === 'lastWins'),
    options: { ignoreNullValues, requiredNulls, duplicateKeys, inexactNumbers, controlCharacters, picklists },
  };
}

function sizeProblems({ fields }: Schema, { planned }: ColumnPlans): readonly IngestProblem[] {
  const characters = planned.reduce((sum, { header }) => sum + header.length + 1, 0);
  const hint = 'Write some of the columns in another run.';
  const problems: IngestProblem[] = [];
  if (fields.length === 0) {
    problems.push(configProblem('there is no column to write', 'Map a column to a field of the object.'));
  }
  if (fields.length > MAX_UPLOAD_COLUMNS) {
    problems.push(configProblem(`${fields.length} columns, where an upload has at most ${MAX_UPLOAD_COLUMNS}`, hint));
  }
  const lookups = planned.filter(({ lookupField }) => lookupField !== undefined).length;
  if (lookups > MAX_LOOKUPS) {
    problems.push(configProblem(`${lookups} relationship columns, where ${MAX_LOOKUPS} are possible`, hint));
  }
  if (characters > MAX_UPLOAD_HEADER_CHARACTERS) {
    const message = `the header row has ${characters} characters, where ${MAX_UPLOAD_HEADER_CHARACTERS} are allowed`;
    problems.push(configProblem(message, hint));
  }
  return problems;
}

function groupProblem(
  { fields }: Schema,
  { groupBy, duplicateKeys, operation }: IngestRequest,
): IngestProblem | undefined {
  if (groupBy === undefined) return undefined;
  if (!fields.some(({ name }) => name === groupBy)) {
    return configProblem(`groupBy: there is no column ${groupBy}`, 'Name a column of the rows.');
  }
  if (duplicateKeys !== 'send' || operation === 'insert') return undefined;
  const message = 'groupBy would change the order of rows with the same key, which duplicateKeys: send keeps';
  return configProblem(message, 'Leave groupBy out, or choose another duplicateKeys.');
}

async function unknownObject(name: string, catalog: OrgCatalog): Promise<IngestProblem> {
  const nearest = nearestNames(
    name,
    (await catalog.objects()).map((object) => object.name),
  );
  const likely = nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`;
  return {
    code: 'OBJECT_UNKNOWN',
    message: `the object ${name} does not exist or is hidden from ${await userOf(catalog)}${likely}`,
    hint: 'Check the spelling, and that a permission lets the user see the object.',
  };
}
