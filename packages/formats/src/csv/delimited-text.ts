import { type FileEncoding, type Format, SluiceError } from '@sluice/core';
import { type Data, DataType, type Schema } from 'apache-arrow';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import { type CellWriter, cellWriter } from './cell-writer.ts';

export interface CsvFormatOptions {
  /** Between cells; one character or several. Default comma. */
  readonly delimiter?: string;
  /** One ASCII character around cells that need it, or none. Default `"`. */
  readonly quote?: string;
  /** One ASCII character before a quote, and before itself, within quotes. Default: the quote, which is doubled. */
  readonly escape?: string;
  /** At the end of a row. Default CRLF. */
  readonly lineEnd?: string;
  /** Whether the first row has the names of the columns. Default true. */
  readonly header?: boolean;
  /** What stands for null, never in quotes. Default: nothing. */
  readonly nullText?: string;
  /** Quotes around every cell but null ones. Default false. */
  readonly quoteAll?: boolean;
}

/** Of a chunk of encoded rows. */
const CHUNK_BYTES = 262_144;

/**
 * Delimited text in UTF-8, without a byte order mark (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180, by default).
 *
 * Columns are texts: how a number or a date is written is a matter of who reads it, so a mapping casts them before.
 * A text that would be taken for null, or that holds a delimiter, a quote or a line end, is quoted. An encoder holds one
 * batch as text.
 *
 * @throws `CONFIG_INVALID` for options that make no sense; `TYPE_UNSUPPORTED` from `encode` naming a column that is no
 * text; `VALUE_INVALID` while encoding, for a text that cannot be told from others without quotes.
 */
export function csv(options: CsvFormatOptions = {}): Format {
  const { delimiter = ',', quote = '"', lineEnd = '\r\n', header = true, nullText = '', quoteAll = false } = options;
  const escape = options.escape ?? quote;
  const dialect = { delimiter, quote, escape, lineEnd, nullText, quoteAll };
  const writeCell = cellWriter(dialect);
  return {
    name: 'csv',
    extension: '.csv',
    config: { ...dialect, header },
    bufferBytes: CHUNK_BYTES,
    encode: (schema) => encoding(schema, { writeCell, delimiter, lineEnd, header }),
  };
}

interface Encoding {
  readonly writeCell: CellWriter;
  readonly delimiter: string;
  readonly lineEnd: string;
  readonly header: boolean;
}

function encoding({ fields }: Schema, { writeCell, delimiter, lineEnd, header }: Encoding): FileEncoding {
  for (const { name, type } of fields) {
    if (DataType.isUtf8(type)) continue;
    throw new SluiceError('TYPE_UNSUPPORTED', `column ${name} is no text, and a text file holds nothing else`, {
      hint: 'Cast the column to text in the mapping.',
    });
  }
  const encoder = new TextEncoder();
  const between = encoder.encode(delimiter);
  const behind = encoder.encode(lineEnd);

  const headerRow = (): Uint8Array => {
    const out = new GrowingBytes();
    fields.forEach(({ name }, column) => {
      if (column > 0) out.appendBytes(between);
      const bytes = encoder.encode(name);
      writeCell(out, bytes, 0, bytes.length, name);
    });
    out.appendBytes(behind);
    return out.view().slice();
  };

  return {
    prologue: () => (header ? headerRow() : new Uint8Array(0)),
    segment: () => ({
      write(batch) {
        const chunks: Uint8Array[] = [];
        const out = new GrowingBytes(CHUNK_BYTES);
        const columns = batch.data.children.map(textCells);
        for (let row = 0; row < batch.numRows; row++) {
          columns.forEach(({ data, bytes, offsets }, column) => {
            if (column > 0) out.appendBytes(between);
            const { name } = fields[column]!;
            if (data.getValid(row)) writeCell(out, bytes, offsets[row]!, offsets[row + 1]!, name);
            else writeCell(out, undefined, 0, 0, name);
          });
          out.appendBytes(behind);
          if (out.length < CHUNK_BYTES) continue;
          chunks.push(out.view().slice());
          out.clear();
        }
        if (out.length > 0) chunks.push(out.view().slice());
        return chunks;
      },
      end: () => ({ bytes: [], summary: null }),
    }),
    epilogue: () => new Uint8Array(0),
  };
}

interface TextCells {
  readonly data: Data;
  readonly bytes: Uint8Array;
  readonly offsets: Int32Array;
}

function textCells(data: Data): TextCells {
  // Text lies in a byte array, its bounds in one of 32 bits.
  return { data, bytes: data.values as Uint8Array, offsets: data.valueOffsets as Int32Array };
}
