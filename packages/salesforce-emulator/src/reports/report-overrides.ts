import * as z from 'zod';

import { ApiFault } from '../http/api-fault.ts';
import type { ObjectDefinition } from '../org/org.ts';
import type { ReportColumn, ReportDefinition } from './report-definition.ts';

const filter = z.object({
  column: z.string(),
  operator: z.string(),
  value: z.string(),
});

/** What a run may change: "Filter Reports on Demand", read 2026-11. Other keys of the metadata are let be. */
export const overridesSchema = z.object({
  reportMetadata: z
    .object({
      detailColumns: z.array(z.string()).optional(),
      reportFilters: z.array(filter).max(20).optional(),
      reportBooleanFilter: z.string().nullish(),
      sortBy: z
        .array(z.object({ sortColumn: z.string(), sortOrder: z.string() }))
        .max(1)
        .optional(),
    })
    .optional(),
});

export type Overrides = NonNullable<z.output<typeof overridesSchema>['reportMetadata']>;
export type ReportFilter = z.output<typeof filter>;

const OPERATORS: Readonly<Record<string, string>> = {
  equals: '=',
  notEqual: '!=',
  lessThan: '<',
  greaterThan: '>',
  lessOrEqual: '<=',
  greaterOrEqual: '>=',
};
const QUOTED = new Set(['int', 'long', 'double', 'currency', 'percent', 'date', 'datetime', 'boolean']);

/** A report with other columns and another order, for one run. @throws {ApiFault} 400. */
export function overridden(report: ReportDefinition, overrides: Overrides): ReportDefinition {
  const { detailColumns, sortBy } = overrides;
  if (detailColumns?.length === 0) throw new ApiFault(400, 'BAD_REQUEST', 'No columns are selected.');
  const [sort] = sortBy ?? [];
  if (sort !== undefined) columnNamed(report, sort.sortColumn, 'sort');
  return {
    ...report,
    columns: detailColumns?.map((name) => columnNamed(report, name, 'detail')) ?? report.columns,
    ...(sort === undefined
      ? {}
      : { sortBy: { column: sort.sortColumn, order: /^desc/i.test(sort.sortOrder) ? 'Desc' : 'Asc' } }),
  };
}

/** The filters of a run as a condition of SOQL. @throws {ApiFault} 400 for an unknown column, operator or combination. */
export function filterCondition(
  report: ReportDefinition,
  { reportFilters = [], reportBooleanFilter }: Overrides,
  object: ObjectDefinition | undefined,
): string | undefined {
  const conditions = reportFilters.map((one) => conditionOf(report, one, object));
  if (conditions.length === 0) return undefined;
  if (reportBooleanFilter === undefined || reportBooleanFilter === null) return conditions.join(' AND ');
  return reportBooleanFilter.replaceAll(/\d+/g, (number) => {
    const condition = conditions[Number(number) - 1];
    if (condition === undefined) throw new ApiFault(400, 'BAD_REQUEST', 'The boolean filter is invalid.');
    return condition;
  });
}

function conditionOf(
  report: ReportDefinition,
  { column, operator, value }: ReportFilter,
  object: ObjectDefinition | undefined,
): string {
  const { field } = columnNamed(report, column, 'filter');
  const type = object?.fields.find(({ name }) => name.toLowerCase() === field.toLowerCase())?.type ?? 'string';
  const literal = (text: string): string =>
    QUOTED.has(type) ? text.replaceAll(',', '') : `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
  const symbol = OPERATORS[operator];
  if (symbol !== undefined) return `${field} ${symbol} ${literal(value)}`;
  if (operator === 'contains') return `${field} LIKE ${literal(`%${value}%`)}`;
  if (operator === 'notContain') return `(NOT ${field} LIKE ${literal(`%${value}%`)})`;
  if (operator === 'startsWith') return `${field} LIKE ${literal(`${value}%`)}`;
  throw new ApiFault(400, 'BAD_REQUEST', `The filter operator ${operator} is invalid.`);
}

function columnNamed(report: ReportDefinition, name: string, kind: 'detail' | 'filter' | 'sort'): ReportColumn {
  const column = report.columns.find((one) => one.name === name);
  if (column !== undefined) return column;
  throw new ApiFault(400, 'BAD_REQUEST', `The ${kind} column ${name} is invalid.`);
}
