import { DataType } from 'apache-arrow';

export type ColumnKind = 'text' | 'number' | 'time' | 'other';

/** Which family of values a type has. */
export function kindOf(type: DataType): ColumnKind {
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) return 'text';
  if (DataType.isDictionary(type)) return 'text';
  if (DataType.isInt(type) || DataType.isFloat(type) || DataType.isDecimal(type)) return 'number';
  const isTime = DataType.isDate(type) || DataType.isTimestamp(type) || DataType.isTime(type);
  return isTime || DataType.isDuration(type) || DataType.isInterval(type) ? 'time' : 'other';
}
