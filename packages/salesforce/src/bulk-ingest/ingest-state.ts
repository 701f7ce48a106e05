import { SluiceError, type Json } from '@sluice/core';
import * as z from 'zod';

import { JOB_ID } from '../bulk-job/bulk-job.ts';
import type { IngestPlan } from '../ingest-rows/ingest-plan.ts';

const rows = z.int().min(0);

/** The same data, as a type that JSON is assignable to: an interface is not. */
type Plain<T> = T extends object ? { [Key in keyof T]: Plain<T[Key]> } : T;

/** All that writing needs to know; the org is not asked again. */
const ingestTarget = z.object({
  v: z.literal(1),
  orgId: z.string(),
  apiVersion: z.string().regex(/^\d{1,3}\.0$/),
  /** As it was made, with a version of its own. */
  plan: z.custom<Plain<IngestPlan>>(isPlan),
  assignmentRuleId: z.string().optional(),
});

const loadJob = z.object({
  id: z.string().regex(JOB_ID),
  /** Which header its rows are under. */
  variant: rows,
  /** Uploaded. */
  rows,
});

const partLoad = z.object({
  /** Rows of the part, refused ones included. */
  from: rows,
  to: rows,
  /** At most one for each header. */
  jobs: z.array(loadJob).readonly(),
});

const ingestMessage = z.object({
  v: z.literal(1),
  /** One, unless rows of a single batch did not fit into one upload. */
  loads: z.array(partLoad).readonly(),
});

export type IngestTarget = z.output<typeof ingestTarget>;
/** Uploaded, and open. */
export type LoadJob = z.output<typeof loadJob>;
/** Rows of a part that were encoded together, and the jobs they went into. */
export type PartLoad = z.output<typeof partLoad>;
export type IngestMessage = z.output<typeof ingestMessage>;

export const parseTarget = (value: Json): IngestTarget => parsed('target', ingestTarget, value);
export const parseMessage = (value: Json): IngestMessage => parsed('message', ingestMessage, value);

function parsed<T>(what: string, schema: z.ZodType<T>, value: Json): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new SluiceError('POSITION_UNSUPPORTED', `this version cannot read the ${what} of the ingest sink`, {
    hint: 'Resume with the version that began the run.',
  });
}

function isPlan(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}
