import { Field, List, makeData, type DataType } from 'apache-arrow';

import { type Cell, type ColumnCells, nextRows } from './column-cells.ts';
import { ValidityBits } from './validity-bits.ts';

const HEADER_BYTES = 12;
const DIMENSION_BYTES = 8;

/** Arrays of one dimension as lists. */
export class ListCells implements ColumnCells {
  readonly #type: List;
  readonly #items: ColumnCells;
  readonly #validity = new ValidityBits();
  #offsets = new Int32Array(nextRows(0) + 1);

  constructor(itemType: DataType, items: ColumnCells) {
    this.#type = new List(new Field('item', itemType, true));
    this.#items = items;
  }

  put(row: number, cell: Cell): string | undefined {
    this.#reserve(row);
    const { view, at } = cell;
    const dimensions = view.getInt32(at);
    if (dimensions > 1) return `has ${dimensions} dimensions`;
    const start = this.#offsets[row]!;
    const count = dimensions === 0 ? 0 : view.getInt32(at + HEADER_BYTES);
    const item: Cell = { ...cell, at: at + HEADER_BYTES + DIMENSION_BYTES, length: 0 };
    for (let i = 0; i < count; i++) {
      item.length = view.getInt32(item.at);
      item.at += 4;
      if (item.length < 0) {
        this.#items.putNull(start + i);
        continue;
      }
      const fault = this.#items.put(start + i, item);
      if (fault !== undefined) return `has an element that ${fault}`;
      item.at += item.length;
    }
    this.#offsets[row + 1] = start + count;
    this.#validity.set(row);
    return undefined;
  }

  putNull(row: number): void {
    this.#reserve(row);
    this.#offsets[row + 1] = this.#offsets[row]!;
    this.#validity.clear(row);
  }

  take(rows: number): ReturnType<ColumnCells['take']> {
    const valueOffsets = this.#offsets.subarray(0, rows + 1);
    const child = this.#items.take(valueOffsets[rows]!);
    this.#offsets = new Int32Array(nextRows(rows) + 1);
    return makeData({ type: this.#type, length: rows, valueOffsets, child, ...this.#validity.take(rows) });
  }

  #reserve(row: number): void {
    if (row + 1 < this.#offsets.length) return;
    const grown = new Int32Array(2 * this.#offsets.length);
    grown.set(this.#offsets);
    this.#offsets = grown;
  }
}
