import { type Data, DataType, Precision } from 'apache-arrow';

import type { ScalarKind } from '../catalog/column-type.ts';
import type { CellWriters } from './cell-writer.ts';

type Integers = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

interface IntegerForm {
  readonly bytes: 2 | 4 | 8;
  readonly least: bigint;
  readonly most: bigint;
}

const FORMS: Partial<Record<ScalarKind, IntegerForm>> = {
  int2: { bytes: 2, least: -0x8000n, most: 0x7fffn },
  int4: { bytes: 4, least: -0x8000_0000n, most: 0x7fff_ffffn },
  int8: { bytes: 8, least: -0x8000_0000_0000_0000n, most: 0x7fff_ffff_ffff_ffffn },
  oid: { bytes: 4, least: 0n, most: 0xffff_ffffn },
};

const OUT_OF_RANGE = 'is out of the range of the column';

/** Integers of any width into `smallint`, `integer`, `bigint` and `oid`, each value checked where the type alone does not tell. */
export function integerCells(type: DataType, kind: ScalarKind): CellWriters | undefined {
  const form = FORMS[kind];
  if (form === undefined || !DataType.isInt(type)) return undefined;
  return type.bitWidth === 64 ? wideIntegers(form) : narrowIntegers(form);
}

function narrowIntegers({ bytes, least, most }: IntegerForm): CellWriters {
  const [from, to] = [Number(least), Number(most)];
  return (data) => {
    // Of at most 32 bits, by the type.
    const values = data.values as Integers;
    return (row, out) => {
      const value = values[row]!;
      if (value < from || value > to) return OUT_OF_RANGE;
      out.reserve(12);
      const { view, at } = out;
      view.setInt32(at, bytes);
      if (bytes === 2) view.setInt16(at + 4, value);
      else if (bytes === 4) view.setInt32(at + 4, value);
      else {
        view.setInt32(at + 4, value < 0 ? -1 : 0);
        view.setInt32(at + 8, value);
      }
      out.at = at + 4 + bytes;
      return undefined;
    };
  };
}

function wideIntegers({ bytes, least, most }: IntegerForm): CellWriters {
  return (data) => {
    // Of 64 bits, by the type.
    const values = data.values as BigInt64Array | BigUint64Array;
    return (row, out) => {
      const value = values[row]!;
      if (value < least || value > most) return OUT_OF_RANGE;
      out.reserve(12);
      const { view, at } = out;
      view.setInt32(at, bytes);
      if (bytes === 8) view.setBigInt64(at + 4, value);
      else if (bytes === 4) view.setInt32(at + 4, Number(value));
      else view.setInt16(at + 4, Number(value));
      out.at = at + 4 + bytes;
      return undefined;
    };
  };
}

/** Floats into floats at least as wide. Integers that every double holds go into `double precision`, too. */
export function floatCells(type: DataType, kind: ScalarKind): CellWriters | undefined {
  if (kind !== 'float4' && kind !== 'float8') return undefined;
  const isExact = DataType.isFloat(type)
    ? kind === 'float8' || type.precision !== Precision.DOUBLE
    : DataType.isInt(type) && type.bitWidth <= (kind === 'float8' ? 32 : 16);
  if (!isExact) return undefined;
  const isHalf = DataType.isFloat(type) && type.precision === Precision.HALF;
  const bytes = kind === 'float8' ? 8 : 4;
  return (data) => {
    const read = isHalf ? halfReader(data) : numberReader(data);
    return (row, out) => {
      out.reserve(12);
      const { view, at } = out;
      view.setInt32(at, bytes);
      if (bytes === 8) view.setFloat64(at + 4, read(row));
      else view.setFloat32(at + 4, read(row));
      out.at = at + 4 + bytes;
      return undefined;
    };
  };
}

function numberReader(data: Data): (row: number) => number {
  // Numbers of any kind but 64-bit integers.
  const values = data.values as Integers | Float32Array | Float64Array;
  return (row) => values[row]!;
}

function halfReader(data: Data): (row: number) => number {
  const bits = data.values as Uint16Array;
  return (row) => halfOf(bits[row]!);
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

export function boolCells(type: DataType, kind: ScalarKind): CellWriters | undefined {
  if (kind !== 'bool' || !DataType.isBool(type)) return undefined;
  return (data) => {
    const bits = data.values as Uint8Array;
    const { offset } = data;
    return (row, out) => {
      out.reserve(5);
      const bit = offset + row;
      out.view.setInt32(out.at, 1);
      out.bytes[out.at + 4] = (bits[bit >> 3]! >> (bit & 7)) & 1;
      out.at += 5;
      return undefined;
    };
  };
}
