import { DataType, Field, Float64 } from 'apache-arrow';

import { forEachValidRun } from '../../arrow/validity.ts';
import { CELL_ROUNDED, CELL_TOO_FINE, CELL_UNREADABLE, type CellParser } from '../../cells/cell-parser.ts';
import { valueCells } from '../../cells/value-cells.ts';
import { type WordCells, wordCells } from '../../cells/word-cells.ts';
import { decimalType } from '../../decimal/decimal-spec.ts';
import { SluiceError } from '../../error/sluice-error.ts';
import { dataOf, nullsOf } from '../column-nulls.ts';
import { columnOpener, isTextType } from '../column-reader.ts';
import { rowBytes } from '../row-bytes.ts';
import { TextWriter } from '../text-writer.ts';
import { type CastKernel, type CastOptions, inTurn, valueKernel } from './cast-kernel.ts';
import { shortestText } from './exact-number.ts';
import { numberCast } from './number-cast.ts';
import { isSingle } from './number-kind.ts';

/** No integer of 64 bits has more. */
const MAX_DIGITS = 20;

/** From texts, as the cells of a delimited text are read; to texts, as they are written. Undefined for other types. */
export function textCast(from: DataType, to: DataType, options: CastOptions): CastKernel | undefined {
  if (isTextType(from)) {
    if (isSingle(to)) return singleOfText(to, options);
    return DataType.isInt(to) && options.excessDigits !== 'error'
      ? roundedText(to, options)
      : valuesOfText(to, options);
  }
  return isTextType(to) && !DataType.isUtf8View(to) ? textOfValues(from, to) : undefined;
}

function valuesOfText(to: DataType, { excessDigits, excessTime }: CastOptions): CastKernel | undefined {
  const cells = wordCells(to, excessDigits);
  if (cells === undefined) return undefined;
  const cuts = excessTime === 'cut' && (DataType.isTimestamp(to) || DataType.isTime(to));
  const parse = cuts ? cuttingParser(cells.parse, to) : cells.parse;
  return (data, fail) => {
    const words = new Uint32Array(data.length * cells.wordCount);
    const at = rowBytes(data);
    forEachValidRun(data, 0, data.length, (from, end) => {
      for (let row = from; row < end; row++) {
        at.seek(row);
        const isEmpty = at.start === at.end;
        const status = isEmpty ? CELL_UNREADABLE : parse(at.bytes, at.start, at.end, words, row * cells.wordCount);
        if (status > CELL_ROUNDED) fail(row, `expected ${expectedAt(cells, status)}`);
      }
    });
    return dataOf(to, nullsOf(data), { data: cells.pack(words) });
  };
}

function expectedAt({ expected }: WordCells, status: number): string {
  return expected[status - CELL_UNREADABLE]!;
}

/** Reads a second's fraction again without the digits that the type has no room for. */
function cuttingParser(parse: CellParser, to: DataType): CellParser {
  // Instants and times have a unit; its number counts the digits by three.
  const digits = (to as DataType & { readonly unit: number }).unit * 3;
  const fraction = digits === 0 ? /\.\d+/ : new RegExp(String.raw`(\.\d{${digits}})\d+`);
  return (bytes, start, end, words, at) => {
    const status = parse(bytes, start, end, words, at);
    if (status !== CELL_TOO_FINE) return status;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const cut = Buffer.from(text.replace(fraction, digits === 0 ? '' : '$1'), 'latin1');
    return parse(cut, 0, cut.length, words, at);
  };
}

/** By way of the nearest double, whose rounding to a single is part of the cast. */
function singleOfText(to: DataType, options: CastOptions): CastKernel | undefined {
  const double = new Float64();
  const read = valuesOfText(double, options);
  const narrow = numberCast(double, to, { ...options, excessDigits: 'round' });
  return read === undefined || narrow === undefined ? undefined : inTurn(read, narrow);
}

/** Cells of whole numbers are never rounded, so that they are decimals first. */
function roundedText(to: DataType, options: CastOptions): CastKernel | undefined {
  const whole = decimalType(MAX_DIGITS, 0);
  const read = valuesOfText(whole, options);
  const narrow = numberCast(whole, to, options);
  return read === undefined || narrow === undefined ? undefined : inTurn(read, narrow);
}

function textOfValues(from: DataType, to: DataType): CastKernel | undefined {
  if (isSingle(from)) {
    const write = (value: unknown): string => shortestText(value as number, true);
    return valueKernel(columnOpener(from)!, to, write, 'a text');
  }
  const cells = valueCells(new Field('', from, true));
  if (cells === undefined) return undefined;
  return (data, fail) => {
    const writer = new TextWriter(data.length);
    const encode = cells.open(data);
    let row = 0;
    const write = (bytes: Uint8Array, at: number): number => encode(bytes, at, row);
    forEachValidRun(data, 0, data.length, (start, end) => {
      for (row = start; row < end; row++) {
        try {
          writer.writeWith(row, cells.maxBytes, write);
        } catch (error) {
          if (!(SluiceError.is(error) && error.code === 'VALUE_INVALID')) throw error;
          fail(row, 'expected a date in the years 0001 to 9999');
        }
      }
    });
    return writer.finish(to, nullsOf(data));
  };
}
