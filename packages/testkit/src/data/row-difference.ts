import type { Row, RowValue } from '@sluice/core';
import { DataType, DateUnit, type Field, type Schema } from 'apache-arrow';

import { decimalTextOf, unscaledOf } from './decimal-words.ts';
import { valueText } from './value-text.ts';

export interface RowsExpected {
  readonly schema: Schema;
  readonly identity: string;
  readonly rows: readonly Row[];
}

const SHOWN = 3;

/**
 * How rows differ from those expected, as one sentence; undefined when they do not. Names rows by their identity and
 * shows no more than a few.
 */
export function rowDifference(expected: RowsExpected, actual: readonly Row[], ordered = false): string | undefined {
  const { schema, identity, rows } = expected;
  const texts = new Map<Row, string>();
  const textOf = (row: Row): string => {
    const text = texts.get(row) ?? JSON.stringify(schema.fields.map((field) => cellText(field, row[field.name])));
    texts.set(row, text);
    return text;
  };
  const nameOf = (row: Row): string => valueText(row[identity]);
  const wanted = Map.groupBy(rows, textOf);
  const found = Map.groupBy(actual, textOf);
  const missing = surplus(wanted, found);
  const extra = surplus(found, wanted);
  const changed = missing.find((row) =>
    extra.some((other) => nameOf(other) === nameOf(row) && !wanted.has(textOf(other))),
  );
  if (changed !== undefined) {
    return cellDifference(
      schema,
      changed,
      extra.find((other) => nameOf(other) === nameOf(changed))!,
      nameOf(changed),
    );
  }
  if (missing.length > 0)
    return `${missing.length} of ${rows.length} rows are missing: ${namesOf(missing.map(nameOf))}`;
  if (extra.length > 0) return `${extra.length} rows too many: ${namesOf(extra.map(nameOf))}`;
  if (!ordered) return undefined;
  const at = rows.findIndex((row, i) => textOf(row) !== textOf(actual[i]!));
  return at < 0
    ? undefined
    : `rows are in another order: ${nameOf(actual[at]!)} stands where ${nameOf(rows[at]!)} belongs`;
}

/** Rows of which there are more in one than in the other, as many as there are more. */
function surplus(
  rows: ReadonlyMap<string, readonly Row[]>,
  other: ReadonlyMap<string, readonly Row[]>,
): readonly Row[] {
  return [...rows].flatMap(([text, equal]) => equal.slice(other.get(text)?.length ?? 0));
}

function cellDifference(schema: Schema, expected: Row, actual: Row, name: string): string {
  const field = schema.fields.find((one) => cellText(one, expected[one.name]) !== cellText(one, actual[one.name]))!;
  const [wanted, found] = [cellText(field, expected[field.name]), cellText(field, actual[field.name])];
  return `row "${name}" has ${shortened(found)} in column "${field.name}" instead of ${shortened(wanted)}`;
}

function namesOf(names: readonly string[]): string {
  return [...names.slice(0, SHOWN).map((name) => `"${name}"`), ...(names.length > SHOWN ? ['…'] : [])].join(', ');
}

function shortened(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 40)}… (${text.length} characters)`;
}

/** Equal for equal values alone, whichever of the usual JavaScript values a reader gave for them. */
function cellText(field: Pick<Field, 'type'>, value: unknown): string {
  return JSON.stringify(plain(field.type, value)) ?? 'nothing';
}

function plain(type: DataType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (DataType.isDictionary(type)) return plain(type.dictionary, value);
  if (DataType.isInt(type) || DataType.isDuration(type)) return valueText(value);
  if (DataType.isFloat(type)) return Object.is(value, -0) ? '-0' : valueText(value);
  if (DataType.isDecimal(type)) return decimalTextOf(unscaledOf(valueText(value), type.scale), type.scale);
  if (value instanceof Date) return dateIn(type, value);
  if (value instanceof Uint8Array) return `0x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return value.map((item) => plain(itemType(type), item));
  if (typeof value !== 'object') return value;
  const fields = new Map((type.children ?? []).map((field) => [field.name, field.type]));
  return Object.entries(value).map(([name, member]: [string, RowValue]) => [
    name,
    plain(fields.get(name) ?? type, member),
  ]);
}

function dateIn(type: DataType, value: Date): string {
  const text = value.toISOString();
  if (DataType.isDate(type) && type.unit === DateUnit.DAY) return text.slice(0, 10);
  return DataType.isTimestamp(type) && type.timezone != null ? text : text.slice(0, -1);
}

function itemType(type: DataType): DataType {
  return DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type) ? type.valueType : type;
}
