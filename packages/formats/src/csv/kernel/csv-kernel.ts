import { type CompiledKernel, WebAssembly } from '../../web-assembly/web-assembly.ts';
import type { DialectBytes } from '../csv-dialect.ts';
import type { KernelExports } from './kernel-exports.ts';
import { AT, LENGTH, MEMORY_PAGES } from './kernel-memory.ts';

/** What the kernel notes of a cell it has not simply read. */
export const NOTE_EMPTY = 0;
export const NOTE_ROUNDED = 1;

/** Where scanning stands, as offsets in the window and counts. */
export interface ScanState {
  at: number;
  /** Words filled in `cells`. */
  cell: number;
  rows: number;
  rowStart: number;
}

/**
 * The WebAssembly kernel of the decoder with the memory it works on.
 *
 * It does what is regular: cells complete in the window, values in their usual notation. It stops at, or leaves, whatever
 * else there is, for the TypeScript code, which alone knows every notation and says what is wrong.
 */
export class CsvKernel {
  readonly exports: KernelExports;
  readonly window: Uint8Array<ArrayBuffer>;
  readonly cells: Int32Array<ArrayBuffer>;
  readonly rowEnds: Int32Array<ArrayBuffer>;
  /** Values and text of the last run; taken out before the next. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly offsets: Int32Array<ArrayBuffer>;
  readonly text: Uint8Array<ArrayBuffer>;
  /** For rows of the last run: the number of the row, times four, plus what there is to note. */
  readonly notes: Int32Array<ArrayBuffer>;
  readonly #state: Int32Array;

  constructor(compiled: CompiledKernel) {
    const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES, maximum: MEMORY_PAGES });
    const { buffer } = memory;
    // The kernel was made from the sources that these declarations describe.
    this.exports = new WebAssembly.Instance(compiled, { env: { memory } }).exports as KernelExports;
    this.#state = new Int32Array(buffer, AT.state, LENGTH.state);
    this.window = new Uint8Array(buffer, AT.window, LENGTH.window);
    this.cells = new Int32Array(buffer, AT.cells, LENGTH.cells);
    this.rowEnds = new Int32Array(buffer, AT.rowEnds, LENGTH.rowEnds);
    this.words = new Uint32Array(buffer, AT.values, LENGTH.words);
    this.offsets = new Int32Array(buffer, AT.offsets, LENGTH.offsets);
    this.notes = new Int32Array(buffer, AT.notes, LENGTH.notes);
    this.text = new Uint8Array(buffer, AT.text, LENGTH.text);
  }

  /**
   * Scans the window up to `end` from the start of a cell, and brings `state` to the first cell it does not take. Returns
   * whether that is all there and not as it should be.
   */
  scan(
    state: ScanState,
    end: number,
    columnCount: number,
    { delimiter, quote }: DialectBytes,
    maxRowBytes: number,
  ): boolean {
    const words = this.#state;
    words[0] = state.at;
    words[1] = state.cell;
    words[2] = state.rows;
    words[3] = state.rowStart;
    const { scan } = this.exports;
    // Of the text, nothing is in use while cells are being found.
    const isOdd = scan(
      AT.state,
      AT.window,
      end,
      AT.cells,
      AT.rowEnds,
      columnCount,
      delimiter,
      quote,
      maxRowBytes,
      AT.text,
    );
    state.at = words[0];
    state.cell = words[1];
    state.rows = words[2];
    state.rowStart = words[3];
    return isOdd !== 0;
  }
}
