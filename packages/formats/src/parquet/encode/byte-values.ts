import type { Encoding } from 'hyparquet';

import { ByteDictionary } from '../../bits/byte-dictionary.ts';
import { type ByteCells, type ColumnBatch, isValid, type Validity } from '../../bits/column-batch.ts';
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
    if (cells.dictionary !== this.#batchDictionary) this.#forgetCodes(cells);
    const view = viewOf(cells.bytes);
    let row = from;
    for (; row < to && !this.full && this.#usesDictionary; row++) {
      if (validity === undefined || isValid(validity, row)) this.#putEntry(cells, view, row);
    }
    return row < to && !this.full ? this.#takePlain(cells, validity, view, row, to) : row;
  }

  #takePlain(
    { bytes, offsets, codes }: ByteCells,
    validity: Validity | undefined,
    view: DataView,
    from: number,
    to: number,
  ): number {
    const plain = this.#plain;
    let pageBytes = this.#pageBytes;
    let row = from;
    for (; row < to && pageBytes < PAGE_BYTES; row++) {
      if (validity !== undefined && !isValid(validity, row)) continue;
      const cell = codes === undefined ? row : codes[row]!;
      const start = offsets[cell]!;
      const end = offsets[cell + 1]!;
      plain.appendCounted(bytes, view, start, end);
      pageBytes += end - start + 4;
      this.#values++;
    }
    this.#pageBytes = pageBytes;
    this.full = pageBytes >= PAGE_BYTES;
    return row;
  }

  #putEntry({ bytes, offsets, codes }: ByteCells, view: DataView, row: number): void {
    const cell = codes === undefined ? row : codes[row]!;
    const start = offsets[cell]!;
    const end = offsets[cell + 1]!;
    this.#pageBytes += end - start + 4;
    if (this.#pageBytes >= PAGE_BYTES) this.full = true;
    let entry = codes === undefined ? -1 : this.#entryByCode[cell]! - 1;
    if (entry < 0) {
      entry = this.#dictionary.entryOf(bytes, view, start, end);
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
      this.#range.add(this.#plain.view());
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
    if (dictionary !== undefined) this.#range.add(dictionary.bytes);
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

  #forgetCodes(cells: ByteCells): void {
    this.#batchDictionary = cells.dictionary;
    this.#entryByCode = new Int32Array(cells.dictionary === undefined ? 0 : cells.offsets.length - 1);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
