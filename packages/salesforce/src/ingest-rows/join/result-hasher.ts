import { isValid } from '@sluice/formats/csv-rows';

import type { CanonicalCell } from '../canonical/canonical-cell.ts';
import { CanonicalRow } from '../canonical/canonical-row.ts';
import type { Hash64 } from '../canonical/hash.ts';
import { headerNames, type HeaderVariant } from '../encode/header-variant.ts';
import { canonicalCells } from '../encode/row-hasher.ts';
import type { IngestPlan } from '../ingest-plan.ts';
import type { JoinStage } from './join-stage.ts';
import type { ResultBatch, ResultColumn } from './result-rows.ts';

/** Columns that an org adds to those of the upload. */
export const ID_PLACE = 0;
export const CREATED_PLACE = 1;
export const ERROR_PLACE = 2;
const FIRST_SENT = 3;

const NO_BYTES = new Uint8Array(0);

/** The names looked for in the result sets of a variant's job: those an org adds, then those of the plan's columns. */
export function resultNames(plan: IngestPlan, variant: HeaderVariant): readonly string[] {
  return ['sf__Id', 'sf__Created', 'sf__Error', ...headerNames(plan, variant)];
}

/** The plan's columns among the names found. */
export function sentColumns(found: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([...found].filter((place) => place >= FIRST_SENT).map((place) => place - FIRST_SENT));
}

export function sentColumn({ columns }: ResultBatch, index: number): ResultColumn | undefined {
  return columns[FIRST_SENT + index];
}

/** Hashes the columns of a stage as the rows that were sent are hashed. */
export class ResultHasher {
  readonly #places: readonly number[];
  readonly #cells: readonly CanonicalCell[];
  readonly #row = new CanonicalRow();

  constructor(plan: IngestPlan, { columns, usesResultId }: JoinStage) {
    this.#places = usesResultId ? [ID_PLACE] : columns.map((index) => FIRST_SENT + index);
    this.#cells = canonicalCells(plan, columns);
  }

  hash({ columns }: ResultBatch, row: number, seed: number, out: Hash64): void {
    this.#row.clear();
    for (let i = 0; i < this.#places.length; i++) {
      const column = columns[this.#places[i]!];
      const cell = this.#cells[i]!;
      if (column === undefined || (column.validity !== undefined && !isValid(column.validity, row))) {
        this.#row.add(cell, NO_BYTES, 0, 0);
      } else {
        const { bytes, offsets } = column.cells;
        this.#row.add(cell, bytes, offsets[row]!, offsets[row + 1]!);
      }
    }
    this.#row.hash(seed, out);
  }
}
