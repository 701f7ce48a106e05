import type { Note } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import type { QueryOperation } from '../bulk-query/query-job.ts';

/** Which fields of an object to read; both lists hold API names, in any case. */
export interface FieldChoice {
  /** Read in this order. Paths to parents, such as `Owner.Name`, are allowed. Default: every field of the object. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/** A query in the user's own words. */
export interface SoqlRequest {
  readonly soql: string;
}

/** An object as a whole, or some of its fields and rows. */
export interface ObjectRequest {
  readonly object: string;
  readonly fields?: FieldChoice;
  /** What would follow WHERE. */
  readonly where?: string;
}

export interface QueryOptions {
  /** Rows in the recycle bin and archived ones, too. */
  readonly includeDeletedObjects?: boolean;
  /**
   * What becomes of base64 fields, which no query job returns: refused, or left out of the fields of an object and of
   * FIELDS(). A query that names one is refused. Default `error`.
   */
  readonly base64?: 'error' | 'skip';
  /** Only `widen` changes the plan: types then have room for more fraction digits than the org declares. */
  readonly decimals?: { readonly excessDigits: 'round' | 'error' | 'widen' };
  /** `dictionary` encodes picklist columns as Arrow dictionaries. Default `text`. */
  readonly picklists?: 'text' | 'dictionary';
  /** Refuses ORDER BY and LIMIT, as Azure Data Factory does. */
  readonly strict?: boolean;
}

export type QueryRequest = (SoqlRequest | ObjectRequest) & QueryOptions;

export interface PlannedColumn {
  /** Heads the column in the CSV result, such as `Account.Name`; case may differ there. */
  readonly header: string;
  /** Of the Arrow field. */
  readonly name: string;
}

/** Exactly what is sent, and exactly what comes back. */
export interface QueryPlan {
  /** API name of the object queried. */
  readonly object: string;
  readonly operation: QueryOperation;
  readonly soql: string;
  /** One for each field of the schema, in its order. */
  readonly columns: readonly PlannedColumn[];
  readonly schema: Schema;
  /** The rows come in an order the query asks for. */
  readonly isOrdered: boolean;
  readonly notes: readonly Note[];
}
