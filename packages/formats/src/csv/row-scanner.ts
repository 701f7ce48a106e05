import { isUtf8 } from 'node:buffer';

import { CR, type DialectBytes, LF } from './csv-dialect.ts';
import type { Damage, ScannedRows } from './scanned-rows.ts';

/** Taken in at once: small enough to stay in the processor's cache until it is decoded. */
const WINDOW_BYTES = 128 * 1024;
/** A cell this long is likely to be much longer, and worth the call that searches faster. */
const LONG_BYTES = 48;
/** Stays free behind what was taken in: for the sentinel, the line end that the last row may lack, and readers of words. */
const SLACK_BYTES = 8;
const SPACE = 0x20;

/** What is wrong in the row being scanned, and where in the window. */
interface Fault {
  readonly problem: string;
  readonly at: number;
  readonly isOfCell: boolean;
}

/**
 * Finds rows and cells in a stream of bytes (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180), line ends LF and CRLF
 * in any mixture.
 *
 * Bytes are copied into a window of the scanner's own, which begins with the first row not yet complete. There doubled
 * quotes are undoubled in place, so that a cell is always one stretch of bytes. A row that does not fit makes the window
 * grow; where scanning stopped is remembered, so that no byte is looked at twice.
 */
export class RowScanner implements ScannedRows {
  /** Complete rows in the window. */
  rows = 0;
  bytes: Uint8Array = new Uint8Array(WINDOW_BYTES);
  view = new DataView(this.bytes.buffer);
  cells = new Int32Array(0);
  /** Where each complete row ends, line end included. */
  rowEnds = new Int32Array(0);
  byteOffset: number;
  /** Right behind the complete rows, where there is any. */
  damage: Damage | undefined;
  readonly columnCount: number;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #maxRowBytes: number;
  /** 1 for the bytes that mean something in an unquoted cell. */
  readonly #isSpecial = new Uint8Array(256);
  #search = Buffer.from(this.bytes.buffer);
  /** The window's end, and where scanning goes on. */
  #end = 0;
  #at = 0;
  /** The row being scanned: its start, its cells found, as index into `cells`, and the state of the cell in work. */
  #rowStart = 0;
  #cell = 0;
  #cellStart = -1;
  #isQuoted = false;
  /** Where the next byte of a cell with doubled quotes goes; -1 before the first of them. */
  #undoubled = -1;

  constructor(columnCount: number, dialect: DialectBytes, byteOffset: number, maxRowBytes: number) {
    this.columnCount = columnCount;
    this.byteOffset = byteOffset;
    this.#delimiter = dialect.delimiter;
    this.#quote = dialect.quote;
    this.#maxRowBytes = maxRowBytes;
    for (const byte of [dialect.delimiter, dialect.quote, LF]) this.#isSpecial[byte] = 1;
  }

  /** Bytes of the file taken in so far. */
  get endOffset(): number {
    return this.byteOffset + this.#end;
  }

