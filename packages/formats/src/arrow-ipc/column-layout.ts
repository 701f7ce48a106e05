import { type Data, DataType, DateUnit, IntervalUnit, Precision } from 'apache-arrow';

import { bytesColumn } from './bytes-column.ts';
import { ColumnNulls } from './column-nulls.ts';
import { ColumnOffsets } from './column-offsets.ts';
import { boolColumn, fixedColumn, nullColumn } from './fixed-column.ts';
import type { PlainColumn } from './plain-column.ts';

const FLOAT_BYTES = { [Precision.HALF]: 2, [Precision.SINGLE]: 4, [Precision.DOUBLE]: 8 } as const;
const INTERVAL_BYTES = {
  [IntervalUnit.YEAR_MONTH]: 4,
  [IntervalUnit.DAY_TIME]: 8,
  [IntervalUnit.MONTH_DAY_NANO]: 16,
} as const;

/** An empty column of a type of `plainSchema`. */
export function plainColumn(type: DataType): PlainColumn {
  if (DataType.isNull(type)) return nullColumn();
  if (DataType.isBool(type)) return boolColumn();
  if (DataType.isUtf8(type) || DataType.isBinary(type)) return bytesColumn(4);
  if (DataType.isLargeUtf8(type) || DataType.isLargeBinary(type)) return bytesColumn(8);
  if (DataType.isList(type)) return listColumn(4, plainColumn(type.valueType));
  if (DataType.isLargeList(type)) return listColumn(8, plainColumn(type.valueType));
  if (DataType.isMap(type)) return listColumn(4, plainColumn(type.childType));
  if (DataType.isFixedSizeList(type)) return nestedColumn([plainColumn(type.valueType)], type.listSize);
  if (DataType.isStruct(type))
    return nestedColumn(
      type.children.map((member) => plainColumn(member.type)),
      1,
    );
  return fixedColumn(valueBytes(type));
}

/** Appends rows of data, which may be dictionary-encoded, to a column of the plain type. */
export function appendRows(column: PlainColumn, data: Data, from: number, to: number): void {
  if (!DataType.isDictionary(data.type)) {
    column.append(data, from, to);
    return;
  }
  const chunks = data.dictionary?.data ?? [];
  // Keys are integers of any width.
  const keys = data.values as Int32Array | BigInt64Array;
  for (let row = from; row < to; row++) {
    if (!data.getValid(row)) {
      column.appendNulls(1);
      continue;
    }
    // A dictionary that grew comes in several chunks.
    let entry = Number(keys[row]);
    let ordinal = 0;
    while (entry >= chunks[ordinal]!.length) entry -= chunks[ordinal++]!.length;
    appendRows(column, chunks[ordinal]!, entry, entry + 1);
  }
}

function listColumn(offsetBytes: 4 | 8, items: PlainColumn): PlainColumn {
  const nulls = new ColumnNulls();
  const offsets = new ColumnOffsets(offsetBytes);
  return {
    append(data, from, to) {
      const valid = (start: number, end: number): void => {
        offsets.append(data, start, end);
        appendRows(items, data.children[0]!, Number(data.valueOffsets[start]), Number(data.valueOffsets[end]));
      };
      nulls.append(data, from, to, { valid, missing: (rows) => offsets.appendEmpty(rows) });
    },
    appendNulls(rows) {
      nulls.appendNulls(rows);
      offsets.appendEmpty(rows);
    },
    end(body) {
      nulls.end(body);
      offsets.end(body);
      items.end(body);
    },
  };
}

/** Members that have so many rows for each row: one in a struct, several in a list of fixed size. */
function nestedColumn(members: readonly PlainColumn[], rowsEach: number): PlainColumn {
  const nulls = new ColumnNulls();
  const missing = (rows: number): void => {
    for (const member of members) member.appendNulls(rows * rowsEach);
  };
  return {
    append(data, from, to) {
      const valid = (start: number, end: number): void => {
        members.forEach((member, i) => appendRows(member, data.children[i]!, start * rowsEach, end * rowsEach));
      };
      nulls.append(data, from, to, { valid, missing });
    },
    appendNulls(rows) {
      nulls.appendNulls(rows);
      missing(rows);
    },
    end(body) {
      nulls.end(body);
      for (const member of members) member.end(body);
    },
  };
}

/** The width of a value that is no bit, no text and not nested. */
export function valueBytes(type: DataType): number {
  if (DataType.isFixedSizeBinary(type)) return type.byteWidth;
  if (DataType.isInt(type) || DataType.isTime(type) || DataType.isDecimal(type)) return type.bitWidth / 8;
  if (DataType.isFloat(type)) return FLOAT_BYTES[type.precision];
  if (DataType.isDate(type)) return type.unit === DateUnit.DAY ? 4 : 8;
  return DataType.isInterval(type) ? INTERVAL_BYTES[type.unit] : 8;
}
