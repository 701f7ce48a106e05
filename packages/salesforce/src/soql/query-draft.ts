import type { SObjectDescribe } from '../schema/sobject-describe.ts';
import type { LeftOutFields } from './object-fields.ts';
import type { QueryOptions } from './query-plan.ts';
import type { QueryProblem, QueryText } from './query-problem.ts';
import type { SelectedColumn } from './select-columns.ts';
import type { QueryNode } from './soql-ast.ts';

/** A query whose names are known, before its columns are given types. */
export interface QueryDraft {
  readonly object: SObjectDescribe;
  /** What is sent. */
  readonly soql: string;
  /** As parsed; undefined where nothing was written. */
  readonly query: QueryNode | undefined;
  readonly queryText: QueryText;
  readonly columns: readonly SelectedColumn[];
  readonly leftOut: LeftOutFields;
  /** Whether the columns are all there are, rather than named one by one. */
  readonly isWhole: boolean;
  readonly problems: readonly QueryProblem[];
}

export interface DraftOptions {
  readonly apiVersion: string;
  readonly strict: boolean;
  readonly base64: NonNullable<QueryOptions['base64']>;
}