  /** Copies what fits of `chunk[from, end)`, at least a byte, and returns where to go on. */
  take(chunk: Uint8Array, from: number): number {
    if (this.#end + 1 > this.bytes.length / 2) this.#resize(this.bytes.length * 2);
    const to = Math.min(chunk.length, from + this.bytes.length - SLACK_BYTES - this.#end);
    this.bytes.set(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to), this.#end);
    this.#end += to - from;
    return to;
  }

  /** Finds the rows complete by now, up to the first damage. */
  scan(): void {
    this.#findCells();
    if (!isUtf8(this.bytes.subarray(0, this.#rowStart))) this.#findBadText();
  }

  /** Treats the end of the input as the end of the last row. */
  scanEnd(): void {
    if (this.#end === this.#rowStart) return;
    const inputEnd = this.#end;
    this.bytes[this.#end++] = LF;
    this.scan();
    if (this.damage === undefined && this.#rowStart < this.#end) {
      this.#refuse({ problem: 'no closing quote', at: this.#cellStart, isOfCell: true });
    }
    // The byte added is none of the file's.
    this.#end = inputEnd;
  }

  /** Forgets the complete rows and makes room. */
  drop(): void {
    const shift = this.#rowStart;
    const cells = this.rows * this.columnCount * 2;
    if (shift > 0) {
      this.bytes.copyWithin(0, shift, this.#end);
      this.byteOffset += shift;
      this.#end -= shift;
      this.#at -= shift;
      this.#rowStart = 0;
      if (this.#cellStart >= 0) this.#cellStart -= shift;
      if (this.#undoubled >= 0) this.#undoubled -= shift;
      for (let i = cells; i < this.#cell; i++) this.cells[i - cells] = this.cells[i]! - shift;
      this.#cell -= cells;
      this.rows = 0;
    }
    if (this.bytes.length > WINDOW_BYTES && this.#end < WINDOW_BYTES / 2) this.#resize(WINDOW_BYTES);
  }

  #findCells(): void {
    const { bytes, columnCount } = this;
    const end = this.#end;
    const quote = this.#quote;
    const delimiter = this.#delimiter;
    const isSpecial = this.#isSpecial;
    const cellsPerRow = columnCount * 2;
    // Stops every search, so that none has to look for the end.
    bytes[end] = quote;
    let { cells } = this;
    let at = this.#at;
    let cell = this.#cell;
    let rowEnd = (this.rows + 1) * cellsPerRow;
    let start = this.#cellStart;
    let isQuoted = this.#isQuoted;
    let undoubled = this.#undoubled;
    let fault: Fault | undefined;

    while (true) {
      if (start < 0) {
        if (at >= end) break;
        if (cell + cellsPerRow > cells.length) cells = this.#growCells(cell + cellsPerRow);
        isQuoted = bytes[at] === quote;
        if (isQuoted) at++;
        start = at;
        undoubled = -1;
      }
      let stop: number;
      let next: number;
      if (isQuoted) {
        while (true) {
          if (undoubled < 0) {
            const near = at + LONG_BYTES;
            while (bytes[at] !== quote && at < near) at++;
            if (bytes[at] !== quote) at = this.#search.indexOf(quote, at);
          } else {
            while (bytes[at] !== quote) bytes[undoubled++] = bytes[at++]!;
          }
          if (at + 1 >= end || bytes[at + 1] !== quote) break;
          if (undoubled < 0) undoubled = at;
          bytes[undoubled++] = quote;
          at += 2;
        }
        next = at + 1;
        // What follows the quote is not known yet, or the quote is the sentinel: come back to it.
        if (next >= end || (bytes[next] === CR && next + 1 >= end)) break;
        stop = at;
        if (undoubled >= 0) {
          stop = undoubled;
          // What is left over ahead of the closing quote must not look like broken UTF-8, or every cell would be checked.
          bytes.fill(SPACE, undoubled, at);
        }
        if (bytes[next] === CR && bytes[next + 1] === LF) next++;
      } else {
        while (isSpecial[bytes[at]!] === 0) at++;
        if (at >= end) break;
        next = at;
        stop = bytes[at] === LF && at > start && bytes[at - 1] === CR ? at - 1 : at;
      }
      const mark = bytes[next];
      if (mark !== delimiter && mark !== LF) {
        const problem = isQuoted ? 'text after the closing quote' : 'a quote inside unquoted text';
        fault = { problem, at: next, isOfCell: true };
        break;
      }
      cells[cell] = start;
      cells[cell + 1] = stop;
      cell += 2;
      start = -1;
      at = next + 1;
      if (mark === LF) {
        if (cell !== rowEnd) {
          const found = columnCount - (rowEnd - cell) / 2;
          fault = { problem: `${found} of ${columnCount} cells`, at: next, isOfCell: false };
          break;
        }
        if (at - this.#rowStart > this.#maxRowBytes) {
          fault = this.#tooLong();
          break;
        }
        this.rowEnds[this.rows++] = at;
        this.#rowStart = at;
        rowEnd += cellsPerRow;
      } else if (cell === rowEnd) {
        fault = { problem: `more than ${columnCount} cells`, at: next, isOfCell: false };
        break;
      }
    }
    this.#at = at;
    this.#cell = cell;
    this.#cellStart = start;
    this.#isQuoted = isQuoted;
    this.#undoubled = undoubled;
    if (fault === undefined && end - this.#rowStart > this.#maxRowBytes) fault = this.#tooLong();
    if (fault !== undefined) this.#refuse(fault);
  }

  /** One search over all rows is many times faster than one for each cell; a bad cell is looked for only when there is one. */
  #findBadText(): void {
    const { bytes, cells, columnCount, rows } = this;
    for (let i = 0; i < rows * columnCount; i++) {
      const start = cells[i * 2]!;
      if (isUtf8(bytes.subarray(start, cells[i * 2 + 1]))) continue;
      this.rows = Math.floor(i / columnCount);
      this.damage = { column: i % columnCount, byteOffset: this.byteOffset + start, problem: 'text that is not UTF-8' };
      return;
    }
  }

  #tooLong(): Fault {
    return { problem: `more than ${this.#maxRowBytes} bytes in a row`, at: this.#rowStart, isOfCell: false };
  }

  #refuse({ problem, at, isOfCell }: Fault): void {
    const column = isOfCell ? this.#cell / 2 - this.rows * this.columnCount : undefined;
    this.damage = { column, byteOffset: this.byteOffset + at, problem };
  }

  #resize(length: number): void {
    const resized = new Uint8Array(length);
    resized.set(this.bytes.subarray(0, this.#end));
    this.bytes = resized;
    this.view = new DataView(resized.buffer);
    this.#search = Buffer.from(resized.buffer);
  }

  #growCells(needed: number): Int32Array<ArrayBuffer> {
    const cells = new Int32Array(Math.max(needed, this.cells.length * 2, 4096));
    cells.set(this.cells);
    this.cells = cells;
    const rowEnds = new Int32Array(Math.ceil(cells.length / (2 * this.columnCount)));
    rowEnds.set(this.rowEnds);
    this.rowEnds = rowEnds;
    return cells;
  }
}
