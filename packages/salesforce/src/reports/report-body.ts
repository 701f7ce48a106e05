import { SluiceError } from '@sluice/core';
import * as z from 'zod';

const columnInfo = z.looseObject({ dataType: z.string(), label: z.string().nullish() });
const infos = z.record(z.string(), columnInfo);
const grouping = z.looseObject({ name: z.string(), dateGranularity: z.string().nullish() });

const metadata = z.looseObject({
  name: z.string().nullish(),
  reportFormat: z.string(),
  detailColumns: z.array(z.string()).nullish(),
  groupingsDown: z.array(grouping).nullish(),
  groupingsAcross: z.array(grouping).nullish(),
  aggregates: z.array(z.string()).nullish(),
  currency: z.string().nullish(),
  topRows: z.looseObject({}).nullish(),
});

const extendedMetadata = z.looseObject({
  detailColumnInfo: infos.nullish(),
  groupingColumnInfo: infos.nullish(),
});

/** What describe tells of a report. */
export const reportDescribe = z.looseObject({
  reportMetadata: metadata,
  reportExtendedMetadata: extendedMetadata,
});

const cell = z.looseObject({ label: z.string().nullish(), value: z.unknown() });
const facts = z.looseObject({
  aggregates: z.array(cell).nullish(),
  rows: z.array(z.looseObject({ dataCells: z.array(cell) })).nullish(),
});

interface Group {
  readonly key: string;
  readonly label?: string | null | undefined;
  readonly value?: unknown;
  readonly groupings?: readonly Group[] | null | undefined;
}

const group: z.ZodType<Group> = z.looseObject({
  key: z.string(),
  label: z.string().nullish(),
  value: z.unknown(),
  groupings: z.lazy(() => z.array(group)).nullish(),
});

/** What a run of a report gives. */
export const reportResult = reportDescribe.extend({
  allData: z.boolean(),
  factMap: z.record(z.string(), facts),
  groupingsDown: z.looseObject({ groupings: z.array(group).nullish() }).nullish(),
});

export type ReportDescribe = z.output<typeof reportDescribe>;
export type ReportResult = z.output<typeof reportResult>;
export type ReportGroup = Group;

/** @throws `RESPONSE_TRUNCATED` for JSON cut short, `RESPONSE_INVALID` for what is no result of a report. */
export function parseReportResult(what: string, text: string): ReportResult {
  let body: unknown;
  try {
    body = JSON.parse(text, keepNumbers);
  } catch {
    throw new SluiceError('RESPONSE_TRUNCATED', `${what}: the answer is no whole JSON`);
  }
  const { success, data, error } = reportResult.safeParse(body);
  if (success) return data;
  const paths = error.issues.slice(0, 3).map(({ path }) => (path.length === 0 ? 'the body' : path.join('.')));
  throw new SluiceError('RESPONSE_INVALID', `${what}: the answer has not the documented shape: ${paths.join(', ')}`);
}

/** Numbers never become doubles. The context is newer than TypeScript's library. */
function keepNumbers(_: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? { number: context?.source ?? String(value) } : value;
}

export function numberText(value: unknown): string | undefined {
  const isNumber = typeof value === 'object' && value !== null && 'number' in value;
  return isNumber && typeof value.number === 'string' ? value.number : undefined;
}
