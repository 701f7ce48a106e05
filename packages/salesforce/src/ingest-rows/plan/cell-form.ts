import { DataType, DateUnit, type Field, Precision } from 'apache-arrow';

import type { FieldDescribe } from '../../schema/sobject-describe.ts';
import type { CellForm, PlannedColumn } from '../ingest-plan.ts';
import type { IngestProblem } from './ingest-problem.ts';

/** Fields that are written as something other than text; those that no upload holds have the reason. */
const FORMS: Readonly<Record<string, CellForm>> = {
  id: 'id',
  reference: 'id',
  boolean: 'boolean',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  date: 'date',
  datetime: 'datetime',
  time: 'time',
  multipicklist: 'multipicklist',
};

const REFUSED: Readonly<Record<string, { readonly reason: string; readonly hint: string }>> = {
  base64: {
    reason: 'holds a file, which no ingest job of Bulk API 2.0 takes',
    hint: 'Leave the column out and upload the files with the REST API.',
  },
  complexvalue: { reason: 'has a structure, which has no form in CSV', hint: 'Leave the column out.' },
  json: { reason: 'has a structure, which has no form in CSV', hint: 'Leave the column out.' },
};

const COMPOUND = new Set(['address', 'location']);
const DOUBLES = new Set(['double', 'currency', 'percent']);
const INT_DIGITS = 10;
const LONG_DIGITS = 19;

/** The kinds of Arrow types, each with the forms it can be written in; some take only some of the values. */
const KINDS: readonly { readonly is: (type: DataType) => boolean; readonly forms: readonly CellForm[] }[] = [
  {
    is: (type) => DataType.isUtf8(DataType.isDictionary(type) ? type.dictionary : type),
    forms: ['boolean', 'number', 'date', 'datetime', 'time', 'id', 'text', 'multipicklist'],
  },
  { is: (type) => DataType.isBool(type), forms: ['boolean', 'text'] },
  { is: isNumber, forms: ['number', 'text'] },
  { is: (type) => DataType.isDate(type) && type.unit === DateUnit.DAY, forms: ['date', 'datetime', 'text'] },
  { is: (type) => DataType.isTimestamp(type), forms: ['datetime', 'date', 'text'] },
  { is: (type) => DataType.isTime(type), forms: ['time', 'text'] },
];

function isNumber(type: DataType): boolean {
  return (
    DataType.isInt(type) || DataType.isDecimal(type) || (DataType.isFloat(type) && type.precision === Precision.DOUBLE)
  );
}

/** How values of a column are written into a field. `siblings` are the fields of the same object. */
export function cellForm(
  { type }: Field,
  field: FieldDescribe,
  siblings: readonly FieldDescribe[],
): { readonly form: CellForm } | { readonly problem: Omit<IngestProblem, 'column'> } {
  if (COMPOUND.has(field.type)) return { problem: compoundProblem(field, siblings) };
  const refused = REFUSED[field.type];
  if (refused !== undefined) return unsupported(`${field.name} ${refused.reason}`, refused.hint);
  const form = FORMS[field.type] ?? 'text';
  const kind = KINDS.find(({ is }) => is(type));
  if (kind === undefined) {
    return unsupported(`${String(type)} cannot be written as CSV`, 'Cast the column in the mapping, or leave it out.');
  }
  if (kind.forms.includes(form)) return { form };
  return unsupported(
    `${String(type)} does not fit ${field.name}, which is of type ${field.type}`,
    'Cast the column in the mapping, or map it to another field.',
  );
}

function unsupported(message: string, hint: string): { readonly problem: Omit<IngestProblem, 'column'> } {
  return { problem: { code: 'TYPE_UNSUPPORTED', message, hint } };
}

function compoundProblem(field: FieldDescribe, siblings: readonly FieldDescribe[]): Omit<IngestProblem, 'column'> {
  return {
    code: 'TYPE_UNSUPPORTED',
    message: `${field.name} is a compound field, which is written by its components`,
    hint: componentsHint(field, siblings),
  };
}

/** Names the fields that a compound one is made of. */
export function componentsHint({ name }: FieldDescribe, siblings: readonly FieldDescribe[]): string {
  const components = siblings.filter((field) => field.compoundFieldName === name && field.name !== name);
  return `Write ${components.map((field) => field.name).join(', ')} instead.`;
}

/** What is checked of each value, besides its form. */
export function valueBounds(field: FieldDescribe): Partial<PlannedColumn> {
  const { type, length, precision, scale, digits } = field;
  const form = FORMS[type] ?? 'text';
  if (form === 'number') {
    if (!DOUBLES.has(type)) return { isWhole: true, maxWholeDigits: wholeDigits(type, digits) };
    const isDeclared = precision != null && precision > 0 && (scale ?? 0) <= precision;
    return { isDouble: true, ...(isDeclared ? { maxWholeDigits: precision - (scale ?? 0) } : {}) };
  }
  return (form === 'text' || form === 'multipicklist') && length != null && length > 0 ? { maxLength: length } : {};
}

function wholeDigits(type: string, digits: number | null | undefined): number {
  const most = type === 'long' ? LONG_DIGITS : INT_DIGITS;
  return digits != null && digits > 0 ? Math.min(digits, most) : most;
}
