import { isUtf8 } from 'node:buffer';

import type { ScannedRows } from '../csv/scanned-rows.ts';
import { JsonRowReader } from './json-row-reader.ts';
import {
  CLOSE_ARRAY,
  COMMA,
  INCOMPLETE,
  malformed,
  OPEN_ARRAY,
  OPEN_OBJECT,
  placeOf,
  skipSpace,
} from './json-syntax.ts';
import type { JsonRowPlan } from './row-plan.ts';

const WINDOW_BYTES = 131_072;
/** Readers of words look a little beyond the last cell. */
const SLACK_BYTES = 8;
const LF = 0x0a;
const MAX_SHOWN = 100;

/** What makes a row none, and where. */
export interface JsonFault {
  /** `cut`: the bytes end too early. `member`: a key that is no column, in a row that is sound. */
  readonly kind: 'malformed' | 'cut' | 'member';
  readonly byteOffset: number;
  /** Of the file or the range read, from 1. */
  readonly line: number;
  /** Never holds a value. */
  readonly problem: string;
}

/**
 * Finds the rows of a JSON file and the values that columns ask for, as cells for a batch builder: text without its
 * quotes and escapes, everything else as it is written, null as a cell at -1.
 *
 * Bytes are copied into a window that begins with the first row not yet complete; text with escapes is written behind
 * it. A row that is not complete is read again once there is twice as much of it.
 */
export class JsonRowScanner implements ScannedRows {
  bytes = new Uint8Array(0);
  view = new DataView(this.bytes.buffer);
  rowEnds = new Int32Array(256);
  byteOffset: number;
  /** Right behind the complete rows, where there is any. */
  fault: JsonFault | undefined;
  readonly emptyIsNull = false;
  readonly sharesBytes: boolean;
  readonly columnCount: number;
  readonly kernel = undefined;
  readonly #plan: JsonRowPlan;
  readonly #reader: JsonRowReader;
  readonly #maxRowBytes: number;
  /** Of the window; text without escapes is behind it. */
  #windowBytes = 0;
  #end = 0;
  #at = 0;
  #layout: 'unknown' | 'values' | 'array' | 'ended' = 'unknown';
  /** In an array: what may come. */
  #awaits: 'first' | 'element' | 'comma' = 'first';
  /** No row is looked for before the window has so many bytes. */
  #worthAt = 0;
  /** Lines before the window. */
  #lines = 0;
  /** Where the row behind the complete ones ends, when it has a fault and its end is known. */
  #faultEnd = -1;

  constructor(plan: JsonRowPlan, byteOffset: number, maxRowBytes: number) {
    this.#plan = plan;
    this.#reader = new JsonRowReader(plan);
    this.#maxRowBytes = maxRowBytes;
    this.byteOffset = byteOffset;
    this.columnCount = plan.columnCount;
    this.sharesBytes = plan.sharesBytes;
    if (byteOffset > 0) this.#layout = 'values';
    this.#resize(WINDOW_BYTES);
  }

  /** Complete rows in the window. */
  get rows(): number {
    return this.#reader.rows;
  }

  get cells(): Int32Array {
    return this.#reader.cells;
  }

  /** Whether the file is one array, in the midst of which nobody can begin. */
  get isArray(): boolean {
    return this.#layout === 'array' || this.#layout === 'ended';
  }

  get endOffset(): number {
    return this.byteOffset + this.#end;
  }

  /** An empty text is one; null is a cell of its own kind. */
  isNullText(start: number): boolean {
    return start < 0;
  }

