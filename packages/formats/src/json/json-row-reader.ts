import {
  BACKSLASH,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COMMA,
  INCOMPLETE,
  isNull,
  malformed,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  skipColon,
  skipEscape,
  skipSpace,
  skipValue,
} from './json-syntax.ts';
import type { PathNode } from './path-tree.ts';
import type { JsonRowPlan } from './row-plan.ts';
import { unescapeText } from './string-text.ts';

/** Takes rows apart: which bytes of a buffer are the values that columns ask for. */
export class JsonRowReader {
  /** Holds the rows, and behind them text without escapes. */
  bytes = new Uint8Array(0);
  /** For each row and column, where its text starts and ends; -1 for null. */
  cells = new Int32Array(0);
  rows = 0;
  /** Where the next text without escapes goes. */
  textEnd = 0;
  /** A member of the row just read that makes it no row. */
  refusedKey: string | undefined;
  readonly #plan: JsonRowPlan;
  /** Where the array begins whose elements are rows. */
  #rowsStart = -1;
  #hasEscapes = false;

  constructor(plan: JsonRowPlan) {
    this.#plan = plan;
  }

  /** Appends the row that starts there, or the rows that its array makes of it. */
  readRow(start: number, limit: number): number {
    const { rows: perElement, tree } = this.#plan;
    if (this.bytes[start] !== OPEN_OBJECT) return malformed(start);
    this.refusedKey = undefined;
    this.#rowsStart = -1;
    this.#beginRow();
    const end = this.#readObject(tree, start, limit, 0);
    if (end < 0) return end;
    this.#setCells(tree, start, end);
    if (perElement === undefined) this.rows++;
    else if (this.#rowsStart >= 0) this.#readElements(perElement.elements, this.#rowsStart, end);
    return end;
  }

  /** A row for each element, with the cells of the row around them. They have been checked. */
  #readElements(tree: PathNode, start: number, limit: number): void {
    const { bytes } = this;
    const { columnCount } = this.#plan;
    const first = this.rows * columnCount * 2;
    const around = this.cells.slice(first, first + columnCount * 2);
    for (let at = skipSpace(bytes, start + 1, limit); bytes[at] !== CLOSE_ARRAY;) {
      this.#beginRow();
      this.cells.set(around, this.rows * columnCount * 2);
      at = skipSpace(bytes, this.#readValue(tree, at, limit, 2), limit);
      this.rows++;
      if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1, limit);
    }
  }

