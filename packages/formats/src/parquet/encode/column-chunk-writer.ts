import { SluiceError } from '@sluice/core';
import type { Encoding } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import { Encodings, PageTypes } from 'hyparquet/src/constants.js';

import type { ColumnBatch } from '../../bits/column-batch.ts';
import { GrowingBytes } from '../../bits/growing-bytes.ts';
import type { ColumnPlan } from './column-plan.ts';
import { type ChunkSummary, summarizeRange } from './file-summary.ts';
import { compressPage, type ParquetCompression } from './page-compression.ts';
import { PageLevels } from './page-levels.ts';
import { PAGE_ROWS, type PageValues } from './page-values.ts';

/** The pages of one column in the row group under way. */
export class ColumnChunkWriter {
  readonly #plan: ColumnPlan;
  readonly #compression: ParquetCompression;
  readonly #values: PageValues;
  readonly #levels = new PageLevels();
  readonly #page = new GrowingBytes();
  #pages: Uint8Array[] = [];
  #encodings = new Set<Encoding>();
  #nulls = 0;
  #uncompressedBytes = 0;

  constructor(plan: ColumnPlan, compression: ParquetCompression) {
    this.#plan = plan;
    this.#compression = compression;
    this.#values = plan.createValues();
  }

  append(column: ColumnBatch, from: number, to: number): void {
    if (column.validity !== undefined && !this.#plan.nullable) {
      throw new SluiceError('VALUE_INVALID', `column ${this.#plan.name} holds a null but is declared not nullable`);
    }
    let row = from;
    while (row < to) {
      const end = Math.min(to, row + PAGE_ROWS - this.#levels.rows);
      const taken = this.#values.take(column, row, end);
      this.#levels.add(column.validity, row, taken);
      row = taken;
      if (this.#values.full || this.#levels.rows === PAGE_ROWS) this.#endPage();
    }
  }

  /** Ends the chunk, which starts `byteOffset` bytes behind the start of the segment. */
  end(byteOffset: number): { readonly bytes: readonly Uint8Array[]; readonly summary: ChunkSummary } {
    if (this.#levels.rows > 0) this.#endPage();
    const { minMax, dictionary } = this.#values.endChunk();
    const bytes = this.#pages;
    let dataOffset = byteOffset;
    if (dictionary !== undefined) {
      const page = this.#finishPage(dictionary.bytes, 'DICTIONARY_PAGE', 'PLAIN', dictionary.entries);
      this.#encodings.add('PLAIN');
      bytes.unshift(page);
      dataOffset += page.length;
    }
    if (this.#plan.nullable) this.#encodings.add('RLE');
    const summary: ChunkSummary = {
      ...(dictionary === undefined ? {} : { dictionaryOffset: byteOffset }),
      dataOffset,
      bytes: bytes.reduce((sum, page) => sum + page.length, 0),
      uncompressedBytes: this.#uncompressedBytes,
      encodings: [...this.#encodings],
      nulls: this.#nulls,
      ...summarizeRange(minMax, this.#plan.element),
    };
    this.#pages = [];
    this.#encodings = new Set();
    this.#nulls = 0;
    this.#uncompressedBytes = 0;
    return { bytes, summary };
  }

  #endPage(): void {
    const { rows, nulls } = this.#levels;
    const { encoding, bytes } = this.#values.endPage();
    this.#page.clear();
    this.#levels.end(this.#page);
    // A column that cannot be null has no levels.
    if (!this.#plan.nullable) this.#page.clear();
    this.#page.appendBytes(bytes);
    this.#encodings.add(encoding);
    this.#nulls += nulls;
    this.#pages.push(this.#finishPage(this.#page.view(), 'DATA_PAGE', encoding, rows));
  }

  /** Header and compressed bytes in one piece that belongs to nobody else. */
  #finishPage(page: Uint8Array, type: 'DATA_PAGE' | 'DICTIONARY_PAGE', encoding: Encoding, values: number): Uint8Array {
    const compressed = compressPage(page, this.#compression);
    const header = pageHeader(type, page.length, compressed.length, values, encoding);
    const finished = new Uint8Array(header.length + compressed.length);
    finished.set(header);
    finished.set(compressed, header.length);
    this.#uncompressedBytes += header.length + page.length;
    return finished;
  }
}

/** https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, `PageHeader`. */
function pageHeader(
  type: 'DATA_PAGE' | 'DICTIONARY_PAGE',
  uncompressedBytes: number,
  compressedBytes: number,
  values: number,
  encoding: Encoding,
): Uint8Array {
  const writer = new ByteWriter(64);
  const levels = Encodings.indexOf('RLE');
  const sizes = { field_1: PageTypes.indexOf(type), field_2: uncompressedBytes, field_3: compressedBytes };
  const content = { field_1: values, field_2: Encodings.indexOf(encoding) };
  serializeTCompactProtocol(
    writer,
    type === 'DATA_PAGE'
      ? { ...sizes, field_5: { ...content, field_3: levels, field_4: levels } }
      : { ...sizes, field_7: content },
  );
  return writer.getBytes();
}
