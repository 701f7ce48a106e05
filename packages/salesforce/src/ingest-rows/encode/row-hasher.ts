import { isValid } from '@sluice/formats/csv-rows';

import { canonicalCell, type CanonicalCell } from '../canonical/canonical-cell.ts';
import { CanonicalRow } from '../canonical/canonical-row.ts';
import type { Hash64 } from '../canonical/hash.ts';
import type { IngestPlan } from '../ingest-plan.ts';
import type { JudgedColumn } from './column-judge.ts';

const NO_BYTES = new Uint8Array(0);

/** The canonical forms of some columns, in the order given; the key folds case unless the org tells it apart. */
export function canonicalCells(
  { columns, keyColumn }: IngestPlan,
  indexes: readonly number[],
): readonly CanonicalCell[] {
  return indexes.map((index) => {
    const column = columns[index]!;
    return canonicalCell(column, index === keyColumn && column.isCaseSensitive !== true);
  });
}

/** Hashes some columns of the rows of a batch by their canonical form. */
export class RowHasher {
  readonly #indexes: readonly number[];
  readonly #cells: readonly CanonicalCell[];
  readonly #row = new CanonicalRow();
  #scratch = new Uint8Array(1024);

  constructor(plan: IngestPlan, indexes: readonly number[]) {
    this.#indexes = indexes;
    this.#cells = canonicalCells(plan, indexes);
  }

  hash(columns: readonly JudgedColumn[], row: number, seed: number, out: Hash64): void {
    this.#row.clear();
    for (let i = 0; i < this.#indexes.length; i++) {
      this.#add(this.#cells[i]!, columns[this.#indexes[i]!]!, row);
    }
    this.#row.hash(seed, out);
  }

  #add(canonical: CanonicalCell, { validity, cells, write, maxBytes }: JudgedColumn, row: number): void {
    if (validity !== undefined && !isValid(validity, row)) {
      this.#row.add(canonical, NO_BYTES, 0, 0);
    } else if (cells !== undefined) {
      const { bytes, offsets, codes } = cells;
      const cell = codes === undefined ? row : codes[row]!;
      this.#row.add(canonical, bytes, offsets[cell]!, offsets[cell + 1]!);
    } else {
      if (maxBytes > this.#scratch.length) this.#scratch = new Uint8Array(maxBytes);
      this.#row.add(canonical, this.#scratch, 0, write(this.#scratch, 0, row));
    }
  }
}
