import { SluiceError } from '@sluice/core';
import {
  Binary,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  FixedSizeBinary,
  Float16,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  IntervalMonthDayNano,
  Null,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';

import type { SchemaElement } from './file-footer.ts';
import type { LogicalType } from './logical-type.ts';
import type { SchemaNode } from './schema-tree.ts';
import {
  decimalBytes,
  int96Instants,
  type Int96Unit,
  intervals,
  narrow,
  type SlotConversion,
  widen,
} from './slot-conversion.ts';

/** How the values of a column lie in Arrow, and what has to be done to them. */
export type Storage =
  | { readonly kind: 'none' }
  | { readonly kind: 'bits' }
  | { readonly kind: 'bytes' }
  /** `storedBytes` is 0 where each value has a length of its own. */
  | {
      readonly kind: 'slots';
      readonly slotBytes: number;
      readonly storedBytes: number;
      readonly conversion: SlotConversion | undefined;
    };

export interface LeafType {
  readonly type: DataType;
  readonly storage: Storage;
}

const MAX_DECIMAL_DIGITS = 76;

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function leafType(node: SchemaNode, int96: Int96Unit): LeafType {
  const { element } = node;
  const annotation = annotationOf(element);
  if (annotation?.kind === 'NULL') return { type: new Null(), storage: { kind: 'none' } };
  if (annotation?.kind === 'DECIMAL') return decimal(node, annotation.precision, annotation.scale);
  const found = annotation === undefined ? undefined : annotated(element, annotation);
  if (found !== undefined) return found;
  if (annotation !== undefined && isFirm(annotation)) {
    throw unsupported(node.path, `${annotation.kind} stored as ${element.physical}`);
  }
  switch (element.physical) {
    case 'BOOLEAN':
      return { type: new Bool(), storage: { kind: 'bits' } };
    case 'INT32':
      return slots(new Int32(), 4);
    case 'INT64':
      return slots(new Int64(), 8);
    case 'INT96':
      return slots(int96 === 'nanos' ? new TimestampNanosecond() : new TimestampMicrosecond(), 8, int96Instants(int96));
    case 'FLOAT':
      return slots(new Float32(), 4);
    case 'DOUBLE':
      return slots(new Float64(), 8);
    case 'BYTE_ARRAY':
      return { type: new Binary(), storage: { kind: 'bytes' } };
    default:
      if (element.width < 1) throw unsupported(node.path, `bytes of the fixed length ${element.width}`);
      return slots(new FixedSizeBinary(element.width), element.width);
  }
}

function slots(type: DataType, slotBytes: number, conversion?: SlotConversion): LeafType {
  return {
    type,
    storage: { kind: 'slots', slotBytes, storedBytes: conversion?.storedBytes ?? slotBytes, conversion },
  };
}

/** Annotations of later versions, and those that only say what bytes are about, do not change how they are read. */
function isFirm({ kind }: LogicalType): boolean {
  return kind !== 'UNKNOWN' && kind !== 'GEOMETRY' && kind !== 'GEOGRAPHY' && kind !== 'BSON';
}

function annotated({ physical, width }: SchemaElement, annotation: LogicalType): LeafType | undefined {
  switch (annotation.kind) {
    case 'STRING':
    case 'ENUM':
    case 'JSON':
      return physical === 'BYTE_ARRAY' ? { type: new Utf8(), storage: { kind: 'bytes' } } : undefined;
    case 'DATE':
      return physical === 'INT32' ? slots(new DateDay(), 4) : undefined;
    case 'TIME':
      if (annotation.unit === 'MILLIS') return physical === 'INT32' ? slots(new TimeMillisecond(), 4) : undefined;
      if (physical !== 'INT64') return undefined;
      return slots(annotation.unit === 'MICROS' ? new TimeMicrosecond() : new TimeNanosecond(), 8);
    case 'TIMESTAMP':
      return physical === 'INT64' ? slots(instantType(annotation.unit, annotation.isUtc), 8) : undefined;
    case 'INTEGER':
      return integer(physical, annotation.bitWidth, annotation.isSigned);
    case 'UUID':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && width === 16 ? slots(new FixedSizeBinary(16), 16) : undefined;
    case 'FLOAT16':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && width === 2 ? slots(new Float16(), 2) : undefined;
    case 'INTERVAL':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && width === 12
        ? slots(new IntervalMonthDayNano(), 16, intervals)
        : undefined;
    default:
      return undefined;
  }
}

function instantType(unit: 'MILLIS' | 'MICROS' | 'NANOS', isUtc: boolean): DataType {
  const TypeOfUnit = { MILLIS: TimestampMillisecond, MICROS: TimestampMicrosecond, NANOS: TimestampNanosecond }[unit];
  return new TypeOfUnit(isUtc ? 'UTC' : undefined);
}

function integer(physical: SchemaElement['physical'], bitWidth: number, isSigned: boolean): LeafType | undefined {
  if (physical === 'INT64') return bitWidth === 64 ? slots(isSigned ? new Int64() : new Uint64(), 8) : undefined;
  if (physical !== 'INT32') return undefined;
  switch (bitWidth) {
    case 8:
      return isSigned ? slots(new Int8(), 1, narrow(Int8Array, 1)) : slots(new Uint8(), 1, narrow(Uint8Array, 1));
    case 16:
      return isSigned ? slots(new Int16(), 2, narrow(Int16Array, 2)) : slots(new Uint16(), 2, narrow(Uint16Array, 2));
    case 32:
      return slots(isSigned ? new Int32() : new Uint32(), 4);
    default:
      return undefined;
  }
}

function decimal(node: SchemaNode, precision: number, scale: number): LeafType {
  const { physical, width } = node.element;
  if (precision < 1 || precision > MAX_DECIMAL_DIGITS || scale < 0 || scale > precision) {
    throw unsupported(node.path, `a decimal with precision ${precision} and scale ${scale}`);
  }
  const words = precision <= 38 ? 4 : 8;
  const type = new Decimal(scale, precision, words * 32);
  const slotBytes = words * 4;
  switch (physical) {
    case 'INT32':
      return slots(type, slotBytes, widen(4, words));
    case 'INT64':
      return slots(type, slotBytes, widen(8, words));
    case 'FIXED_LEN_BYTE_ARRAY':
      if (width < 1) throw unsupported(node.path, `bytes of the fixed length ${width}`);
      return slots(type, slotBytes, decimalBytes(width, words));
    case 'BYTE_ARRAY':
      return { type, storage: { kind: 'slots', slotBytes, storedBytes: 0, conversion: undefined } };
    default:
      throw unsupported(node.path, `a decimal stored as ${physical}`);
  }
}

/** The newer annotation where there is one, else what the older one says. */
function annotationOf({ logical, converted, precision, scale }: SchemaElement): LogicalType | undefined {
  if (logical !== undefined && logical.kind !== 'UNKNOWN') return logical;
  switch (converted) {
    case undefined:
      return logical;
    case 'UTF8':
      return { kind: 'STRING' };
    case 'DECIMAL':
      return { kind: 'DECIMAL', precision, scale };
    case 'TIME_MILLIS':
    case 'TIME_MICROS':
      return { kind: 'TIME', unit: converted === 'TIME_MILLIS' ? 'MILLIS' : 'MICROS', isUtc: true };
    case 'TIMESTAMP_MILLIS':
    case 'TIMESTAMP_MICROS':
      return { kind: 'TIMESTAMP', unit: converted === 'TIMESTAMP_MILLIS' ? 'MILLIS' : 'MICROS', isUtc: true };
    case 'MAP':
    case 'MAP_KEY_VALUE':
    case 'LIST':
      return undefined;
    case 'ENUM':
    case 'DATE':
    case 'JSON':
    case 'BSON':
    case 'INTERVAL':
      return { kind: converted };
    default: {
      const [kind, bitWidth] = converted.split('_');
      return { kind: 'INTEGER', bitWidth: Number(bitWidth), isSigned: kind === 'INT' };
    }
  }
}

function unsupported(path: string, what: string): SluiceError {
  return new SluiceError('TYPE_UNSUPPORTED', `column ${path} is ${what}, which is not read`, {
    hint: 'Leave the column out.',
  });
}
