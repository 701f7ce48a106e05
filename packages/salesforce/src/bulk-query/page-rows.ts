import { DataType, type Field, type Schema } from 'apache-arrow';

import { MAX_PAGE_ROWS, MIN_PAGE_ROWS, TARGET_PAGE_BYTES } from '../limits.ts';

/** Quotes and a comma. */
const CELL_OVERHEAD_BYTES = 3;
const TEXT_BYTES = 32;
/** The longest text that is not a long text area. */
const SHORT_TEXT_CHARACTERS = 255;
const ID_BYTES = 18;

/** About how many bytes a row has in the result: declared lengths, which few texts use up, are taken for a part. */
export function estimateRowBytes({ fields }: Schema): number {
  return fields.reduce((bytes, field) => bytes + CELL_OVERHEAD_BYTES + cellBytes(field), 0);
}

/** Rows in a page of about 32 MB. */
export function choosePageRows(rowBytes: number): number {
  return Math.min(MAX_PAGE_ROWS, Math.max(MIN_PAGE_ROWS, Math.floor(TARGET_PAGE_BYTES / rowBytes)));
}

function cellBytes({ type, metadata }: Field): number {
  if (DataType.isBool(type)) return 5;
  if (DataType.isInt(type)) return 8;
  if (DataType.isDecimal(type)) return Math.min(type.precision, 14) + 1;
  if (DataType.isDate(type)) return 10;
  if (DataType.isTimestamp(type)) return 24;
  if (DataType.isTime(type)) return 13;
  const remoteType = metadata.get('salesforce:type');
  if (remoteType === 'id' || remoteType === 'reference') return ID_BYTES;
  return textBytes(Number(metadata.get('salesforce:length')));
}

/** A quarter of a short text, and of what a long one has beyond that, 1 in 32. */
function textBytes(declaredCharacters: number): number {
  if (!(declaredCharacters > 0)) return TEXT_BYTES;
  const long = Math.max(0, declaredCharacters - SHORT_TEXT_CHARACTERS);
  return Math.ceil((declaredCharacters - long) / 4 + long / 32);
}
