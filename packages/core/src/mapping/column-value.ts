import type { DataType, Dictionary, Type } from 'apache-arrow';

/**
 * A value as Arrow keeps it: decimals are whole numbers without their point, dates days since 1970, instants and times
 * whole numbers of their unit. What fills 64 bits or more is bigint, dictionaries are looked up.
 */
export type ColumnValue<T extends DataType> =
  T extends Dictionary<infer Values> ? ColumnValue<Values> : PlainValue<T['TType'], T['TArray']>;

/** A value of whatever type. */
export type AnyValue = boolean | number | bigint | string | Uint8Array;

type TextType = Type.Utf8 | Type.LargeUtf8 | Type.Utf8View;
type BytesType = Type.Binary | Type.LargeBinary | Type.BinaryView | Type.FixedSizeBinary;

type PlainValue<Kind extends Type, Values> = Kind extends TextType
  ? string
  : Kind extends BytesType
    ? Uint8Array
    : Kind extends Type.Bool
      ? boolean
      : Kind extends Type.Decimal
        ? bigint
        : Values extends BigInt64Array | BigUint64Array
          ? bigint
          : number;
