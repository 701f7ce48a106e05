import type { RowValue } from '@sluice/core';
import { DataType, DateUnit, IntervalUnit } from 'apache-arrow';

import { FRACTION_DIGITS } from '../fixed-cells.ts';
import { decimalValues, floatValues, integerValues } from './number-values.ts';
import { REPLACED_TEXT, TEXT_VALUES } from './text-values.ts';
import { DATE_VALUES, instantValues, timeValues } from './time-values.ts';

const BYTE_VALUES: readonly Uint8Array[] = [
  new Uint8Array(0),
  Uint8Array.of(0),
  Uint8Array.of(0xff, 0xfe, 0x80),
  new TextEncoder().encode('twelve bytes'),
  new TextEncoder().encode('more than twelve bytes'),
];

/** The values of a type that go wrong most often, null among them. */
export function valuesOf(type: DataType): readonly RowValue[] {
  return DataType.isUnion(type) ? presentValues(type) : [...presentValues(type), null];
}

function presentValues(type: DataType): readonly RowValue[] {
  if (DataType.isDictionary(type)) return ['red', 'green', 'red', '', 'blue'];
  if (DataType.isNull(type)) return [null];
  if (DataType.isBool(type)) return [true, false, true];
  if (DataType.isInt(type)) return integerValues(type.bitWidth, type.isSigned);
  if (DataType.isFloat(type)) return floatValues(type.precision);
  if (DataType.isDecimal(type)) return decimalValues(type.precision, type.scale);
  return timeTypeValues(type) ?? byteTypeValues(type) ?? nestedValues(type);
}

function timeTypeValues(type: DataType): readonly RowValue[] | undefined {
  if (DataType.isDate(type)) return type.unit === DateUnit.DAY ? DATE_VALUES : instantValues(3, false);
  if (DataType.isTimestamp(type)) return instantValues(FRACTION_DIGITS[type.unit], type.timezone != null);
  if (DataType.isTime(type)) return timeValues(FRACTION_DIGITS[type.unit]);
  if (DataType.isDuration(type)) return [0n, -1n, 2n ** 62n];
  if (!DataType.isInterval(type)) return undefined;
  if (type.unit === IntervalUnit.YEAR_MONTH) return [[0], [-13], [120]];
  if (type.unit === IntervalUnit.DAY_TIME)
    return [
      [0, 0],
      [-1, 999],
      [365, 86_399_999],
    ];
  return [
    [0, 0, 0n],
    [-1, 31, -1n],
    [12, 1, 86_399_999_999_999n],
  ];
}

function byteTypeValues(type: DataType): readonly RowValue[] | undefined {
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isUtf8View(type)) {
    return [...TEXT_VALUES, REPLACED_TEXT];
  }
  if (DataType.isFixedSizeBinary(type))
    return [new Uint8Array(type.byteWidth), new Uint8Array(type.byteWidth).fill(0xff)];
  return DataType.isBinary(type) || DataType.isLargeBinary(type) || DataType.isBinaryView(type)
    ? BYTE_VALUES
    : undefined;
}

function nestedValues(type: DataType): readonly RowValue[] {
  if (DataType.isStruct(type)) {
    const members = type.children.map((field) => [field.name, valuesOf(field.type)] as const);
    return [0, 1, 2].map((i) => Object.fromEntries(members.map(([name, values]) => [name, values.at(i - 1)!])));
  }
  if (DataType.isMap(type)) {
    return [
      [],
      [['a', 1]],
      [
        ['b', null],
        ['c', 3],
      ],
    ];
  }
  if (DataType.isUnion(type)) {
    return type.children.flatMap((field, member) =>
      valuesOf(field.type)
        .slice(-3)
        .map((value) => ({ member, value })),
    );
  }
  if (DataType.isFixedSizeList(type)) {
    return [Array.from({ length: type.listSize }, (_, i) => i), Array.from({ length: type.listSize }, () => null)];
  }
  if (DataType.isList(type) || DataType.isLargeList(type)) {
    const items = valuesOf(type.valueType);
    return [[], [items[0]!], [null, items.at(-2)!]];
  }
  throw new TypeError(`there are no values of type ${type.typeId}`);
}