  /** Copies what fits of `chunk[from, end)`, at least a byte, and returns where to go on. */
  take(chunk: Uint8Array, from: number): number {
    if (this.#end + 1 > this.#windowBytes / 2) this.#resize(this.#windowBytes * 2);
    const to = Math.min(chunk.length, from + this.#windowBytes - this.#end);
    this.bytes.set(chunk.subarray(from, to), this.#end);
    this.#end += to - from;
    return to;
  }

  /** Finds the rows complete by now, up to the first fault; `isEnd`: no more bytes follow. */
  scan(isEnd = false): void {
    if (this.fault !== undefined || (!isEnd && this.#end < this.#worthAt)) return;
    this.#findRows(isEnd);
    if (!isUtf8(this.bytes.subarray(0, this.#at))) this.#findBadText();
  }

  /** Takes the row with the fault for read. False where its end is not known. */
  pass(): boolean {
    if (this.#faultEnd < 0) return false;
    this.#behindRow(this.#faultEnd);
    this.#faultEnd = -1;
    this.fault = undefined;
    return true;
  }

  /** Forgets the complete rows and makes room. */
  drop(): void {
    const shift = this.#at;
    this.#lines += this.#linesBefore(shift);
    this.bytes.copyWithin(0, shift, this.#end);
    this.byteOffset += shift;
    this.#end -= shift;
    this.#at = 0;
    this.#worthAt = Math.max(0, this.#worthAt - shift);
    this.#reader.rows = 0;
    this.#reader.textEnd = this.#windowBytes;
    if (this.#windowBytes > WINDOW_BYTES && this.#end < WINDOW_BYTES / 2) this.#resize(WINDOW_BYTES);
  }

  #findRows(isEnd: boolean): void {
    const reader = this.#reader;
    for (;;) {
      const start = this.#toNextRow(isEnd);
      if (start < 0) return;
      const limit = this.#plan.rowPerLine ? this.#lineEnd(start, isEnd) : this.#end;
      const { rows, textEnd } = reader;
      let end = limit < 0 ? INCOMPLETE : reader.readRow(start, limit);
      if (end >= 0 && this.#plan.rowPerLine) end = this.#toLimit(end, limit);
      if (end >= 0 && end - start > this.#maxRowBytes) end = malformed(start);
      if (end >= 0 && reader.refusedKey === undefined) {
        this.#endRows(rows, end);
        continue;
      }
      reader.rows = rows;
      reader.textEnd = textEnd;
      this.#at = start;
      if (end >= 0) this.#refuse('member', start, `${shown(reader.refusedKey)} is no column`, end);
      else if (limit >= 0 && this.#plan.rowPerLine) {
        const at = end === INCOMPLETE ? limit : placeOf(end);
        this.#refuse('malformed', at, 'no JSON object from here on', limit);
      } else if (end !== INCOMPLETE) this.#refuse('malformed', placeOf(end), 'no JSON from here on', -1);
      else if (isEnd) this.#refuse('cut', this.#end, 'the file ends within a row', -1);
      else if (this.#end - start > this.#maxRowBytes) this.#refuse('malformed', start, 'a row without an end', -1);
      else this.#worthAt = start + 2 * (this.#end - start);
      return;
    }
  }

  /** The place of the next row, past what is between rows; -1 where there is none yet. */
  #toNextRow(isEnd: boolean): number {
    const { bytes } = this;
    if (this.#layout === 'unknown' && !this.#skipMark(isEnd)) return -1;
    for (;;) {
      const at = skipSpace(bytes, this.#at, this.#end);
      // What is between rows can be forgotten with those before it.
      this.#at = at;
      if (at >= this.#end) {
        const isCut = this.#layout === 'array' || (this.#layout === 'unknown' && this.#plan.isArray);
        if (isEnd && isCut) this.#refuse('cut', at, 'the file ends within its array', -1);
        return -1;
      }
      const byte = bytes[at];
      if (this.#layout === 'unknown') {
        this.#layout = byte === OPEN_ARRAY ? 'array' : 'values';
        if (this.#layout === 'array') this.#at++;
      } else if (this.#layout === 'ended') {
        this.#refuse('malformed', at, 'text behind the end of the array', -1);
        return -1;
      } else if (this.#layout === 'values' || (this.#awaits !== 'comma' && byte !== CLOSE_ARRAY)) {
        return at;
      } else if (byte === CLOSE_ARRAY && this.#awaits !== 'element') {
        this.#layout = 'ended';
        this.#at++;
      } else if (byte === COMMA && this.#awaits === 'comma') {
        this.#awaits = 'element';
        this.#at++;
      } else {
        this.#refuse('malformed', at, 'no JSON from here on', -1);
        return -1;
      }
    }
  }

  /** A byte order mark. False while it cannot be told. */
  #skipMark(isEnd: boolean): boolean {
    const { bytes } = this;
    if (this.#at > 0) return true;
    if (this.#end < 3 && !isEnd && bytes[0] === 0xef) return false;
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf && this.#end >= 3) this.#at = 3;
    return true;
  }

  /** The rows from there on, which are one in the file. */
  #endRows(from: number, end: number): void {
    const { rows } = this;
    if (rows > this.rowEnds.length) {
      const rowEnds = new Int32Array(Math.max(rows, this.rowEnds.length * 2));
      rowEnds.set(this.rowEnds);
      this.rowEnds = rowEnds;
    }
    this.rowEnds.fill(end, from, rows);
    this.#behindRow(end);
  }

  #behindRow(end: number): void {
    this.#at = end;
    this.#awaits = 'comma';
  }

  #lineEnd(start: number, isEnd: boolean): number {
    const at = this.bytes.subarray(0, this.#end).indexOf(LF, start);
    if (at >= 0) return at;
    return isEnd ? this.#end : -1;
  }

  #toLimit(end: number, limit: number): number {
    const at = skipSpace(this.bytes, end, limit);
    return at === limit ? limit : malformed(at);
  }

  /** One search over all rows is many times faster than one for each; a bad row is looked for only when there is one. */
  #findBadText(): void {
    let start = 0;
    for (let row = 0; row < this.rows; row++) {
      const end = this.rowEnds[row]!;
      if (!isUtf8(this.bytes.subarray(start, end))) {
        // Rows of one array fall together.
        while (row > 0 && this.rowEnds[row - 1] === end) row--;
        this.#reader.rows = row;
        this.#at = start;
        const place = this.bytes.indexOf(OPEN_OBJECT, start);
        this.#refuse('malformed', place, 'text that is not UTF-8', this.#plan.rowPerLine ? end : -1);
        return;
      }
      start = end;
    }
  }

  #refuse(kind: JsonFault['kind'], at: number, problem: string, rowEnd: number): void {
    const line = this.#lines + this.#linesBefore(at) + 1;
    this.fault = { kind, byteOffset: this.byteOffset + at, line, problem };
    this.#faultEnd = rowEnd;
  }

  #linesBefore(end: number): number {
    const { bytes } = this;
    let lines = 0;
    for (let at = bytes.indexOf(LF); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) lines++;
    return lines;
  }

  #resize(windowBytes: number): void {
    const bytes = new Uint8Array(windowBytes * 2 + SLACK_BYTES);
    bytes.set(this.bytes.subarray(0, this.#end));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.#windowBytes = windowBytes;
    this.#reader.bytes = bytes;
    this.#reader.textEnd = windowBytes;
  }
}

/** A key is part of the structure, not a value; but it may be long. */
function shown(key: string | undefined): string {
  return JSON.stringify(key?.slice(0, MAX_SHOWN));
}
