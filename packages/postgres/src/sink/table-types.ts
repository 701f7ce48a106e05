import { DataType, Precision } from 'apache-arrow';

/** The type of a column made for an Arrow type: one that holds every value of it. Undefined where there is none. */
export function tableType(type: DataType): string | undefined {
  if (DataType.isDictionary(type)) return tableType(type.dictionary);
  if (DataType.isList(type) || DataType.isLargeList(type) || DataType.isFixedSizeList(type)) {
    const element = tableType(type.valueType);
    return element === undefined || element.endsWith('[]') ? undefined : `${element}[]`;
  }
  if (DataType.isNull(type) || DataType.isUtf8(type) || DataType.isLargeUtf8(type)) return 'text';
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isInt(type)) return integerType(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return type.precision === Precision.DOUBLE ? 'double precision' : 'real';
  if (DataType.isDecimal(type)) return type.scale < 0 ? undefined : `numeric(${type.precision},${type.scale})`;
  if (DataType.isDate(type)) return 'date';
  if (DataType.isTimestamp(type)) return type.timezone == null ? 'timestamp' : 'timestamp with time zone';
  if (DataType.isTime(type)) return 'time';
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isFixedSizeBinary(type)) return 'bytea';
  return undefined;
}

function integerType(bitWidth: number, isSigned: boolean): string {
  if (bitWidth === 64) return isSigned ? 'bigint' : 'numeric(20,0)';
  const bits = isSigned ? bitWidth : bitWidth + 1;
  if (bits <= 16) return 'smallint';
  return bits <= 32 ? 'integer' : 'bigint';
}
