import { decimalType } from '@sluice/core/decimal';
import {
  Binary,
  Bool,
  DataType,
  DateDay,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  TimeMicrosecond,
  TimestampMicrosecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';

/** Families of interim types: what can become what is a matter of these. */
export type InterimKind =
  | 'Boolean'
  | 'Bytes'
  | 'DateTime'
  | 'Decimal'
  | 'Float'
  | 'Guid'
  | 'Integer'
  | 'String'
  | 'TimeSpan';

/** "Data type conversion", read 2026-11: the edition of 2020, since the later one left a column empty. */
const PERMITTED: Readonly<Record<InterimKind, readonly InterimKind[]>> = {
  Boolean: ['Boolean', 'Decimal', 'Float', 'Integer', 'String'],
  Bytes: ['Bytes', 'String'],
  DateTime: ['DateTime', 'String'],
  Decimal: ['Boolean', 'Decimal', 'Float', 'Integer', 'String'],
  Float: ['Boolean', 'Decimal', 'Float', 'Integer', 'String'],
  Guid: ['Guid', 'String'],
  Integer: ['Boolean', 'Decimal', 'Float', 'Integer', 'String'],
  String: ['Boolean', 'Bytes', 'DateTime', 'Decimal', 'Float', 'Guid', 'Integer', 'String', 'TimeSpan'],
  TimeSpan: ['String', 'TimeSpan'],
};

export function isPermitted(from: InterimKind, to: InterimKind): boolean {
  return PERMITTED[from].includes(to);
}

interface NamedType {
  readonly kind: InterimKind;
  readonly type: DataType;
}

/** Room for any number whose size nobody has declared. */
const ANY_DECIMAL = { precision: 38, scale: 18 } as const;

/** By the name Data Factory has for it. Instants are UTC. */
const NAMED: Readonly<Record<string, () => NamedType>> = {
  Boolean: () => ({ kind: 'Boolean', type: new Bool() }),
  Byte: () => ({ kind: 'Integer', type: new Uint8() }),
  'Byte[]': () => ({ kind: 'Bytes', type: new Binary() }),
  Date: () => ({ kind: 'DateTime', type: new DateDay() }),
  DateTime: () => ({ kind: 'DateTime', type: new TimestampMicrosecond('UTC') }),
  DateTimeOffset: () => ({ kind: 'DateTime', type: new TimestampMicrosecond('UTC') }),
  Decimal: () => ({ kind: 'Decimal', type: decimalType(ANY_DECIMAL.precision, ANY_DECIMAL.scale) }),
  Double: () => ({ kind: 'Float', type: new Float64() }),
  Guid: () => ({ kind: 'Guid', type: new Utf8() }),
  Int16: () => ({ kind: 'Integer', type: new Int16() }),
  Int32: () => ({ kind: 'Integer', type: new Int32() }),
  Int64: () => ({ kind: 'Integer', type: new Int64() }),
  SByte: () => ({ kind: 'Integer', type: new Int8() }),
  Single: () => ({ kind: 'Float', type: new Float32() }),
  String: () => ({ kind: 'String', type: new Utf8() }),
  Time: () => ({ kind: 'TimeSpan', type: new TimeMicrosecond() }),
  TimeSpan: () => ({ kind: 'TimeSpan', type: new TimeMicrosecond() }),
  UInt16: () => ({ kind: 'Integer', type: new Uint16() }),
  UInt32: () => ({ kind: 'Integer', type: new Uint32() }),
  UInt64: () => ({ kind: 'Integer', type: new Uint64() }),
};

/** The type of that name; what comes keeps its own where it is of the same kind already and as wide as can be said. */
export function namedType(name: string, from: DataType): NamedType | undefined {
  const named = Object.hasOwn(NAMED, name) ? NAMED[name]!() : undefined;
  if (named === undefined) return undefined;
  const keeps =
    (name === 'Decimal' && DataType.isDecimal(from)) ||
    ((name === 'DateTime' || name === 'DateTimeOffset') && DataType.isTimestamp(from)) ||
    ((name === 'TimeSpan' || name === 'Time') && DataType.isTime(from));
  return keeps ? { kind: named.kind, type: from } : named;
}

/** `undefined` for types Data Factory has no interim type for. */
export function kindOfType(type: DataType): InterimKind | undefined {
  if (DataType.isDictionary(type)) return kindOfType(type.dictionary);
  if (DataType.isBool(type)) return 'Boolean';
  if (DataType.isInt(type)) return 'Integer';
  if (DataType.isFloat(type)) return 'Float';
  if (DataType.isDecimal(type)) return 'Decimal';
  if (DataType.isDate(type) || DataType.isTimestamp(type)) return 'DateTime';
  if (DataType.isTime(type)) return 'TimeSpan';
  if (DataType.isUtf8(type)) return 'String';
  return DataType.isBinary(type) ? 'Bytes' : undefined;
}
