import {
  Binary,
  BinaryView,
  Bool,
  type DataType,
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
  TimeMillisecond,
  TimeNanosecond,
  TimeSecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  TimestampSecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
  Utf8View,
} from 'apache-arrow';

const nullable = (name: string, type: DataType): Field => new Field(name, type, true);

/** One type of each flat kind, and decimals of several widths. */
export const FLAT_TYPES: Readonly<Record<string, DataType>> = {
  bool: new Bool(),
  int8: new Int8(),
  int16: new Int16(),
  int32: new Int32(),
  int64: new Int64(),
  uint8: new Uint8(),
  uint16: new Uint16(),
  uint32: new Uint32(),
  uint64: new Uint64(),
  float32: new Float32(),
  float64: new Float64(),
  decimal_1_0: new Decimal(0, 1, 128),
  decimal_9_2: new Decimal(2, 9, 128),
  decimal_18_2: new Decimal(2, 18, 128),
  decimal_38_0: new Decimal(0, 38, 128),
  decimal_38_18: new Decimal(18, 38, 128),
  decimal_38_38: new Decimal(38, 38, 128),
  date_day: new DateDay(),
  time_second: new TimeSecond(),
  time_millisecond: new TimeMillisecond(),
  time_microsecond: new TimeMicrosecond(),
  timestamp_second: new TimestampSecond('UTC'),
  timestamp_millisecond: new TimestampMillisecond('UTC'),
  timestamp_microsecond: new TimestampMicrosecond('UTC'),
  timestamp_local: new TimestampMillisecond(),
  text: new Utf8(),
  large_text: new LargeUtf8(),
  binary: new Binary(),
  large_binary: new LargeBinary(),
  fixed_binary: new FixedSizeBinary(3),
  dictionary_text: new Dictionary(new Utf8(), new Int32()),
};

/** Types that few systems have. */
export const RARE_TYPES: Readonly<Record<string, DataType>> = {
  null: new Null(),
  float16: new Float16(),
  decimal_256: new Decimal(10, 60, 256),
  date_millisecond: new DateMillisecond(),
  time_nanosecond: new TimeNanosecond(),
  timestamp_nanosecond: new TimestampNanosecond('UTC'),
  duration: new DurationMicrosecond(),
  interval_year_month: new IntervalYearMonth(),
  interval_day_time: new IntervalDayTime(),
  interval_month_day_nano: new IntervalMonthDayNano(),
  text_view: new Utf8View(),
  binary_view: new BinaryView(),
};

export const NESTED_TYPES: Readonly<Record<string, DataType>> = {
  list: new List(nullable('item', new Utf8())),
  large_list: new LargeList(nullable('item', new Int32())),
  fixed_list: new FixedSizeList(2, nullable('item', new Int32())),
  struct: new Struct([nullable('a', new Int32()), nullable('b', new Utf8())]),
  map: new Map_(
    new Field(
      'entries',
      new Struct<{ key: Utf8; value: DataType }>([new Field('k', new Utf8()), nullable('v', new Int32())]),
    ),
  ),
};

export const UNION_TYPES: Readonly<Record<string, DataType>> = {
  dense_union: new DenseUnion([5, 7], [nullable('a', new Int32()), nullable('b', new Utf8())]),
  sparse_union: new SparseUnion([5, 7], [nullable('a', new Int32()), nullable('b', new Utf8())]),
};

/** A field of every Arrow type. */
export const EVERY_TYPE: readonly Field[] = fieldsOf({ ...FLAT_TYPES, ...RARE_TYPES, ...NESTED_TYPES, ...UNION_TYPES });

/** Nullable fields named as their types are here. */
export function fieldsOf(types: Readonly<Record<string, DataType>>): readonly Field[] {
  return Object.entries(types).map(([name, type]) => nullable(name, type));
}
