import { SluiceError } from '@sluice/core';
import { decimalType } from '@sluice/core/decimal';
import {
  Bool,
  type DataType,
  DateDay,
  Field,
  Int64,
  Schema,
  TimeMillisecond,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import * as z from 'zod';

import type { ReportDescribe } from './report-body.ts';
import type { ParsedReportOptions } from './report-options.ts';

/** Where the value of a column comes from, and what it is. */
export const reportColumn = z.object({
  name: z.string(),
  label: z.string(),
  /** `grouping` and `cell` count from 0; `currency` is the currency of the amount in that cell. */
  from: z.enum(['grouping', 'cell', 'currency']),
  index: z.int().min(0),
  dataType: z.string(),
  /** Shown as text, whatever the data type says. */
  isText: z.boolean(),
});

export type ReportColumn = z.output<typeof reportColumn>;

/** Groups by these are the values themselves; by months and the like they are not. */
const EXACT_GRANULARITIES: ReadonlySet<string> = new Set(['none', 'day', '']);
const DATES: ReadonlySet<string> = new Set(['date', 'datetime']);

/** Room for any number, since a report tells neither precision nor scale. */
const NUMBER = { precision: 38, scale: 18 } as const;

const TYPES: Readonly<Record<string, () => DataType>> = {
  boolean: () => new Bool(),
  int: () => new Int64(),
  double: () => decimalType(NUMBER.precision, NUMBER.scale),
  percent: () => decimalType(NUMBER.precision, NUMBER.scale),
  currency: () => decimalType(NUMBER.precision, NUMBER.scale),
  date: () => new DateDay(),
  datetime: () => new TimestampMillisecond('UTC'),
  time: () => new TimeMillisecond(),
};

/** Text where the report has no type for it. */
function arrowType({ dataType, isText, from }: ReportColumn): DataType {
  const make = isText || from === 'currency' || !Object.hasOwn(TYPES, dataType) ? undefined : TYPES[dataType];
  return make === undefined ? new Utf8() : make();
}

/** @throws `QUERY_UNSUPPORTED` for a report whose rows are no table; `CONFIG_INVALID` for two columns of one name. */
export function planReportColumns(
  { reportMetadata: metadata, reportExtendedMetadata: extended }: ReportDescribe,
  { columnNames }: ParsedReportOptions,
): readonly ReportColumn[] {
  refuseFormat(metadata);
  const columns: ReportColumn[] = [];
  const add = (api: string, info: Info | undefined, facts: Omit<ReportColumn, 'name' | 'label' | 'dataType'>): void => {
    const label = info?.label ?? api;
    const dataType = info?.dataType ?? 'string';
    columns.push({ name: columnNames === 'label' ? label : api, label, dataType, ...facts });
  };
  for (const [index, { name, dateGranularity }] of (metadata.groupingsDown ?? []).entries()) {
    const info = extended.groupingColumnInfo?.[name];
    const isExact = EXACT_GRANULARITIES.has((dateGranularity ?? '').toLowerCase());
    const isText = !isExact && DATES.has(info?.dataType ?? '');
    add(name, info, { from: 'grouping', index, isText });
  }
  for (const [index, name] of (metadata.detailColumns ?? []).entries()) {
    const info = extended.detailColumnInfo?.[name];
    add(name, info, { from: 'cell', index, isText: false });
    // Only an org of several currencies says which one a report is in.
    if (info?.dataType !== 'currency' || metadata.currency == null) continue;
    const currency = { dataType: 'string', label: `${info.label ?? name} Currency` };
    add(`${name}.currency`, currency, { from: 'currency', index, isText: true });
  }
  refuseTwins(columns);
  return columns;
}

type Info = NonNullable<ReportDescribe['reportExtendedMetadata']['detailColumnInfo']>[string];

export function reportSchema(columns: readonly ReportColumn[]): Schema {
  return new Schema(
    columns.map((column) => {
      const facts = new Map([
        ['salesforce:type', column.dataType],
        ['salesforce:label', column.label],
      ]);
      return new Field(column.name, arrowType(column), true, facts);
    }),
  );
}

function refuseFormat({ reportFormat, groupingsAcross, detailColumns }: ReportDescribe['reportMetadata']): void {
  const isTable = reportFormat === 'TABULAR' || reportFormat === 'SUMMARY';
  if (!isTable || (groupingsAcross ?? []).length > 0) {
    throw new SluiceError('QUERY_UNSUPPORTED', `the report is of the format ${reportFormat}, whose rows are no table`, {
      hint: 'Save it as a tabular or a summary report, or query its objects.',
    });
  }
  if ((detailColumns ?? []).length > 0) return;
  throw new SluiceError('QUERY_UNSUPPORTED', 'the report has no columns of detail', {
    hint: 'Add columns to the report.',
  });
}

function refuseTwins(columns: readonly ReportColumn[]): void {
  const names = columns.map(({ name }) => name);
  const twins = new Set(names.filter((name, index) => names.indexOf(name) < index));
  if (twins.size === 0) return;
  const list = [...twins].map((name) => JSON.stringify(name)).join(', ');
  throw new SluiceError('CONFIG_INVALID', `several columns of the report are called ${list}`, {
    hint: 'Name columns as the API does, or change their labels.',
  });
}
