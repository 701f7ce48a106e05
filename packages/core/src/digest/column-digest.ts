import type { Data } from 'apache-arrow';

import { forEachNull } from '../arrow/validity.ts';
import { CrcWords } from './crc-stream.ts';

/** Digests the rows of one column, or of one child of a nested column, in the order given. */
export interface ColumnDigest {
  /** Rows `from` to `to`, `to` not included, of data that may be dictionary-encoded. */
  update(data: Data, from: number, to: number): void;
  /** A shorter way for rows whose values are entries without a null, by the keys in `data`. */
  lookUp?(data: Data, entries: Data, from: number, to: number): void;
  nulls(count: number): void;
  /** As many for every column of the type, whatever rows there were. */
  words(): readonly number[];
}

/** Which of the rows so far are null. */
export class NullRows {
  #rows = 0;
  readonly #positions = new CrcWords();

  update(data: Data, from: number, to: number): void {
    forEachNull(data, from, to, (row) => this.#positions.push(this.#rows + row - from));
    this.#rows += to - from;
  }

  nulls(count: number): void {
    for (let i = 0; i < count; i++) this.#positions.push(this.#rows + i);
    this.#rows += count;
  }

  value(): number {
    return this.#positions.value();
  }
}
