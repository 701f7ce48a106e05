import { SluiceError } from '@sluice/core';
import type { QuerySource, ReportSource, SalesforceOrg } from '@sluice/salesforce';

import type { SalesforceSource } from '../../definition/copy/copy-source.ts';
import type { SalesforceObjectDataset } from '../../definition/dataset/dataset.ts';
import type { Resolved } from '../../definition/value/resolved-value.ts';
import { timeSpanMs } from '../../run/time-span.ts';

/** The largest page the connector asks for; Data Factory's own default is beyond it. */
const MAX_PAGE_ROWS = 250_000;

/** Jobs of lookups are often over before the first question, and so are those of small tables. */
const POLL = { firstMs: 200, startMs: 500 } as const;

export interface QueryRequest {
  readonly source: Resolved<SalesforceSource>;
  readonly dataset: Resolved<SalesforceObjectDataset>['typeProperties'];
  readonly datasetName: string;
  readonly strict: boolean;
  /** What becomes of fraction digits beyond the declared scale. */
  readonly decimals: 'scale' | 'exact';
  /** What becomes of fields that hold files. */
  readonly binaryFields: 'refuse' | 'skip';
}

/** @throws `CONFIG_INVALID` where nothing says what to read, or what says so is no id of a report. */
export function openQuery(org: SalesforceOrg, request: QueryRequest): QuerySource | ReportSource {
  const { source, strict, decimals, binaryFields } = request;
  const { includeDeletedObjects, partitionOption, pageSize, queryTimeout } = source;
  const asked = askedFor(request);
  if (typeof asked === 'object' && 'reportId' in asked) return org.report(asked.reportId);
  return org.query(asked, {
    includeDeletedObjects,
    strict,
    decimals: { excessDigits: decimals === 'exact' ? 'widen' : 'round' },
    base64: binaryFields === 'skip' ? 'skip' : 'error',
    parallelPages: partitionOption === 'AutoDetect',
    poll: POLL,
    ...(pageSize === undefined ? {} : { pageSize: Math.min(pageSize, MAX_PAGE_ROWS) }),
    ...(queryTimeout === undefined ? {} : { queryTimeoutMs: timeSpanMs(queryTimeout, 'source.queryTimeout') }),
  });
}

/** A query comes before the object of the dataset, and that before its report. */
function askedFor({
  source,
  dataset,
  datasetName,
}: QueryRequest): string | { readonly object: string } | { readonly reportId: string } {
  const query = textOf(source.query) ?? textOf(source.SOQLQuery);
  if (query !== undefined) return query;
  const [object, report] = [textOf(dataset.objectApiName), textOf(dataset.reportId)];
  if (object !== undefined && report !== undefined) {
    throw new SluiceError('CONFIG_INVALID', `dataset ${datasetName} has both objectApiName and reportId`, {
      hint: 'Keep one of them, or give the source a query.',
    });
  }
  if (object !== undefined) return { object };
  if (report !== undefined) return { reportId: report };
  throw new SluiceError(
    'CONFIG_INVALID',
    'the source has no query, and its dataset neither objectApiName nor reportId',
    {
      hint: `Give the source a query, or dataset ${datasetName} an objectApiName.`,
    },
  );
}

/** Blank texts count as none. */
function textOf(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
