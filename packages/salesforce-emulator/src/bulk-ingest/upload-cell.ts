import { javaDouble } from '../bulk-query/java-double.ts';
import { CellFault } from '../org/cell-storage.ts';
import { toPlainDecimal } from '../org/decimal-text.ts';
import type { CellWriter, FieldDefinition, FieldType, Org, StoredValue } from '../org/org.ts';
import { toLongId } from '../org/record-id.ts';
import { RowFault } from './row-fault.ts';

export interface CellOptions {
  /** Values that an unrestricted picklist does not know. */
  readonly unknownPicklistValues: 'store' | 'reject';
  /** A date may be followed by `Z` or an offset. */
  readonly datesWithOffset: boolean;
}

/** Reads the text of a cell that is neither empty nor `#N/A`. @throws {RowFault} */
export type CellReader = (text: string) => StoredValue;

const XSD_TYPES: Partial<Record<FieldType, string>> = {
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  long: 'xsd:long',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  time: 'xsd:time',
  base64: 'xsd:base64Binary',
};

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, 1: true, 0: false };
const DATE_OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** The text of a stored value as a result file shows it. */
export function storedText(value: StoredValue, type: FieldType): string {
  if (value === null) return '';
  if (type === 'boolean') return String(value === 1);
  const isDouble = type === 'double' || type === 'currency' || type === 'percent';
  return isDouble && typeof value === 'number' ? javaDouble(value) : String(value);
}

/** `place` is that of the column, from 0. */
export function cellReader(
  field: FieldDefinition,
  {
    org,
    objectName,
    place,
    ...options
  }: CellOptions & {
    readonly org: Org;
    readonly objectName: string;
    readonly place: number;
  },
): CellReader {
  const write = org.writer(objectName).cellWriter(field);
  const read = (text: string): StoredValue => written(write, text, field, place);
  switch (field.type) {
    case 'boolean':
      return (text) => write(BOOLEANS[text] ?? badForm(text, field, place));
    case 'int':
    case 'long':
    case 'double':
    case 'currency':
    case 'percent':
      return (text) => {
        const value = read(text);
        refuseLongNumber(text, field);
        return value;
      };
    case 'date':
      return options.datesWithOffset ? (text) => read(text.replace(DATE_OFFSET, '')) : read;
    case 'datetime':
      return (text) => (DATE_TIME.test(text) ? read(text) : badForm(text, field, place));
    case 'id':
    case 'reference':
      return (text) => toLongId(text) ?? badId(text, field);
    case 'picklist':
    case 'multipicklist':
      return (text) => {
        const value = read(text);
        refuseUnknownEntries(value, field, options);
        return value;
      };
    default:
      return read;
  }
}

export function badId(text: string, { label, name }: Pick<FieldDefinition, 'label' | 'name'>): never {
  throw RowFault.of({
    statusCode: 'MALFORMED_ID',
    message: `${label}: id value of incorrect type: ${text}`,
    fields: [name],
  });
}

function badForm(text: string, { name, type }: FieldDefinition, place: number): never {
  const expected = XSD_TYPES[type] ?? 'xsd:string';
  throw RowFault.of({
    statusCode: 'INVALID_FIELD',
    message: `Failed to deserialize field at col ${place}. Due to, '${text}' is not a valid value for the type ${expected}`,
    fields: [name],
  });
}

function written(write: CellWriter, text: string, field: FieldDefinition, place: number): StoredValue {
  try {
    return write(text);
  } catch (error) {
    if (!(error instanceof CellFault)) throw error;
    if (!error.isTooLong) return badForm(text, field, place);
    throw RowFault.of({
      statusCode: 'STRING_TOO_LONG',
      message: `${field.label}: data value too large: ${text} (max length=${field.length})`,
      fields: [field.name],
    });
  }
}

/** Excess digits right of the point are kept, as an org does; left of it they are refused. */
function refuseLongNumber(text: string, { type, label, name, precision, scale, digits }: FieldDefinition): void {
  const most = type === 'int' || type === 'long' ? digits : precision - scale;
  const [, whole = ''] = /^-?0*(\d*)/.exec(toPlainDecimal(text) ?? '') ?? [];
  if (whole.length <= most) return;
  throw RowFault.of({
    statusCode: 'NUMBER_OUTSIDE_VALID_RANGE',
    message: `${label}: value outside of valid range on numeric field: ${text}`,
    fields: [name],
  });
}

function refuseUnknownEntries(
  value: StoredValue,
  { type, label, name, picklistValues, restrictedPicklist }: FieldDefinition,
  { unknownPicklistValues }: Pick<CellOptions, 'unknownPicklistValues'>,
): void {
  if (typeof value !== 'string' || (!restrictedPicklist && unknownPicklistValues === 'store')) return;
  const entries = type === 'multipicklist' ? value.split(';') : [value];
  const unknown = entries.find((entry) => !picklistValues.includes(entry));
  if (unknown === undefined) return;
  throw RowFault.of({
    statusCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    message: `${label}: bad value for restricted picklist field: ${unknown}`,
    fields: [name],
  });
}
