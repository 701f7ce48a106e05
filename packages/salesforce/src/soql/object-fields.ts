import type { FieldDescribe, SObjectDescribe } from '../schema/sobject-describe.ts';
import type { ResolvedField } from './field-resolver.ts';
import type { QueryProblem } from './query-problem.ts';
import { isCompound, isStructured, unreadable } from './select-columns.ts';

/** Names of fields that a list of all fields leaves out, by reason. */
export interface LeftOutFields {
  readonly compound: readonly string[];
  readonly base64: readonly string[];
  readonly structured: readonly string[];
}

export interface ReadableFields {
  /** In the order of describe. */
  readonly fields: readonly FieldDescribe[];
  readonly leftOut: LeftOutFields;
  readonly problems: readonly QueryProblem[];
}

export const NOTHING_LEFT_OUT: LeftOutFields = { compound: [], base64: [], structured: [] };

/**
 * The fields of an object that a query job can return, of those that `isWanted`.
 *
 * Compound fields are left out because their components are fields too; values without a form in CSV, and fields the
 * org has deprecated and hidden, because nobody named them.
 */
export function readableFields(
  { name: object, fields }: SObjectDescribe,
  base64: 'error' | 'skip',
  isWanted: (field: FieldDescribe) => boolean,
): ReadableFields {
  const wanted = fields.filter((field) => field.deprecatedAndHidden !== true && isWanted(field));
  const blobs = wanted.filter(({ type }) => type === 'base64');
  return {
    fields: wanted.filter((field) => !isCompound(field) && !isStructured(field) && field.type !== 'base64'),
    leftOut: {
      compound: wanted.filter(isCompound).map(({ name }) => name),
      base64: blobs.map(({ name }) => name),
      structured: wanted.filter(isStructured).map(({ name }) => name),
    },
    problems:
      base64 === 'skip'
        ? []
        : blobs.flatMap((field) => unreadable(fieldOfObject(object, field, fields)).map(withSkipHint)),
  };
}

export function fieldOfObject(object: string, field: FieldDescribe, siblings: readonly FieldDescribe[]): ResolvedField {
  return { object, path: [field.name], field, siblings };
}

function withSkipHint(problem: QueryProblem): QueryProblem {
  return { ...problem, hint: "Set `base64: 'skip'` to leave such fields out, and read the files with the REST API." };
}
