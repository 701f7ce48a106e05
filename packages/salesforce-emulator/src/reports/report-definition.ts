import * as z from 'zod';

const path = z
  .string()
  .regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/, 'a field, or a path to one through parents, such as Account.Name');

const columnName = z.string().regex(/^[A-Za-z][\w.]*$/, 'letters, digits, underscores and points');

const column = z.union([
  path,
  z.strictObject({
    name: columnName.meta({ description: 'As the report calls it, such as OPPORTUNITY_NAME.' }),
    field: path,
    id: path
      .optional()
      .meta({ description: 'Where the id of the record stands that the column shows the name of; it is the value.' }),
    label: z.string().optional().meta({ description: 'Default: that of the field.' }),
  }),
]);

const grouping = z.union([
  path,
  z.strictObject({
    name: columnName,
    field: path,
    dateGranularity: z.enum(['None', 'Day', 'Month', 'Year']).default('None'),
  }),
]);

/** Columns and groupings that one report may have. */
const MOST_COLUMNS = 100;
const MOST_DOWN = 3;
const MOST_ACROSS = 2;

/** A report of an org: what its rows are, and how they are grouped. */
export const reportInput = z.strictObject({
  id: z
    .string()
    .regex(/^00O[0-9A-Za-z]{15}$/, 'an 18-character id starting with 00O')
    .optional(),
  name: z.string().min(1),
  description: z.string().optional(),
  format: z.enum(['TABULAR', 'SUMMARY', 'MATRIX', 'MULTI_BLOCK']).default('TABULAR'),
  object: z.string(),
  where: z.string().optional().meta({ description: 'The filter of the report, as a condition of SOQL.' }),
  columns: z.array(column).min(1).max(MOST_COLUMNS),
  groupingsDown: z.array(grouping).max(MOST_DOWN).default([]),
  groupingsAcross: z.array(grouping).max(MOST_ACROSS).default([]),
  aggregates: z
    .array(z.string().regex(/^(RowCount|[samx]!.+)$/, 'RowCount, or s!, a!, m! or x! and a column'))
    .default(['RowCount']),
  sortBy: z.strictObject({ column: z.string(), order: z.enum(['Asc', 'Desc']).default('Asc') }).optional(),
  rowLimit: z.int().min(1).optional(),
  currency: z.string().optional().meta({ description: 'Of an org of several currencies; default: none.' }),
});

export type ReportInput = z.input<typeof reportInput>;
export type ParsedReport = z.output<typeof reportInput>;

export interface ReportColumn {
  readonly name: string;
  readonly field: string;
  readonly id: string | undefined;
  readonly label: string | undefined;
}

export interface ReportGrouping {
  readonly name: string;
  readonly field: string;
  readonly dateGranularity: 'None' | 'Day' | 'Month' | 'Year';
}

export interface ReportDefinition extends Omit<ParsedReport, 'columns' | 'groupingsDown' | 'groupingsAcross'> {
  readonly id: string;
  readonly developerName: string;
  readonly columns: readonly ReportColumn[];
  readonly groupingsDown: readonly ReportGrouping[];
  readonly groupingsAcross: readonly ReportGrouping[];
}

/** With what the input leaves out. */
export function defineReport(developerName: string, id: string, input: ParsedReport): ReportDefinition {
  return {
    ...input,
    id: input.id ?? id,
    developerName,
    columns: input.columns.map((one) =>
      typeof one === 'string'
        ? { name: one, field: one, id: undefined, label: undefined }
        : { name: one.name, field: one.field, id: one.id, label: one.label },
    ),
    groupingsDown: input.groupingsDown.map(groupingOf),
    groupingsAcross: input.groupingsAcross.map(groupingOf),
  };
}

function groupingOf(one: ParsedReport['groupingsDown'][number]): ReportGrouping {
  return typeof one === 'string' ? { name: one, field: one, dateGranularity: 'None' } : one;
}
