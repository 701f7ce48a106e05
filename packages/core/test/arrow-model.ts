import {
  Binary,
  BinaryView,
  Bool,
  DataType,
  DateDay,
  DateMillisecond,
  Decimal,
  DenseUnion,
  Dictionary,
  DurationMicrosecond,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float16,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  IntervalDayTime,
  IntervalMonthDayNano,
  IntervalYearMonth,
  LargeBinary,
  LargeList,
  LargeUtf8,
  List,
  Map_,
  Null,
  SparseUnion,
  Struct,
  TimeMicrosecond,
  TimeSecond,
  TimestampMillisecond,
  TimestampNanosecond,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  Utf8View,
} from 'apache-arrow';
import * as fc from 'fast-check';

/**
 * A cell, free of how Arrow lays it out: bytes for whatever has a width or a length, a list for lists, structs and map
 * entries, a member and a cell for unions.
 */
export type Cell = null | boolean | Uint8Array | readonly Cell[] | { readonly member: number; readonly cell: Cell };

type TKeys = Int8 | Int32 | Uint8;
type MapFields = { key: DataType; value: DataType };

const nullable = (name: string, type: DataType): Field => new Field(name, type, true);

export const FLAT_TYPES: readonly DataType[] = [
  new Null(),
  new Bool(),
  new Int8(),
  new Int16(),
  new Int32(),
  new Int64(),
  new Uint8(),
  new Uint32(),
  new Uint64(),
  new Float16(),
  new Float32(),
  new Float64(),
  new Decimal(2, 18, 128),
  new Decimal(10, 60, 256),
  new DateDay(),
  new DateMillisecond(),
  new TimeSecond(),
  new TimeMicrosecond(),
  new TimestampMillisecond('UTC'),
  new TimestampNanosecond(),
  new IntervalYearMonth(),
  new IntervalDayTime(),
  new IntervalMonthDayNano(),
  new DurationMicrosecond(),
  new FixedSizeBinary(3),
  new Utf8(),
  new LargeUtf8(),
  new Binary(),
  new LargeBinary(),
  new Utf8View(),
  new BinaryView(),
];

const flatType = fc.constantFrom(...FLAT_TYPES);
const keyType = fc.constantFrom<TKeys>(new Int8(), new Int32(), new Uint8());

/** Types of every kind, nested a few levels deep. */
export const columnType: fc.Arbitrary<DataType> = fc.letrec<{ type: DataType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    flatType,
    fc.tuple(tie('type'), keyType).map(([type, key]) => new Dictionary(withoutUnion(withoutDictionary(type)), key)),
    tie('type').map((type) => new List(nullable('item', type))),
    tie('type').map((type) => new LargeList(nullable('item', type))),
    tie('type').map((type) => new FixedSizeList(2, nullable('item', type))),
    fc.tuple(tie('type'), tie('type')).map(([a, b]) => new Struct([nullable('a', a), nullable('b', b)])),
    fc
      .tuple(tie('type'), tie('type'))
      .map(
        ([key, value]) =>
          new Map_(new Field('entries', new Struct<MapFields>([new Field('k', key), nullable('v', value)]))),
      ),
    fc.tuple(tie('type'), tie('type')).map(([a, b]) => new DenseUnion([5, 7], [nullable('a', a), nullable('b', b)])),
    fc.tuple(tie('type'), tie('type')).map(([a, b]) => new SparseUnion([5, 7], [nullable('a', a), nullable('b', b)])),
  ),
})).type;

/** A null has no place in a dictionary of unions. */
function withoutUnion(type: DataType): DataType {
  return DataType.isUnion(type) ? new Int32() : type;
}

/** A dictionary holds plain values. */
function withoutDictionary(type: DataType): DataType {
  return DataType.isDictionary(type) ? type.dictionary : type;
}

export function widthOf(type: DataType): number | undefined {
  if (DataType.isNull(type) || DataType.isBool(type) || (type.children ?? []).length > 0) return undefined;
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) return undefined;
  if (DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isBinaryView(type)) return undefined;
  if (DataType.isFixedSizeBinary(type)) return type.byteWidth;
  if (DataType.isDecimal(type)) return type.bitWidth / 8;
  if (DataType.isInterval(type)) return [4, 8, 16][type.unit];
  // Every other fixed layout has one element a value.
  return (type.ArrayType as Uint8ArrayConstructor).BYTES_PER_ELEMENT;
}

/** Cells of a type, null among them. */
export function cellOf(type: DataType): fc.Arbitrary<Cell> {
  if (DataType.isUnion(type)) {
    const members = type.children.map((field, member) => cellOf(field.type).map((cell): Cell => ({ member, cell })));
    return fc.oneof(...members);
  }
  return fc.option(presentCellOf(type), { freq: 3 });
}

function presentCellOf(type: DataType): fc.Arbitrary<Cell> {
  if (DataType.isDictionary(type)) return presentCellOf(type.dictionary);
  if (DataType.isNull(type)) return fc.constant(null);
  if (DataType.isBool(type)) return fc.boolean();
  const width = widthOf(type);
  // No NaN, which the digest takes for one value whatever its bits: the high byte stays below an exponent of ones.
  if (width !== undefined) return bytesOf(width, width).map((bytes) => bytes.map((byte) => byte & 0x3f));
  if (DataType.isStruct(type)) return fc.tuple(...type.children.map((field) => cellOf(field.type)));
  if (DataType.isFixedSizeList(type)) return fc.tuple(cellOf(type.valueType), cellOf(type.valueType));
  if (DataType.isList(type) || DataType.isLargeList(type)) return fc.array(cellOf(type.valueType), { maxLength: 3 });
  if (DataType.isMap(type)) return fc.array(presentCellOf(type.childType), { maxLength: 2 });
  return fc.oneof(bytesOf(0, 3), bytesOf(11, 20));
}

function bytesOf(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength });
}

/** Equal for equal cells and for no others. */
export function cellText(cell: Cell | undefined): string {
  return JSON.stringify(cell, (_, value: unknown) => (value instanceof Uint8Array ? [...value].join() : value));
}
