import { SluiceError } from '@sluice/core';
import type { ExcessDigits } from '@sluice/core/decimal';
import { DataType, type Field, type Int, type Schema } from 'apache-arrow';

import { wordType, type WordType } from './word-type.ts';

/** How one column of the batch is made from one column of the file. */
export interface ColumnProgram {
  readonly field: Field;
  /** Ordinal in the file. */
  readonly fileColumn: number;
  /** Undefined for text, be it in a dictionary. */
  readonly words: WordType | undefined;
  /** What a row takes in the sense of core's `batchBytes`, the bytes of text apart. */
  readonly slotBytes: number;
}

export interface ColumnProgramOptions {
  readonly schema: Schema;
  readonly columns: readonly number[];
  readonly excessDigits: ExcessDigits;
}

const TEXT_SLOT_BYTES = 4;

/**
 * One program for each field of the schema, in its order.
 *
 * @throws `CONFIG_INVALID` when a field is filled by no column of the file, or by two; `TYPE_UNSUPPORTED`.
 */
export function columnPrograms({ schema, columns, excessDigits }: ColumnProgramOptions): readonly ColumnProgram[] {
  const unknown = columns.find((index) => index !== -1 && schema.fields[index] === undefined);
  if (unknown !== undefined)
    throw invalid(`columns names field ${unknown}, and the schema has ${schema.fields.length}`);
  if (columns.length === 0) throw invalid('columns is empty, and a row has at least one cell');
  return schema.fields.map((field, index) => {
    const fileColumn = columns.indexOf(index);
    if (fileColumn < 0) throw invalid(`no column of the file fills ${field.name}`);
    if (columns.includes(index, fileColumn + 1)) throw invalid(`two columns of the file fill ${field.name}`);
    return columnProgram(field, fileColumn, excessDigits);
  });
}

function columnProgram(field: Field, fileColumn: number, excessDigits: ExcessDigits): ColumnProgram {
  if (isText(field.type)) return { field, fileColumn, words: undefined, slotBytes: TEXT_SLOT_BYTES };
  const words = wordType(field.type, excessDigits);
  if (words !== undefined) return { field, fileColumn, words, slotBytes: words.slotBytes };
  throw new SluiceError('TYPE_UNSUPPORTED', `column ${field.name}: CSV cells cannot be read as ${String(field.type)}`, {
    hint: 'Read the column as text and cast it in the mapping.',
  });
}

/** Text as it is, or each distinct one once, under numbers of 32 bits. */
function isText(type: DataType): boolean {
  if (!DataType.isDictionary(type)) return DataType.isUtf8(type);
  // Keys are integers of any width.
  const { bitWidth, isSigned } = type.indices as Int;
  return DataType.isUtf8(type.dictionary) && bitWidth === 32 && isSigned;
}

function invalid(problem: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `csv: ${problem}`, { hint: 'Match the columns of the file to the schema.' });
}
