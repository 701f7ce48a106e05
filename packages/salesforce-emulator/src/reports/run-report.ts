import type { Cell, Org, QueryResult, ResultColumn } from '../org/org.ts';
import { FactMap } from './fact-map.ts';
import { GroupingTree } from './grouping-tree.ts';
import { type CellLook, type ReportCell, reportCell } from './report-cells.ts';
import type { ReportColumn, ReportDefinition, ReportGrouping } from './report-definition.ts';

/** Rows that a run gives at most. */
const MOST_DETAIL_ROWS = 2000;

export interface RunOptions {
  readonly org: Org;
  readonly nowMs: number;
  readonly locale: string;
  readonly includeDetails: boolean;
  /** A condition beside that of the report. */
  readonly condition: string | undefined;
}

export interface ReportRun {
  /** False where there were more rows than a run gives. */
  readonly allData: boolean;
  readonly factMap: object;
  readonly groupingsDown: object;
  readonly groupingsAcross: object;
  readonly fields: ReportFields;
}

/** What the fields of a report are, in the order of its columns and groupings. */
export interface ReportFields {
  readonly columns: readonly ResultColumn[];
  readonly down: readonly ResultColumn[];
  readonly across: readonly ResultColumn[];
}

/** @throws {SoqlFault} for a report whose fields are none. */
export function runReport(report: ReportDefinition, options: RunOptions): ReportRun {
  const select = new SelectedFields(report);
  using result = options.org.query(soqlOf(report, select, options.condition), {
    includeDeleted: false,
    api: 'rest',
    nowMs: options.nowMs,
    orderSeed: 1,
  });
  const look: CellLook = { locale: options.locale, currency: report.currency ?? null };
  const fields = fieldsOf(report, select, result);
  const [down, across] = [
    new GroupingTree(report.groupingsDown, fields.down, look),
    new GroupingTree(report.groupingsAcross, fields.across, look),
  ];
  const facts = new FactMap(report, fields.columns, look);
  let rows = 0;
  for (const cells of result.rows(0, result.totalRows)) {
    const cellOf = (path: string): Cell => cells[select.indexOf(path)] ?? null;
    const place = {
      down: down.place(report.groupingsDown.map(({ field }) => cellOf(field))),
      across: across.place(report.groupingsAcross.map(({ field }) => cellOf(field))),
    };
    const details =
      options.includeDetails && rows < MOST_DETAIL_ROWS
        ? report.columns.map((column, index) => detailCell(column, fields.columns[index]!, cellOf, look))
        : undefined;
    facts.add(
      place,
      report.columns.map(({ field }) => cellOf(field)),
      details,
    );
    rows++;
  }
  return {
    allData: rows <= MOST_DETAIL_ROWS,
    factMap: facts.json(options.includeDetails),
    groupingsDown: { groupings: down.json() },
    groupingsAcross: { groupings: across.json() },
    fields,
  };
}

/** What the fields are, without a row. @throws {SoqlFault} */
export function describeFields(report: ReportDefinition, org: Org, nowMs: number): ReportFields {
  const select = new SelectedFields(report);
  const soql = `${soqlOf(report, select, undefined).replace(/ LIMIT \d+$/, '')} LIMIT 0`;
  using result = org.query(soql, { includeDeleted: false, api: 'rest', nowMs, orderSeed: 1 });
  return fieldsOf(report, select, result);
}

/** A column that shows the name of a record has the record's id for its value. */
function detailCell(
  { field, id }: ReportColumn,
  column: ResultColumn,
  cellOf: (path: string) => Cell,
  look: CellLook,
): ReportCell {
  const cell = reportCell(cellOf(field), column, look);
  return id === undefined ? cell : { label: cell.label, value: cellOf(id) };
}

class SelectedFields {
  readonly paths: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor({ columns, groupingsDown, groupingsAcross }: ReportDefinition) {
    const paths = [
      ...columns.flatMap(({ field, id }) => (id === undefined ? [field] : [field, id])),
      ...groupingsDown.map(({ field }) => field),
      ...groupingsAcross.map(({ field }) => field),
    ];
    this.paths = [...new Set(paths)];
    this.#places = new Map(this.paths.map((path, index) => [path, index]));
  }

  indexOf(path: string): number {
    return this.#places.get(path) ?? -1;
  }
}

function soqlOf(report: ReportDefinition, { paths }: SelectedFields, condition: string | undefined): string {
  const conditions = [report.where, condition].filter((one) => one !== undefined).map((one) => `(${one})`);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const sorted = report.columns.find(({ name }) => name === report.sortBy?.column);
  const order = [
    ...[...report.groupingsDown, ...report.groupingsAcross].map(({ field }) => `${field} ASC`),
    ...(sorted === undefined ? [] : [`${sorted.field} ${(report.sortBy?.order ?? 'Asc').toUpperCase()}`]),
  ];
  const orderBy = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
  const limit = report.rowLimit === undefined ? '' : ` LIMIT ${report.rowLimit}`;
  return `SELECT ${paths.join(', ')} FROM ${report.object}${where}${orderBy}${limit}`;
}

function fieldsOf(report: ReportDefinition, select: SelectedFields, { columns }: QueryResult): ReportFields {
  const all = ({ field }: ReportColumn | ReportGrouping): ResultColumn => columns[select.indexOf(field)]!;
  return {
    columns: report.columns.map(all),
    down: report.groupingsDown.map(all),
    across: report.groupingsAcross.map(all),
  };
}
