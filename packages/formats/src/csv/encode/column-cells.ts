import { SluiceError } from '@sluice/core';
import { type CellEncoder, type ValueCells, valueCells } from '@sluice/core/cells';
import { type Data, DataType, type Field } from 'apache-arrow';

import { openColumn } from '../../bits/column-batch.ts';
import { type CellDialect, PLAIN } from './cell-dialect.ts';
import type { OpenCells } from './row-writer.ts';
import { textCells, textWriter, writtenBytes } from './text-cells.ts';

/** Makes one column of a batch ready to be written. */
export type ColumnCells = (data: Data) => OpenCells;

/** What values other than text are written with. */
const VALUE_CHARACTERS = Buffer.from('-+.:0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
/** A null text that a number, a boolean or a date could be, too. */
const VALUE_TEXT = /^(?:[-+.\d].*|true|false|NaN|Infinity)$/;

/** @throws `TYPE_UNSUPPORTED` naming the column. */
export function columnCells(field: Field, dialect: CellDialect): ColumnCells {
  const { name, type } = field;
  const { nulls } = dialect;
  if (isText(type)) {
    return (data) => {
      const { cells, validity } = openColumn(data);
      // Text of any kind has cells.
      return { ...textCells(dialect, cells!, name), validity, nulls };
    };
  }
  const values = valueCells(field);
  if (values === undefined) {
    throw new SluiceError('TYPE_UNSUPPORTED', `column ${name}: ${String(type)} cannot be written as CSV cells`, {
      hint: 'Cast the column to text in the mapping.',
    });
  }
  const { maxBytes, open } = writtenValues(values, dialect, name);
  return (data) => ({ write: open(data), maxBytes, validity: openColumn(data).validity, nulls });
}

function isText(type: DataType): boolean {
  const values: DataType = DataType.isDictionary(type) ? type.dictionary : type;
  return DataType.isUtf8(values) || DataType.isLargeUtf8(values);
}

/** Values as they are, in quotes, or looked at like text where they could be taken for something else. */
function writtenValues(values: ValueCells, dialect: CellDialect, name: string): ValueCells {
  const { maxBytes, open } = values;
  const { meanings, always, quote, nulls } = dialect;
  const nullText = Buffer.from(nulls).toString();
  if (VALUE_TEXT.test(nullText) || VALUE_CHARACTERS.some((byte) => meanings[byte] !== PLAIN)) {
    const text = new Uint8Array(maxBytes);
    const writeText = textWriter(dialect, text, name);
    return {
      maxBytes: writtenBytes(maxBytes),
      open: (data) => {
        const write = open(data);
        return (out, at, row) => writeText(out, at, 0, write(text, 0, row));
      },
    };
  }
  if (!always || quote === undefined) return values;
  return {
    maxBytes: maxBytes + 2,
    open(data) {
      const write = open(data);
      const quoted: CellEncoder = (out, at, row) => {
        out[at] = quote;
        const end = write(out, at + 1, row);
        out[end] = quote;
        return end + 1;
      };
      return quoted;
    },
  };
}
