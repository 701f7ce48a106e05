import { labelOf } from '../org/field-definition.ts';
import type { ResultColumn } from '../org/org.ts';
import { dataTypeOf } from './report-cells.ts';
import type { ReportDefinition, ReportGrouping } from './report-definition.ts';
import type { ReportFields } from './run-report.ts';

/** The definition of a report as its describe and its runs show it. */
export function reportMetadata(report: ReportDefinition): object {
  return {
    id: report.id,
    name: report.name,
    developerName: report.developerName,
    description: report.description ?? null,
    reportFormat: report.format,
    reportType: { type: report.object, label: report.object },
    currency: report.currency ?? null,
    detailColumns: report.columns.map(({ name }) => name),
    aggregates: report.aggregates,
    groupingsDown: report.groupingsDown.map(groupingJson),
    groupingsAcross: report.groupingsAcross.map(groupingJson),
    reportFilters: [],
    reportBooleanFilter: null,
    standardDateFilter: null,
    standardFilters: [],
    scope: 'organization',
    sortBy: report.sortBy === undefined ? [] : [{ sortColumn: report.sortBy.column, sortOrder: report.sortBy.order }],
    topRows: report.rowLimit === undefined ? null : { rowLimit: report.rowLimit, direction: 'Asc' },
    crossFilters: [],
    buckets: [],
    hasDetailRows: true,
    hasRecordCount: report.aggregates.includes('RowCount'),
    showGrandTotal: true,
    showSubtotals: true,
    historicalSnapshotDates: [],
    division: null,
    chart: null,
  };
}

function groupingJson({ name, dateGranularity }: ReportGrouping): object {
  return { name, sortOrder: 'Asc', dateGranularity, sortAggregate: null };
}

/** What the columns and the groupings hold. */
export function extendedMetadata(report: ReportDefinition, { columns, down, across }: ReportFields): object {
  const grouping = (
    groupings: readonly ReportGrouping[],
    fields: readonly ResultColumn[],
  ): (readonly [string, object])[] =>
    groupings.map(({ name }, level) => [name, { ...infoOf(fields[level]!), groupingLevel: level }] as const);
  return {
    detailColumnInfo: Object.fromEntries(
      report.columns.map(({ name, label }, index) => [name, infoOf(columns[index]!, label)]),
    ),
    aggregateColumnInfo: Object.fromEntries(
      report.aggregates.map((name) => [name, aggregateInfo(name, report, columns)]),
    ),
    groupingColumnInfo: Object.fromEntries([
      ...grouping(report.groupingsDown, down),
      ...grouping(report.groupingsAcross, across),
    ]),
  };
}

function infoOf(
  column: ResultColumn,
  label = column.field.label,
): { readonly dataType: string; readonly label: string } {
  return { dataType: dataTypeOf(column), label };
}

function aggregateInfo(aggregate: string, report: ReportDefinition, columns: readonly ResultColumn[]): object {
  if (aggregate === 'RowCount') return { dataType: 'int', label: 'Record Count' };
  const column = columns[report.columns.findIndex(({ name }) => name === aggregate.slice(2))];
  return {
    dataType: column === undefined ? 'double' : dataTypeOf(column),
    label: labelOf(aggregate.slice(2)),
    downGroupingContext: null,
    acrossGroupingContext: null,
  };
}

/** The columns that could be chosen, which are those that are. */
export function reportTypeMetadata(report: ReportDefinition, { columns }: ReportFields): object {
  const entries = report.columns.map(({ name, label, id }, index) => [
    name,
    {
      ...infoOf(columns[index]!, label),
      filterable: true,
      filterValues: [],
      isLookup: id !== undefined,
      maxLength: columns[index]!.field.length,
    },
  ]);
  return { categories: [{ label: report.object, columns: Object.fromEntries(entries) as object }] };
}
