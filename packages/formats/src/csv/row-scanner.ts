import { isUtf8 } from 'node:buffer';

import { CR, type DialectBytes, LF, NO_QUOTE } from './csv-dialect.ts';
import type { CsvKernel } from './kernel/csv-kernel.ts';
import { WINDOW_BYTES } from './kernel/kernel-memory.ts';
import type { BadText, Damage, ScannedRows } from './scanned-rows.ts';

/** A cell this long is likely to be much longer, and worth the call that searches faster. */
const LONG_BYTES = 48;
/** Stays free behind what was taken in: for the sentinel, the line end that the last row may lack, and readers of words. */
const SLACK_BYTES = 8;
const MIN_REACH_BYTES = 1024;
const SPACE = 0x20;

/** What is wrong in the row being scanned, and where in the window. */
interface Fault {
  readonly problem: string;
  readonly at: number;
  readonly isOfCell: boolean;
  readonly hasEnd: boolean;
  readonly cells?: 'fewer' | 'more';
}

/** On the way to the end of a row that has been given up: it is at the next line end, outside of quotes where those count. */
interface Passing {
  readonly heedsQuotes: boolean;
  isQuoted: boolean;
}

export interface RowScannerOptions {
  readonly columnCount: number;
  readonly dialect: DialectBytes;
  /** Of the first byte in the file. */
  readonly byteOffset: number;
  readonly maxRowBytes: number;
  /** Whether an empty cell of text in quotes is an empty text, and not null. */
  readonly quotedIsText: boolean;
  readonly kernel: CsvKernel | undefined;
}

/**
 * Finds rows and cells in a stream of bytes (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180), line ends LF and CRLF
 * in any mixture.
 *
 * Bytes are copied into a window of the scanner's own, which begins with the first row not yet complete. There doubled
 * quotes are undoubled in place, so that a cell is always one stretch of bytes. A row that does not fit makes the window
 * grow; where scanning stopped is remembered, so that no byte is looked at twice.
 *
 * With a kernel, the window is in its memory while it has the usual size, and the kernel goes ahead from the start of
 * each cell as far as it can. What it stops at is scanned here, so that there is one place that finds damage.
 */
export class RowScanner implements ScannedRows {
  /** Complete rows in the window. */
  rows = 0;
  bytes: Uint8Array;
  view: DataView;
  cells: Int32Array;
  /** Where each complete row ends, line end included. */
  rowEnds: Int32Array;
  byteOffset: number;
  /** Right behind the complete rows, where there is any. */
  damage: Damage | undefined;
  /** Among the complete rows. */
  badTexts: readonly BadText[] = [];
  readonly columnCount: number;
  readonly emptyIsNull = true;
  readonly sharesBytes = false;
  readonly #dialect: DialectBytes;
  readonly #kernel: CsvKernel | undefined;
  readonly #maxRowBytes: number;
  readonly #quotedIsText: boolean;
  /** 1 for the bytes that mean something in an unquoted cell. */
  readonly #isSpecial = new Uint8Array(256);
  #search: Buffer;
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
  #passing: Passing | undefined;
  /** How far the kernel looks ahead. */
  #reachBytes = WINDOW_BYTES;

  constructor({ columnCount, dialect, byteOffset, maxRowBytes, quotedIsText, kernel }: RowScannerOptions) {
    this.columnCount = columnCount;
    this.byteOffset = byteOffset;
    this.#dialect = dialect;
    this.#maxRowBytes = maxRowBytes;
    this.#kernel = kernel;
    this.#quotedIsText = quotedIsText;
    this.bytes = kernel?.window ?? new Uint8Array(WINDOW_BYTES);
    this.view = viewOf(this.bytes);
    this.#search = searchIn(this.bytes);
    this.cells = kernel?.cells ?? new Int32Array(0);
    this.rowEnds = kernel?.rowEnds ?? new Int32Array(0);
    for (const byte of [dialect.delimiter, dialect.quote, LF]) this.#isSpecial[byte] = 1;
  }

