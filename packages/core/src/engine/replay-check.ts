import type { Schema } from 'apache-arrow';

import type { ResumePoint } from '../contract/journal.ts';
import { createPartDigest, type PartDigest } from '../digest/part-digest.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { batchRowAt, type DeliveredRows } from './delivered-rows.ts';
import type { PartState } from './run-state.ts';

/** Rows that were read before and pass once more. */
export interface ReplayedRows {
  /** Names them in an error. */
  readonly what: string;
  readonly rows: number;
  /** Undefined where only some rows of what was digested pass again. */
  readonly digest: string | undefined;
}

/** The rows from a position up to `skipRows` behind it, as the parts made of them tell. */
export function replayedRows(
  parts: readonly PartState[],
  { position, skipRows }: ResumePoint,
): readonly ReplayedRows[] {
  const key = JSON.stringify(position);
  const pieces = parts.filter(({ prepared }) => JSON.stringify(prepared.from.position) === key);
  const unchecked = pieces[0]?.prepared.from.skipRows ?? skipRows;
  return [
    { what: 'rows', rows: unchecked, digest: undefined },
    ...pieces.map(({ prepared: { part, readRows: rows, digest } }) => ({ what: `part ${part.part}`, rows, digest })),
  ];
}

/** Compares rows that pass once more with what they were. */
export class ReplayCheck {
  readonly #name: string;
  readonly #schema: Schema;
  readonly #left: ReplayedRows[];
  #digest: PartDigest;
  #rows = 0;

  constructor(name: string, schema: Schema, expected: readonly ReplayedRows[]) {
    this.#name = name;
    this.#schema = schema;
    this.#left = [...expected].reverse();
    this.#digest = createPartDigest(schema);
  }

  /** The first `count` rows of a delivery. @throws `SOURCE_CHANGED` when they are no longer the same. */
  take(delivered: DeliveredRows, count: number): void {
    for (let from = 0; ;) {
      const expected = this.#left.at(-1);
      if (expected === undefined) return;
      const to = Math.min(count, from + expected.rows - this.#rows);
      this.#digest.update(delivered.batch, batchRowAt(delivered, from), batchRowAt(delivered, to));
      this.#rows += to - from;
      from = to;
      if (this.#rows < expected.rows) return;
      this.#finish(expected);
    }
  }

  #finish({ what, digest }: ReplayedRows): void {
    if (digest !== undefined && this.#digest.value() !== digest) {
      throw new SluiceError('SOURCE_CHANGED', `${this.#name} no longer gives the rows that ${what} had`, {
        hint: 'Abandon the run and start a new one.',
      });
    }
    this.#left.pop();
    this.#digest = createPartDigest(this.#schema);
    this.#rows = 0;
  }
}
