import type { FieldDescribe, SObjectDescribe } from '../../schema/sobject-describe.ts';
import type { IngestRequest } from '../ingest-plan.ts';
import { keysHint, type ColumnTarget } from './column-target.ts';
import type { IngestProblem } from './ingest-problem.ts';

/** A column whose name means something. */
export interface FoundColumn {
  readonly name: string;
  /** In the schema. */
  readonly index: number;
  readonly target: ColumnTarget;
}

/** The field that identifies a row: `Id`, or the external id; none for an insert, or where the request is wrong. */
export function keyField(
  { operation, externalId }: Pick<IngestRequest, 'operation' | 'externalId'>,
  describe: SObjectDescribe,
  found: FieldDescribe | undefined,
): { readonly field?: FieldDescribe; readonly problem?: IngestProblem } {
  if (operation !== 'upsert') {
    const problem =
      externalId === undefined
        ? {}
        : {
            problem: configProblem(`${operation} takes no externalId`, 'Leave it out, or choose the operation upsert.'),
          };
    const field = operation === 'insert' ? undefined : describe.fields.find(isId);
    return { ...(field === undefined ? {} : { field }), ...problem };
  }
  if (externalId === undefined) return { problem: configProblem('upsert needs externalId', keysHint(describe)) };
  if (found === undefined) {
    const message = `${externalId} is no field of ${describe.name} that the user may see`;
    return { problem: { code: 'FIELD_UNKNOWN', message, hint: keysHint(describe) } };
  }
  if (!isId(found) && found.externalId !== true && found.idLookup !== true) {
    return { problem: configProblem(`${found.name} of ${describe.name} is no external id`, keysHint(describe)) };
  }
  return { field: found };
}

/** Whether the columns make sense with the operation. */
export function operationProblems(
  { operation }: Pick<IngestRequest, 'operation'>,
  key: FieldDescribe | undefined,
  columns: readonly FoundColumn[],
): readonly IngestProblem[] {
  const problems: IngestProblem[] = [];
  const ids = columns.filter(({ target }) => !target.isLookup && isId(target.field));
  if (key !== undefined && !columns.some(({ target }) => !target.isLookup && target.field.name === key.name)) {
    problems.push(
      configProblem(`${operation} needs the column ${key.name}, which is not there`, `Map a column to ${key.name}.`),
    );
  }
  if (operation === 'insert' || (operation === 'upsert' && key !== undefined && !isId(key))) {
    const reason = operation === 'insert' ? 'an insert takes no Id' : `an upsert by ${key?.name} takes no Id besides`;
    problems.push(...ids.map(({ name }) => ({ ...configProblem(reason, 'Leave the column out.'), column: name })));
  }
  if (operation === 'delete' || operation === 'hardDelete') {
    const others = columns.filter((column) => !ids.includes(column));
    const hint = 'Select only the Id in the mapping.';
    problems.push(
      ...others.map(({ name }) => ({ ...configProblem(`${operation} takes no column but Id`, hint), column: name })),
    );
  }
  return problems;
}

/** Columns that stand for one field, by whatever names. */
export function duplicateProblems(columns: readonly FoundColumn[]): readonly IngestProblem[] {
  const first = new Map<string, string>();
  return columns.flatMap(({ name, target }): readonly IngestProblem[] => {
    const earlier = first.get(target.field.name);
    if (earlier === undefined) {
      first.set(target.field.name, name);
      return [];
    }
    const message = `stands for ${target.field.name}, and so does column ${earlier}`;
    return [{ ...configProblem(message, 'Map one column to a field, and leave the other out.'), column: name }];
  });
}

export function configProblem(message: string, hint: string): IngestProblem {
  return { code: 'CONFIG_INVALID', message, hint };
}

export function isId({ type, name }: FieldDescribe): boolean {
  return type === 'id' && name === 'Id';
}
