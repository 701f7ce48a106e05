import type { Schema } from 'apache-arrow';

import type { ResumePoint } from '../contract/journal.ts';
import { createPartDigest, type PartDigest } from '../digest/part-digest.ts';
import { countRows, type DeliveredRows } from './delivered-rows.ts';
import { ReplayCheck, type ReplayedRows } from './replay-check.ts';

/** How far a split has been read, and what the rows were that reading it again would give once more. */
export class SplitProgress {
  readonly #name: string;
  readonly #schema: Schema;
  #point: ResumePoint;
  /** Rows behind the position of the point: those of before, and those that came since. */
  #replayed: readonly ReplayedRows[];
  #since: PartDigest | undefined;
  #sinceRows = 0;

  constructor(name: string, schema: Schema, point: ResumePoint, replayed: readonly ReplayedRows[]) {
    this.#name = name;
    this.#schema = schema;
    this.#point = point;
    this.#replayed = replayed;
  }

  /** Where reading goes on. */
  get point(): ResumePoint {
    return this.#point;
  }

  /** For the rows that pass once more when reading goes on there. */
  replayCheck(): ReplayCheck {
    const digest = this.#since?.value();
    const since = { what: 'it had', rows: this.#sinceRows, digest };
    return new ReplayCheck(
      this.#name,
      this.#schema,
      digest === undefined ? this.#replayed : [...this.#replayed, since],
    );
  }

  /** Takes in rows that were taken over. */
  add(rows: DeliveredRows): void {
    const { position, batch } = rows;
    if (position !== undefined) {
      this.#point = { position, skipRows: 0 };
      this.#replayed = [];
      this.#since = undefined;
      this.#sinceRows = 0;
      return;
    }
    const count = countRows(rows);
    this.#point = { ...this.#point, skipRows: this.#point.skipRows + count };
    this.#since ??= createPartDigest(this.#schema);
    this.#since.update(batch, 0, batch.numRows);
    this.#sinceRows += count;
  }
}
