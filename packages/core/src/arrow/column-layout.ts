import { DataType, DateUnit, IntervalUnit, Precision, Type } from 'apache-arrow';

import { SluiceError } from '../error/sluice-error.ts';

/** How the cells of a column lie in memory, whatever they mean. */
export type ColumnLayout =
  | { readonly kind: 'empty' }
  | { readonly kind: 'bits' }
  | { readonly kind: 'fixed'; readonly widthBytes: number; readonly isFloat: boolean }
  | { readonly kind: 'bytes'; readonly offsetBytes: number }
  | { readonly kind: 'views' }
  | { readonly kind: 'list'; readonly offsetBytes: number; readonly item: DataType }
  | { readonly kind: 'fixedList'; readonly size: number; readonly item: DataType }
  | { readonly kind: 'struct'; readonly members: readonly DataType[] }
  | {
      readonly kind: 'union';
      readonly isDense: boolean;
      readonly memberOf: Readonly<Record<number, number>>;
      readonly members: readonly DataType[];
    };

/**
 * The layout of a type's values, a dictionary being only an encoding of them.
 *
 * @throws `TYPE_UNSUPPORTED` for types of a later Arrow than this code knows; `where` names the column.
 */
export function layoutOf(type: DataType, where = 'a column'): ColumnLayout {
  if (DataType.isDictionary(type)) return layoutOf(type.dictionary, where);
  if (DataType.isNull(type)) return { kind: 'empty' };
  if (DataType.isBool(type)) return { kind: 'bits' };
  if (DataType.isUtf8(type) || DataType.isBinary(type)) return { kind: 'bytes', offsetBytes: 4 };
  if (DataType.isLargeUtf8(type) || DataType.isLargeBinary(type)) return { kind: 'bytes', offsetBytes: 8 };
  if (DataType.isUtf8View(type) || DataType.isBinaryView(type)) return { kind: 'views' };
  const layout = nestedLayout(type) ?? fixedLayout(type);
  if (layout !== undefined) return layout;
  throw new SluiceError(
    'TYPE_UNSUPPORTED',
    `${where} has the Arrow type ${Type[type.typeId]}, which is not known here`,
  );
}

function nestedLayout(type: DataType): ColumnLayout | undefined {
  if (DataType.isList(type)) return { kind: 'list', offsetBytes: 4, item: type.valueType };
  if (DataType.isLargeList(type)) return { kind: 'list', offsetBytes: 8, item: type.valueType };
  if (DataType.isMap(type)) return { kind: 'list', offsetBytes: 4, item: type.childType };
  if (DataType.isFixedSizeList(type)) return { kind: 'fixedList', size: type.listSize, item: type.valueType };
  if (DataType.isStruct(type)) return { kind: 'struct', members: type.children.map((field) => field.type) };
  if (DataType.isUnion(type)) {
    return {
      kind: 'union',
      isDense: DataType.isDenseUnion(type),
      memberOf: type.typeIdToChildIndex,
      members: type.children.map((field) => field.type),
    };
  }
  return undefined;
}

function fixedLayout(type: DataType): ColumnLayout | undefined {
  const widthBytes = fixedWidthBytes(type);
  return widthBytes === undefined ? undefined : { kind: 'fixed', widthBytes, isFloat: DataType.isFloat(type) };
}

const FLOAT_BYTES = { [Precision.HALF]: 2, [Precision.SINGLE]: 4, [Precision.DOUBLE]: 8 } as const;
const DATE_BYTES = { [DateUnit.DAY]: 4, [DateUnit.MILLISECOND]: 8 } as const;
const INTERVAL_BYTES = {
  [IntervalUnit.YEAR_MONTH]: 4,
  [IntervalUnit.DAY_TIME]: 8,
  [IntervalUnit.MONTH_DAY_NANO]: 16,
} as const;

function fixedWidthBytes(type: DataType): number | undefined {
  if (DataType.isFixedSizeBinary(type)) return type.byteWidth;
  if (DataType.isDecimal(type)) return type.bitWidth / 8;
  if (DataType.isInterval(type)) return INTERVAL_BYTES[type.unit];
  if (DataType.isInt(type) || DataType.isTime(type)) return type.bitWidth / 8;
  if (DataType.isFloat(type)) return FLOAT_BYTES[type.precision];
  if (DataType.isDate(type)) return DATE_BYTES[type.unit];
  return DataType.isTimestamp(type) || DataType.isDuration(type) ? 8 : undefined;
}
