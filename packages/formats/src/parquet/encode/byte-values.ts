import type { Encoding } from 'hyparquet';

import { ByteDictionary } from '../../bits/byte-dictionary.ts';
import { type ByteCells, type ColumnBatch, isValid } from '../../bits/column-batch.ts';
import { GrowingBytes } from '../../bits/growing-bytes.ts';
import { ByteRange } from './byte-range.ts';
import { appendIndices, bitWidthOf } from './hybrid-encoding.ts';
import { type ChunkEnd, PAGE_BYTES, type PageValues } from './page-values.ts';

/** A dictionary that grows beyond this costs more than it saves. */
const DICTIONARY_BYTES = 1_048_576;
/** Values after which a dictionary must have shown that they repeat. */
const PROBATION_VALUES = 2_048;

/**
 * Text or bytes: entries of a dictionary as long as values repeat, else each value with its length.
 *
 * Whether a row group uses a dictionary is decided by its values in their order and by nothing else.
 */
export class ByteValues implements PageValues {
  full = false;
  readonly #dictionary = new ByteDictionary();
  readonly #range = new ByteRange();
  #indices = new Int32Array(256);
  readonly #encoded = new GrowingBytes();
  readonly #plain = new GrowingBytes();
  #usesDictionary = true;
  #dictionaryPages = 0;
  #values = 0;
  /** What the page's values take, or would take, in plain encoding. */
  #pageBytes = 0;
  #batchDictionary: object | undefined;
  #entryByCode = new Int32Array(0);

  take(column: ColumnBatch, from: number, to: number): number {
    const { cells, validity } = column;
    if (cells === undefined) throw new TypeError('not a column of text or bytes');
    let row = from;
    if (cells.dictionary !== this.#batchDictionary) this.#forgetCodes(cells);
    while (row < to && !this.full) {
      if (validity === undefined || isValid(validity, row)) this.#put(cells, row);
      row++;
      if (this.#pageBytes >= PAGE_BYTES) this.full = true;
    }
    return row;
  }

  #put(cells: ByteCells, row: number): void {
    const { bytes, offsets, codes } = cells;
    const cell = codes === undefined ? row : codes[row]!;
    const start = offsets[cell]!;
    const end = offsets[cell + 1]!;
    this.#pageBytes += end - start + 4;
    if (!this.#usesDictionary) {
      this.#plain.appendUint32(end - start);
      this.#plain.appendBytes(bytes, start, end);
      this.#values++;
      return;
    }
    let entry = codes === undefined ? -1 : this.#entryByCode[cell]! - 1;
    if (entry < 0) {
      entry = this.#dictionary.entryOf(bytes, start, end);
      if (codes !== undefined) this.#entryByCode[cell] = entry + 1;
    }
    if (this.#values === this.#indices.length) this.#growIndices();
    this.#indices[this.#values++] = entry;
    const wasteful =
      this.#dictionary.plain.length > DICTIONARY_BYTES ||
      (this.#values === PROBATION_VALUES && this.#dictionaryPages === 0 && this.#mostlyDistinct());
    if (!wasteful) return;
    // Pages that already refer to the dictionary keep it; the next ones go without.
    if (this.#dictionaryPages > 0) this.full = true;
    else this.#dropDictionary();
  }

  endPage(): { readonly encoding: Encoding; readonly bytes: Uint8Array } {
    if (this.#usesDictionary && this.#dictionaryPages === 0 && this.#mostlyDistinct()) this.#dropDictionary();
    // A page of nulls needs no dictionary, and must not be the only one to refer to it.
    const usesDictionary = this.#usesDictionary && this.#values > 0;
    const encoding = usesDictionary ? 'RLE_DICTIONARY' : 'PLAIN';
    const bytes = usesDictionary ? this.#encodeIndices() : this.#plain.view();
    if (usesDictionary) {
      this.#dictionaryPages++;
      if (this.#dictionary.plain.length > DICTIONARY_BYTES) this.#usesDictionary = false;
    } else {
      this.#addRange(this.#plain.view());
    }
    this.#plain.clear();
    this.#values = 0;
    this.#pageBytes = 0;
    this.full = false;
    return { encoding, bytes };
  }

  endChunk(): ChunkEnd {
    const dictionary =
      this.#dictionaryPages > 0
        ? { bytes: this.#dictionary.plain.view().slice(), entries: this.#dictionary.size }
        : undefined;
    if (dictionary !== undefined) this.#addRange(dictionary.bytes);
    this.#dictionary.clear();
    this.#usesDictionary = true;
    this.#dictionaryPages = 0;
    this.#batchDictionary = undefined;
    this.#entryByCode = new Int32Array(0);
    return { minMax: this.#range.end(), dictionary };
  }

  #growIndices(): void {
    const grown = new Int32Array(this.#indices.length * 2);
    grown.set(this.#indices);
    this.#indices = grown;
  }

  #mostlyDistinct(): boolean {
    return this.#dictionary.size * 2 > this.#values;
  }

  #dropDictionary(): void {
    const { plain } = this.#dictionary;
    for (let i = 0; i < this.#values; i++) {
      const entry = this.#indices[i]!;
      this.#plain.appendBytes(plain.bytes, this.#dictionary.startOf(entry) - 4, this.#dictionary.endOf(entry));
    }
    this.#dictionary.clear();
    this.#usesDictionary = false;
  }

  #encodeIndices(): Uint8Array {
    const bitWidth = bitWidthOf(Math.max(0, this.#dictionary.size - 1));
    this.#encoded.clear();
    this.#encoded.appendByte(bitWidth);
    appendIndices(this.#encoded, this.#indices, this.#values, bitWidth);
    return this.#encoded.view();
  }

  #addRange(plain: Uint8Array): void {
    let at = 0;
    while (at < plain.length) {
      const length = plain[at]! | (plain[at + 1]! << 8) | (plain[at + 2]! << 16) | (plain[at + 3]! << 24);
      this.#range.add(plain, at + 4, at + 4 + length);
      at += 4 + length;
    }
  }

  #forgetCodes(cells: ByteCells): void {
    this.#batchDictionary = cells.dictionary;
    this.#entryByCode = new Int32Array(cells.dictionary === undefined ? 0 : cells.offsets.length - 1);
  }
}
