import { type Data, DataType } from 'apache-arrow';

import type { ArrayType, ColumnType, ScalarType } from '../catalog/column-type.ts';
import type { CellWriter, CellWriters } from './cell-writer.ts';
import { NULL_LENGTH } from './cell-writer.ts';
import { boolCells, floatCells, integerCells } from './number-cells.ts';
import { numericCells, wholeDecimalCells } from './numeric-cells.ts';
import { binaryCells, textCells } from './text-cells.ts';
import { dateCells, timeCells, timestampCells } from './time-cells.ts';

/**
 * Writers for a column of a type into a column of the table, or undefined where not every value, or none, would keep
 * what it means.
 */
export function columnWriters(type: DataType, target: ColumnType): CellWriters | undefined {
  if (DataType.isNull(type)) return () => () => undefined;
  if (DataType.isDictionary(type)) return dictionaryWriters(type.dictionary, target);
  if (target.kind === 'other') return undefined;
  return target.kind === 'array' ? arrayWriters(type, target) : scalarWriters(type, target);
}

function scalarWriters(type: DataType, target: ScalarType): CellWriters | undefined {
  const { kind } = target;
  return (
    boolCells(type, kind) ??
    integerCells(type, kind) ??
    floatCells(type, kind) ??
    numericCells(type, target) ??
    wholeDecimalCells(type, target) ??
    dateCells(type, target) ??
    timestampCells(type, target) ??
    timeCells(type, target) ??
    textCells(type, target) ??
    binaryCells(type, target)
  );
}

/** Each chunk of the dictionary has a writer of its own. */
function dictionaryWriters(type: DataType, target: ColumnType): CellWriters | undefined {
  const entryWriters = columnWriters(type, target);
  if (entryWriters === undefined) return undefined;
  return (data) => {
    const chunks = (data.dictionary?.data ?? []).map((chunk) => ({ chunk, write: withNulls(chunk, entryWriters) }));
    // Keys are integers of any width.
    const keys = data.values as Int32Array | BigInt64Array;
    return (row, out) => {
      let entry = Number(keys[row]);
      for (const { chunk, write } of chunks) {
        if (entry < chunk.length) return write(entry, out);
        entry -= chunk.length;
      }
      return 'has no entry in its dictionary';
    };
  };
}

/** A writer for rows of which some are null. */
export function withNulls(data: Data, writers: CellWriters, onNull: CellWriter = writeNull): CellWriter {
  if (DataType.isNull(data.type)) return onNull;
  const write = writers(data);
  if (data.nullCount === 0) return write;
  const { nullBitmap, offset } = data;
  return (row, out) => {
    const bit = offset + row;
    return ((nullBitmap[bit >> 3]! >> (bit & 7)) & 1) === 1 ? write(row, out) : onNull(row, out);
  };
}

const writeNull: CellWriter = (_, out) => {
  out.int32(NULL_LENGTH);
  return undefined;
};

function arrayWriters(type: DataType, { element }: ArrayType): CellWriters | undefined {
  if (!DataType.isList(type) && !DataType.isLargeList(type) && !DataType.isFixedSizeList(type)) return undefined;
  const itemWriters = columnWriters(type.valueType, element);
  if (itemWriters === undefined) return undefined;
  const fixedSize = DataType.isFixedSizeList(type) ? type.listSize : undefined;
  return (data) => {
    const items = data.children[0]!;
    const write = withNulls(items, itemWriters);
    const offsets = data.valueOffsets as Int32Array | BigInt64Array;
    // A slice of fixed-size lists has its items sliced along.
    const startOf = (row: number): number => (fixedSize === undefined ? Number(offsets[row]) : row * fixedSize);
    return (row, out) => {
      const [from, to] = [startOf(row), startOf(row + 1)];
      const start = out.at;
      out.int32(0);
      // Dimensions, whether there are nulls, the type of an element; then length and first subscript.
      out.int32(to === from ? 0 : 1);
      out.int32(items.nullCount > 0 ? 1 : 0);
      out.int32(element.oid);
      if (to > from) {
        out.int32(to - from);
        out.int32(1);
      }
      for (let item = from; item < to; item++) {
        const fault = write(item, out);
        if (fault !== undefined) return `has an element that ${fault}`;
      }
      out.view.setInt32(start, out.at - start - 4);
      return undefined;
    };
  };
}
