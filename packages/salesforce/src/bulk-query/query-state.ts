import { SluiceError, type Json } from '@sluice/core';
import * as z from 'zod';

import { isJobId } from '../bulk-job/bulk-job.ts';

const apiVersion = z.string().regex(/^\d{1,3}\.0$/);
const rows = z.int().min(0);

/** All that reading needs to know of the plan; the org is not asked again. */
const queryState = z.object({
  v: z.literal(1),
  orgId: z.string(),
  apiVersion,
  object: z.string(),
  operation: z.enum(['query', 'queryAll']),
  soql: z.string(),
  /** Of each field of the schema, as the result's header row names it. */
  headers: z.array(z.string()),
  /** As Arrow IPC, base64. */
  schema: z.string(),
  isOrdered: z.boolean(),
  /** Rows asked for in a page. */
  pageRows: z.int().min(1),
});

const jobOfSplit = z.object({ id: z.string().refine(isJobId), apiVersion, orgId: z.string() });

const pageSplit = z.object({
  v: z.literal(1),
  kind: z.literal('page'),
  job: jobOfSplit,
  /** Rows of the job, where the org tells. */
  rows: rows.nullable(),
  /** From 0. */
  page: z.int().min(0),
  /** Path and query of the page. */
  path: z.string(),
  /** Path of the list that named it, and its entry there, from 0. */
  list: z.string(),
  entry: z.int().min(0),
});

const sequenceSplit = z.object({
  v: z.literal(1),
  kind: z.literal('sequence'),
  job: jobOfSplit,
  rows: rows.nullable(),
  pageRows: z.int().min(1),
});

const querySplit = z.discriminatedUnion('kind', [pageSplit, sequenceSplit]);

const queryPosition = z.object({
  v: z.literal(1),
  /** Rows of the page before the position, rejected ones included. */
  row: rows,
  /** What the page begins with, so that another page in its place is noticed. */
  begin: z.string().optional(),
  /** In a sequence: what asks for the page; null for the first. */
  locator: z.string().nullable().optional(),
  /** In a sequence: pages and rows before the page. */
  pagesBefore: rows.optional(),
  rowsBefore: rows.optional(),
});

export type QueryState = z.output<typeof queryState>;
export type PageSplit = z.output<typeof pageSplit>;
export type SequenceSplit = z.output<typeof sequenceSplit>;
export type QuerySplit = z.output<typeof querySplit>;
export type QueryPosition = z.output<typeof queryPosition>;

export const parseState = (value: Json): QueryState => parsed('plan', queryState, value);
export const parseSplit = (value: Json): QuerySplit => parsed('split', querySplit, value);
export const parsePosition = (value: Json): QueryPosition => parsed('position', queryPosition, value);

function parsed<T>(what: string, schema: z.ZodType<T>, value: Json): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SluiceError('POSITION_UNSUPPORTED', `this version cannot read the ${what} of the query`, {
    hint: 'Resume with the version that began the run.',
  });
}