  /** Undefined while the window is larger than that of the kernel. */
  get kernel(): CsvKernel | undefined {
    return this.bytes === this.#kernel?.window ? this.#kernel : undefined;
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

  /** An empty cell that has a quote ahead of it had quotes around it. */
  isNullText(start: number): boolean {
    return !this.#quotedIsText || start === 0 || this.bytes[start - 1] !== this.#dialect.quote;
  }

  /** Finds the rows complete by now, up to the first damage. */
  scan(): void {
    if (this.#passing !== undefined && !this.#passRow(this.#passing)) return;
    this.#findCells();
    this.badTexts = isUtf8(this.bytes.subarray(0, this.#rowStart)) ? [] : [...this.#findBadTexts()];
  }

  /** Gives up the row with the damage, whose end is certain; the next scan goes on behind it. */
  pass(): void {
    this.#passing = { heedsQuotes: this.damage?.column === undefined, isQuoted: false };
    this.damage = undefined;
  }

  /** Treats the end of the input as the end of the last row. */
  scanEnd(): void {
    if (this.#end === this.#rowStart && this.#passing === undefined) return;
    const inputEnd = this.#end;
    this.bytes[this.#end++] = LF;
    this.scan();
    this.#passing = undefined;
    if (this.damage === undefined && this.#rowStart < this.#end) {
      this.#refuse({ problem: 'no closing quote', at: this.#cellStart, isOfCell: true, hasEnd: false });
    }
    // The byte added is none of the file's.
    this.#end = inputEnd;
  }

  /** Forgets the complete rows and makes room. */
  drop(): void {
    this.badTexts = [];
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
    const { bytes, columnCount, kernel } = this;
    const end = this.#end;
    const { quote, delimiter } = this.#dialect;
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
        if (kernel !== undefined) {
          ({ at, cell } = this.#scanAhead(kernel, at, cell));
          rowEnd = (this.rows + 1) * cellsPerRow;
        }
        if (at >= end) break;
        if (cell + cellsPerRow > cells.length) cells = this.#growCells(cell + cellsPerRow);
        isQuoted = bytes[at] === quote && quote !== NO_QUOTE;
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
        const problem = isQuoted ? 'text after the closing quote' : strayQuote(quote);
        // With a line end in quotes ahead of it, nobody knows which quote is the wrong one.
        const hasEnd = !this.bytes.subarray(this.#rowStart, next).includes(LF);
        fault = { problem, at: next, isOfCell: true, hasEnd };
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
          fault = {
            problem: `${found} of ${columnCount} cells`,
            at: next,
            isOfCell: false,
            hasEnd: true,
            cells: 'fewer',
          };
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
        fault = { problem: `more than ${columnCount} cells`, at: next, isOfCell: false, hasEnd: true, cells: 'more' };
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

  /** Lets the kernel go as far as it can. It looks at all bytes before it sees that one is wrong, so it gets few behind a wrong one. */
  #scanAhead(kernel: CsvKernel, at: number, cell: number): { readonly at: number; readonly cell: number } {
    const state = { at, cell, rows: this.rows, rowStart: this.#rowStart };
    for (;;) {
      const end = Math.min(this.#end, state.at + this.#reachBytes);
      const isOdd = kernel.scan(state, end, this.columnCount, this.#dialect, this.#maxRowBytes);
      this.#reachBytes = isOdd ? MIN_REACH_BYTES : Math.min(this.#reachBytes * 2, WINDOW_BYTES);
      if (isOdd || end === this.#end) break;
    }
    this.rows = state.rows;
    this.#rowStart = state.rowStart;
    return state;
  }

  /** One search over all rows is many times faster than one for each cell; a bad cell is looked for only when there is one. */
  *#findBadTexts(): Generator<BadText, void, undefined> {
    const { bytes, cells, columnCount, rows } = this;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columnCount; column++) {
        const cell = (row * columnCount + column) * 2;
        const start = cells[cell]!;
        if (isUtf8(bytes.subarray(start, cells[cell + 1]))) continue;
        const byteOffset = this.byteOffset + start;
        yield {
          row,
          damage: {
            column,
            byteOffset,
            problem: 'text that is not UTF-8',
            cells: undefined,
            hasEnd: true,
            isBlank: false,
          },
        };
        break;
      }
    }
  }

  /** Whether the end of the row is there. */
  #passRow(passing: Passing): boolean {
    const { bytes } = this;
    const { quote } = this.#dialect;
    let at = this.#at;
    for (; at < this.#end && (passing.isQuoted || bytes[at] !== LF); at++) {
      if (passing.heedsQuotes && bytes[at] === quote) passing.isQuoted = !passing.isQuoted;
    }
    const isThere = at < this.#end;
    this.#at = isThere ? at + 1 : at;
    this.#rowStart = this.#at;
    this.#cell = 0;
    this.#cellStart = -1;
    if (isThere) this.#passing = undefined;
    return isThere;
  }

  #tooLong(): Fault {
    const problem = `more than ${this.#maxRowBytes} bytes in a row`;
    return { problem, at: this.#rowStart, isOfCell: false, hasEnd: false };
  }

  #refuse({ problem, at, isOfCell, hasEnd, cells }: Fault): void {
    const column = isOfCell ? this.#cell / 2 - this.rows * this.columnCount : undefined;
    const isBlank = !isOfCell && this.#isLineEnd(this.#rowStart, at);
    this.damage = { column, byteOffset: this.byteOffset + at, problem, cells, hasEnd, isBlank };
    // Goes on from there, if it goes on.
    if (hasEnd) this.#at = at;
  }

  #isLineEnd(start: number, lf: number): boolean {
    return this.bytes[lf] === LF && (lf === start || (lf === start + 1 && this.bytes[start] === CR));
  }

  #resize(length: number): void {
    const isOfKernel = this.#kernel !== undefined && length === WINDOW_BYTES;
    const resized = isOfKernel ? this.#kernel.window : new Uint8Array(length);
    resized.set(this.bytes.subarray(0, this.#end));
    this.bytes = resized;
    this.view = viewOf(resized);
    this.#search = searchIn(resized);
    if (!isOfKernel || this.cells === this.#kernel.cells) return;
    this.#kernel.cells.set(this.cells.subarray(0, this.#cell));
    this.cells = this.#kernel.cells;
    this.rowEnds = this.#kernel.rowEnds;
  }

  #growCells(needed: number): Int32Array {
    const cells = new Int32Array(Math.max(needed, this.cells.length * 2, 4096));
    cells.set(this.cells);
    this.cells = cells;
    const rowEnds = new Int32Array(Math.ceil(cells.length / (2 * this.columnCount)));
    rowEnds.set(this.rowEnds);
    this.rowEnds = rowEnds;
    return cells;
  }
}

/** Without quotes it is no character either. */
function strayQuote(quote: number): string {
  return quote === NO_QUOTE ? 'text that is not UTF-8' : 'a quote inside unquoted text';
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function searchIn({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
