import { type FileEncoding, SluiceError } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import { type TextRecoding, textRecoding } from '../../text/text-recoding.ts';
import type { TextDialect } from '../text-dialect.ts';
import { cellDialect, type CellDialectOptions } from './cell-dialect.ts';
import { columnCells } from './column-cells.ts';
import { headerRow } from './header-cells.ts';
import { type OpenCells, RowWriter } from './row-writer.ts';

export interface CsvWriting {
  readonly dialect: TextDialect;
  readonly lineEnd: string;
  readonly header: boolean;
  readonly quoteAll: boolean;
}

/** @throws `CONFIG_INVALID` for a dialect that cannot be written; `TYPE_UNSUPPORTED` naming the column. */
export function csvEncoding({ fields }: Schema, { dialect, lineEnd, header, quoteAll }: CsvWriting): FileEncoding {
  const { delimiter, quote, escape, nullText, comment, encoding } = dialect;
  const recoding = textRecoding('csv', encoding);
  const options: CellDialectOptions = { delimiter, quote, escape, lineEnd, nullText, comment, always: quoteAll };
  const written = cellDialect({ ...options, quotesEmpty: fields.length === 1 });
  requireRecodable(recoding, encoding, { delimiter, lineEnd, nullText });
  const columns = fields.map((field) => columnCells(field, written));
  const names = fields.map(({ name }) => name);

  function recodedHeader(): Uint8Array {
    const bytes = recoding.recode(headerRow(names, written));
    if (bytes !== undefined) return bytes;
    const name = names.find((text) => recoding.recode(Buffer.from(text)) === undefined);
    throw unwritable(`the name of column ${name}`, encoding);
  }

  function recoded(cells: readonly OpenCells[], batch: RecordBatch, utf8: Uint8Array): Uint8Array {
    const bytes = recoding.recode(utf8);
    if (bytes !== undefined) return bytes;
    // Row by row and column by column, to say where.
    for (let row = 0; row < batch.numRows; row++) {
      const column = cells.findIndex((cell) => {
        const text = new RowWriter(written).write([cell], 1, { rows: Uint32Array.of(row) });
        return recoding.recode(text) === undefined;
      });
      if (column >= 0) throw unwritable(`row ${row}, column ${names[column]}: a text`, encoding);
    }
    throw unwritable('a text', encoding);
  }

  return {
    prologue: () => Buffer.concat([recoding.mark, ...(header ? [recodedHeader()] : [])]),
    segment() {
      const writer = new RowWriter(written);
      return {
        write(batch) {
          const cells = batch.data.children.map((data, column) => columns[column]!(data));
          const utf8 = writer.write(cells, batch.numRows);
          return utf8.length === 0 ? [] : [recoded(cells, batch, utf8)];
        },
        end: () => ({ bytes: [], summary: null }),
      };
    },
    epilogue: () => new Uint8Array(0),
  };
}

function requireRecodable(recoding: TextRecoding, encoding: string, texts: Readonly<Record<string, string>>): void {
  for (const [option, text] of Object.entries(texts)) {
    if (recoding.recode(Buffer.from(text)) !== undefined) continue;
    throw new SluiceError('CONFIG_INVALID', `csv: ${option} has no place in ${encoding}`, {
      hint: 'Choose another one, or another encoding.',
    });
  }
}

function unwritable(what: string, encoding: string): SluiceError {
  return new SluiceError('VALUE_INVALID', `${what} that cannot be written in ${encoding}`, {
    hint: 'Write UTF-8 or UTF-16.',
  });
}
