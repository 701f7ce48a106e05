import { SluiceError } from '@sluice/core';

import { numberText, type ReportGroup, type ReportResult } from './report-body.ts';
import type { ReportColumn } from './report-columns.ts';
import type { ParsedReportOptions } from './report-options.ts';

/** What a row has in each column, as text; null for nothing. */
export type ReportRow = readonly (string | null)[];

/** A cell, or the value of a group. */
interface Shown {
  readonly label?: string | null | undefined;
  readonly value?: unknown;
}

const TOTAL = 'T';
/** What is text to a report, whatever else it tells of it. An id is its value. */
const TEXT_TYPES: ReadonlySet<string> = new Set([
  'string',
  'picklist',
  'multipicklist',
  'textarea',
  'html',
  'phone',
  'email',
  'url',
  'combobox',
  'address',
]);

/**
 * The rows of a result, in its order: those of a summary report below their groups, whose values come first.
 *
 * @throws `RESPONSE_INVALID` for a row without as many cells as the report has columns.
 */
export function* reportRows(
  result: ReportResult,
  columns: readonly ReportColumn[],
  options: Pick<ParsedReportOptions, 'texts'>,
): Generator<ReportRow, void, undefined> {
  const cells = (result.reportMetadata.detailColumns ?? []).length;
  for (const { key, groups } of leaves(result)) {
    for (const { dataCells } of result.factMap[`${key}!${TOTAL}`]?.rows ?? []) {
      if (dataCells.length !== cells) {
        throw new SluiceError(
          'RESPONSE_INVALID',
          `a row of the report has ${dataCells.length} cells, and the report ${cells} columns`,
        );
      }
      yield columns.map((column) => {
        const { from, index } = column;
        const cell: Shown = from === 'grouping' ? groups[index]! : dataCells[index]!;
        return from === 'currency' ? currencyOf(cell) : cellText(cell, column, options);
      });
    }
  }
}

/** As the org counts them; undefined where it does not, or counts others, too. */
export function countedRows({ reportMetadata, factMap }: ReportResult): number | undefined {
  const at = (reportMetadata.aggregates ?? []).indexOf('RowCount');
  if (at < 0 || reportMetadata.topRows != null) return undefined;
  const count = numberText(factMap[`${TOTAL}!${TOTAL}`]?.aggregates?.[at]?.value);
  return count === undefined ? undefined : Number(count);
}

interface Leaf {
  readonly key: string;
  /** From the outermost. */
  readonly groups: readonly ReportGroup[];
}

function leaves({ reportMetadata, groupingsDown }: ReportResult): readonly Leaf[] {
  const depth = (reportMetadata.groupingsDown ?? []).length;
  return depth === 0 ? [{ key: TOTAL, groups: [] }] : below(groupingsDown?.groupings ?? [], []);
}

function below(groups: readonly ReportGroup[], outer: readonly ReportGroup[]): readonly Leaf[] {
  return groups.flatMap((group): readonly Leaf[] => {
    const path = [...outer, group];
    const inner = group.groupings ?? [];
    return inner.length === 0 ? [{ key: group.key, groups: path }] : below(inner, path);
  });
}

/** Labels are in the user's language, so that only texts are ever taken from them. */
function cellText(
  { label, value }: Shown,
  { dataType, isText }: ReportColumn,
  { texts }: Pick<ParsedReportOptions, 'texts'>,
): string | null {
  if (value === null || value === undefined) return null;
  const isShown = isText || (texts === 'label' && TEXT_TYPES.has(dataType));
  if (isShown && label != null) return label;
  const amount = amountOf(value);
  if (amount !== undefined) return amount;
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : (label ?? null);
}

/** A number, or that of an amount, which has a currency beside it; null for an amount of nothing. */
function amountOf(value: unknown): string | null | undefined {
  const text = numberText(value);
  if (text !== undefined || typeof value !== 'object' || value === null || !('amount' in value)) return text;
  return numberText(value.amount) ?? null;
}

function currencyOf({ value }: Shown): string | null {
  if (typeof value !== 'object' || value === null || !('currency' in value)) return null;
  return typeof value.currency === 'string' ? value.currency : null;
}
