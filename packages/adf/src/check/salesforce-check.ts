import { checkSoql } from '@sluice/salesforce';

import type { CopyActivity } from '../definition/activity/activity.ts';
import type { CopySink } from '../definition/copy/copy-sink.ts';
import type { CopySource } from '../definition/copy/copy-source.ts';
import { sqlProblem } from '../legacy/sql-query.ts';
import type { ProblemReport } from '../problem/problem-report.ts';
import { checkColumns } from './additional-columns-check.ts';
import { apiVersionOf } from './api-version.ts';
import type { CopyEnd } from './copy-end.ts';
import { isOrg, connectorOf } from './copy-types.ts';
import { literalText } from './expression-check.ts';
import type { FactoryIndex } from './factory-index.ts';

const LEAST_BATCH_ROWS = 10_000;
const MOST_BATCH_ROWS = 200_000;

export function checkSalesforceSource(
  source: CopySource,
  { dataset, linkedService }: CopyEnd,
  index: FactoryIndex,
  report: ProblemReport,
): void {
  if (!isSalesforce(source)) return;
  const older = 'SOQLQuery' in source ? source.SOQLQuery : undefined;
  if (older !== undefined && source.query !== undefined) {
    report.warn(['SOQLQuery'], 'query is given, too, and counts');
  }
  const query = source.query ?? older;
  if (query === undefined || literalText(query)?.trim() === '') checkObject(source, dataset, report);
  else checkQuery(query, source.query === undefined ? 'SOQLQuery' : 'query');
  checkColumns(source.additionalColumns, false, report);

  function checkQuery(text: typeof query, name: string): void {
    const soql = literalText(text);
    if (soql === undefined) return;
    const legacy =
      source.type === 'SalesforceSource' || source.type === 'SalesforceServiceCloudSource'
        ? sqlProblem(soql)
        : undefined;
    if (legacy !== undefined) {
      report.error([name], legacy.message, { code: 'QUERY_UNSUPPORTED', hint: legacy.hint });
      return;
    }
    const apiVersion = apiVersionOf(linkedService) ?? index.defaultApiVersion ?? '60.0';
    const problem = checkSoql(soql, { apiVersion, strict: index.strict });
    if (problem !== undefined) report.error([name], problem.message, { code: problem.code, hint: problem.hint });
  }
}

type SalesforceTypes = Extract<CopySource, { readonly type: `Salesforce${string}` }>;

function isSalesforce(source: CopySource): source is SalesforceTypes {
  return isOrg(connectorOf(source.type));
}

/** Without a query, the dataset must say what to read. */
function checkObject(source: SalesforceTypes, dataset: CopyEnd['dataset'], report: ProblemReport): void {
  const target = objectOf(dataset);
  if (target === undefined) return;
  const { objectApiName, reportId } = target;
  if (objectApiName === undefined && reportId === undefined) {
    report.error(
      [],
      'there is nothing to read: the source has no query, and its dataset no objectApiName and no reportId',
      {
        hint: 'Give one of them.',
      },
    );
  } else if (objectApiName !== undefined && reportId !== undefined) {
    report.error([], 'the dataset has both an objectApiName and a reportId, and the source no query', {
      hint: 'Remove one of the two from the dataset.',
    });
  } else if (reportId !== undefined && 'includeDeletedObjects' in source && source.includeDeletedObjects === true) {
    report.warn(['includeDeletedObjects'], 'has no effect on a report');
  }
}

export function checkSalesforceSink(
  sink: CopySink,
  { dataset }: CopyEnd,
  policy: CopyActivity['policy'],
  report: ProblemReport,
): void {
  if (!('writeBehavior' in sink)) return;
  const target = objectOf(dataset);
  if (target !== undefined && target.objectApiName === undefined) {
    report.error([], 'the dataset of the sink has no objectApiName', { hint: 'Name the object to write to.' });
  }
  if (target?.reportId !== undefined)
    report.error([], 'the dataset of the sink has a reportId; a report cannot be written to');
  const { writeBehavior, externalIdFieldName, writeBatchSize } = sink;
  if (
    writeBehavior === 'Upsert' &&
    (externalIdFieldName === undefined || literalText(externalIdFieldName)?.trim() === '')
  ) {
    report.beyondFactory(['externalIdFieldName'], 'is missing for an Upsert; Id is used', {
      hint: 'Name the external id field that identifies the records.',
    });
  }
  if (typeof writeBatchSize === 'number' && (writeBatchSize < LEAST_BATCH_ROWS || writeBatchSize > MOST_BATCH_ROWS)) {
    report.warn(['writeBatchSize'], `is best from ${LEAST_BATCH_ROWS} to ${MOST_BATCH_ROWS}`);
  }
  if (writeBehavior === 'Insert' && policy.retry !== 0) {
    report.warn(['writeBehavior'], 'with retries, rows an earlier attempt has inserted are inserted again', {
      hint: 'Upsert by an external id, or set policy.retry to 0.',
    });
  }
}

interface OrgObject {
  readonly objectApiName?: unknown;
  readonly reportId?: unknown;
}

/** Blank names count as none. */
function objectOf(dataset: CopyEnd['dataset']): OrgObject | undefined {
  if (dataset === undefined || !isOrg(connectorOf(dataset.type))) return undefined;
  // Datasets of an org have these properties, by their schema.
  const { objectApiName, reportId } = dataset.typeProperties as OrgObject;
  return { objectApiName: orNone(objectApiName), reportId: orNone(reportId) };
}

function orNone(value: unknown): unknown {
  return literalText(value)?.trim() === '' ? undefined : value;
}
