import type { FieldDefinition, FieldType } from '../org/org.ts';

const LOCALE = 'en-US';
const DATE_FORMAT = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'short', timeZone: 'UTC' });
const TIME_FORMAT = new Intl.DateTimeFormat(LOCALE, { timeStyle: 'short', timeZone: 'UTC' });
const DATE_TIME_FORMAT = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'short', timeStyle: 'short', timeZone: 'UTC' });

/** What `FORMAT()` shows, in the locale en-US and the currency USD: `$1,234.50`, `4/5/2026`, `60%`. */
export function formatCell(value: string | number | bigint, type: FieldType, field: FieldDefinition): string {
  switch (type) {
    case 'currency':
      return numberFormat(field.scale, { style: 'currency', currency: 'USD' }).format(asNumeric(value));
    case 'percent':
      return `${numberFormat(field.scale).format(asNumeric(value))}%`;
    case 'double':
      return numberFormat(field.scale).format(asNumeric(value));
    case 'int':
    case 'long':
      return numberFormat(0).format(asNumeric(value));
    case 'date':
      return DATE_FORMAT.format(new Date(`${value}T00:00:00Z`));
    case 'datetime':
      return DATE_TIME_FORMAT.format(new Date(String(value)));
    case 'time':
      return TIME_FORMAT.format(new Date(`1970-01-01T${value}`));
    default:
      return String(value);
  }
}

function numberFormat(scale: number, options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  return new Intl.NumberFormat(LOCALE, { ...options, minimumFractionDigits: scale, maximumFractionDigits: scale });
}

function asNumeric(value: string | number | bigint): number | bigint {
  return typeof value === 'string' ? Number(value) : value;
}

/** What `toLabel()` shows. */
export function labelOfCell(value: string, { type, picklistLabels = {} }: FieldDefinition): string {
  const labelOf = (entry: string): string =>
    Object.hasOwn(picklistLabels, entry) ? (picklistLabels[entry] ?? entry) : entry;
  return type === 'multipicklist' ? value.split(';').map(labelOf).join(';') : labelOf(value);
}