  #beginRow(): void {
    const cell = this.rows * this.#plan.columnCount * 2;
    const end = cell + this.#plan.columnCount * 2;
    if (end > this.cells.length) this.#growCells(end);
    this.cells.fill(-1, cell, end);
  }

  #readValue(node: PathNode, at: number, limit: number, depth: number): number {
    const byte = this.bytes[at];
    let end: number;
    if (node === this.#plan.rows?.node) {
      end = skipValue(this.bytes, at, limit, depth);
      this.#rowsStart = byte === OPEN_ARRAY ? at : -1;
    } else if (byte === QUOTE) return this.#readString(node, at, limit);
    else if (node.isLeaf) end = skipValue(this.bytes, at, limit, depth);
    else {
      for (const column of node.columnsBelow) this.#setCell(column, -1, -1);
      if (byte === OPEN_OBJECT && node.hasMembers) end = this.#readObject(node, at, limit, depth);
      else if (byte === OPEN_ARRAY) end = this.#readArray(node, at, limit, depth);
      else end = skipValue(this.bytes, at, limit, depth);
    }
    if (end >= 0 && node.columns.length > 0) {
      if (isNull(this.bytes, at)) this.#setCells(node, -1, -1);
      else this.#setCells(node, at, end);
    }
    return end;
  }

  #readObject(node: PathNode, start: number, limit: number, depth: number): number {
    const { bytes } = this;
    let at = skipSpace(bytes, start + 1, limit);
    if (at < limit && bytes[at] === CLOSE_OBJECT) return at + 1;
    for (;;) {
      if (at >= limit) return INCOMPLETE;
      if (bytes[at] !== QUOTE) return malformed(at);
      const key = at + 1;
      at = this.#closingQuote(at, limit);
      if (at < 0) return at;
      const member = this.#memberAt(node, key, at, depth);
      at = skipColon(bytes, at + 1, limit);
      if (at < 0) return at;
      at =
        member === undefined ? skipValue(bytes, at, limit, depth + 1) : this.#readValueAt(member, at, limit, depth + 1);
      if (at < 0) return at;
      at = skipSpace(bytes, at, limit);
      if (at >= limit) return INCOMPLETE;
      if (bytes[at] === CLOSE_OBJECT) return at + 1;
      if (bytes[at] !== COMMA) return malformed(at);
      at = skipSpace(bytes, at + 1, limit);
    }
  }

  #readValueAt(node: PathNode, at: number, limit: number, depth: number): number {
    return at >= limit ? INCOMPLETE : this.#readValue(node, at, limit, depth);
  }

  #readArray(node: PathNode, start: number, limit: number, depth: number): number {
    const { bytes } = this;
    let at = skipSpace(bytes, start + 1, limit);
    if (at < limit && bytes[at] === CLOSE_ARRAY) return at + 1;
    for (let place = 0; ; place++) {
      const element = node.elements.get(place);
      at =
        element === undefined
          ? skipValue(bytes, at, limit, depth + 1)
          : this.#readValueAt(element, at, limit, depth + 1);
      if (at < 0) return at;
      at = skipSpace(bytes, at, limit);
      if (at >= limit) return INCOMPLETE;
      if (bytes[at] === CLOSE_ARRAY) return at + 1;
      if (bytes[at] !== COMMA) return malformed(at);
      at = skipSpace(bytes, at + 1, limit);
    }
  }

  /** Of the key just passed. */
  #memberAt(node: PathNode, start: number, end: number, depth: number): PathNode | undefined {
    const { bytes } = this;
    const { otherMember } = this.#plan;
    const member = this.#hasEscapes ? undefined : node.memberAt(bytes, start, end);
    if (member !== undefined || (!this.#hasEscapes && (depth > 0 || otherMember === undefined))) return member;
    const key = JSON.parse(`"${Buffer.from(bytes.subarray(start, end)).toString()}"`) as string;
    const named = node.memberNamed(key);
    if (named === undefined && depth === 0 && otherMember?.(key) === true) this.refusedKey ??= key;
    return named;
  }

  #readString(node: PathNode, quote: number, limit: number): number {
    const start = quote + 1;
    const end = this.#closingQuote(quote, limit);
    if (end < 0) return end;
    for (const column of node.columnsBelow) this.#setCell(column, -1, -1);
    if (this.#plan.quotesStrings) this.#setCells(node, quote, end + 1);
    else if (!this.#hasEscapes) this.#setCells(node, start, end);
    else if (node.columns.length > 0) {
      const from = this.textEnd;
      this.textEnd = unescapeText(this.bytes, start, end, this.bytes, from);
      this.#setCells(node, from, this.textEnd);
    }
    return end + 1;
  }

  /** Where the string that begins there ends, and whether it has escapes. */
  #closingQuote(quote: number, limit: number): number {
    const { bytes } = this;
    this.#hasEscapes = false;
    for (let at = quote + 1; at < limit;) {
      const byte = bytes[at]!;
      if (byte === QUOTE) return at;
      if (byte < 0x20) return malformed(at);
      if (byte === BACKSLASH) {
        this.#hasEscapes = true;
        at = skipEscape(bytes, at, limit);
        if (at < 0) return at;
      } else at++;
    }
    return INCOMPLETE;
  }

  #setCells(node: PathNode, start: number, end: number): void {
    for (const column of node.columns) this.#setCell(column, start, end);
  }

  #setCell(column: number, start: number, end: number): void {
    const cell = (this.rows * this.#plan.columnCount + column) * 2;
    this.cells[cell] = start;
    this.cells[cell + 1] = end;
  }

  #growCells(needed: number): void {
    const cells = new Int32Array(Math.max(needed, this.cells.length * 2, 4096));
    cells.set(this.cells);
    this.cells = cells;
  }
}
