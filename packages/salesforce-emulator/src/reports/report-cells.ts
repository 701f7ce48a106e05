import { jsonDouble } from '../http/json-text.ts';
import type { Cell, FieldDefinition, FieldType, ResultColumn } from '../org/org.ts';
import { labelOfCell } from '../soql/cell-format.ts';

export interface ReportCell {
  readonly label: string;
  readonly value: unknown;
}

/** How values are shown. */
export interface CellLook {
  /** Of the running user: what labels are written in. */
  readonly locale: string;
  /** Null in an org of one currency. */
  readonly currency: string | null;
}

const DATA_TYPES: Partial<Record<FieldType, string>> = {
  reference: 'id',
  long: 'double',
  encryptedstring: 'string',
  anyType: 'string',
  location: 'string',
};

/** What a report calls the type of a column. */
export function dataTypeOf({ type }: Pick<ResultColumn, 'type'>): string {
  return DATA_TYPES[type] ?? type;
}

/** A cell with its value and with a label in the user's language, which is `-` where there is nothing. */
export function reportCell(cell: Cell, { type, field }: ResultColumn, look: CellLook): ReportCell {
  if (cell === null) return { label: '-', value: null };
  return { label: labelOf(cell, type, field, look.locale), value: valueOf(cell, type, look) };
}

/** Of a sum or the like, which is a double whatever was summed. */
export function aggregateCell(value: number, type: FieldType | undefined, { locale }: CellLook): ReportCell {
  const format = type === 'currency' ? ({ style: 'currency', currency: 'USD' } as const) : {};
  return { label: new Intl.NumberFormat(locale, format).format(value), value };
}

function valueOf(cell: string | number | bigint | boolean, type: FieldType, { currency }: CellLook): unknown {
  switch (type) {
    case 'currency':
      return { amount: jsonDouble(Number(cell)), currency };
    case 'double':
      return jsonDouble(Number(cell));
    case 'percent':
    case 'int':
    case 'long':
      return Number(cell);
    case 'datetime':
      return String(cell).replace(/\.\d+Z$/, 'Z');
    default:
      return cell;
  }
}

function labelOf(
  cell: string | number | bigint | boolean,
  type: FieldType,
  field: FieldDefinition,
  locale: string,
): string {
  const number = (options: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(locale, options).format(Number(cell));
  const instant = (text: string, options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(text));
  const digits = { minimumFractionDigits: field.scale, maximumFractionDigits: field.scale };
  switch (type) {
    case 'currency':
      return number({ ...digits, style: 'currency', currency: 'USD' });
    case 'percent':
      return `${number(digits)}%`;
    case 'double':
    case 'int':
    case 'long':
      return number(digits);
    case 'boolean':
      return wordOf(cell === true, locale);
    case 'date':
      return instant(`${String(cell)}T00:00:00Z`, { dateStyle: 'short' });
    case 'datetime':
      return instant(String(cell), { dateStyle: 'short', timeStyle: 'short' });
    case 'time':
      return instant(`1970-01-01T${String(cell)}`, { timeStyle: 'short' });
    case 'picklist':
    case 'multipicklist':
      return labelOfCell(String(cell), field);
    default:
      return String(cell);
  }
}

const WORDS: Readonly<Record<string, readonly [no: string, yes: string]>> = {
  de: ['falsch', 'wahr'],
  en: ['false', 'true'],
  fr: ['faux', 'vrai'],
};

function wordOf(value: boolean, locale: string): string {
  const [no, yes] = WORDS[locale.slice(0, 2)] ?? ['false', 'true'];
  return value ? yes : no;
}
