import { damaged } from './damage.ts';
import type { ThriftStruct } from './thrift-reader.ts';

type Unit = 'MILLIS' | 'MICROS' | 'NANOS';

/** What a column means, by the newer of Parquet's two annotations. */
export type LogicalType =
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'TIME' | 'TIMESTAMP'; readonly unit: Unit; readonly isUtc: boolean }
  | { readonly kind: 'INTEGER'; readonly bitWidth: number; readonly isSigned: boolean }
  | { readonly kind: (typeof PLAIN_KINDS)[keyof typeof PLAIN_KINDS] }
  | { readonly kind: 'INTERVAL' | 'UNKNOWN' };

/** By their ids in the union `LogicalType`. */
const PLAIN_KINDS = {
  1: 'STRING',
  2: 'MAP',
  3: 'LIST',
  4: 'ENUM',
  6: 'DATE',
  11: 'NULL',
  12: 'JSON',
  13: 'BSON',
  14: 'UUID',
  15: 'FLOAT16',
  16: 'VARIANT',
  17: 'GEOMETRY',
  18: 'GEOGRAPHY',
} as const;

/** @throws `FILE_CORRUPT`. */
export function logicalTypeOf(union: ThriftStruct | undefined): LogicalType | undefined {
  const [id] = union?.ids ?? [];
  if (union === undefined || id === undefined) return undefined;
  const member = union.struct(id);
  if (member === undefined) throw damaged('a logical type makes no sense');
  if (id === 5) {
    return { kind: 'DECIMAL', scale: member.integer(1, 'scale') ?? 0, precision: member.count(2, 'precision') };
  }
  if (id === 7 || id === 8) {
    return { kind: id === 7 ? 'TIME' : 'TIMESTAMP', isUtc: member.flag(1) ?? false, unit: unitOf(member.struct(2)) };
  }
  if (id === 10) {
    return { kind: 'INTEGER', bitWidth: member.count(1, 'bit width'), isSigned: member.flag(2) ?? true };
  }
  return { kind: isPlain(id) ? PLAIN_KINDS[id] : 'UNKNOWN' };
}

function isPlain(id: number): id is keyof typeof PLAIN_KINDS {
  return id in PLAIN_KINDS;
}

function unitOf(union: ThriftStruct | undefined): Unit {
  const units = { 1: 'MILLIS', 2: 'MICROS', 3: 'NANOS' } as const;
  const [id] = union?.ids ?? [];
  if (id === 1 || id === 2 || id === 3) return units[id];
  throw damaged('a time has no unit');
}
