import type { Reject } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';

import type { Hash64 } from '../canonical/hash.ts';
import type { IngestPlan } from '../ingest-plan.ts';
import { BatchJudge, type JudgedBatch } from './batch-judge.ts';
import type { JudgedColumn } from './column-judge.ts';
import type { HeaderVariant } from './header-variant.ts';
import { type KeyJudge, keyJudge } from './key-judge.ts';
import { RowHasher } from './row-hasher.ts';
import { UploadArrangement, type UploadRange } from './upload-arrangement.ts';
import { VariantWriter } from './variant-writer.ts';

export type { HeaderVariant, UploadRange };

/** Rows of one batch that go under one header. */
export interface EncodedRows {
  readonly variant: HeaderVariant;
  /** CSV, LF line ends, without a header row. The caller's. */
  readonly bytes: Uint8Array;
  readonly rows: number;
}

export interface EncodedBatch {
  /** One for each variant that has rows in the batch; to be uploaded behind what came before of that variant. */
  readonly encoded: readonly EncodedRows[];
  /** Rows of the batch that are not sent, counted in the part, in their order. */
  readonly rejects: readonly Reject[];
}

/** What happened to the values of a part so far. */
export interface EncodingFacts {
  /** Numbers of more than 15 significant digits that were sent. */
  readonly inexactInOrg: number;
  /** Cells with values that their picklist does not have (`picklists: 'warn'`). */
  readonly unlistedPicklistValues: number;
  /** Rows that a later one with the same key stands for (`duplicateKeys: 'lastWins'`). */
  readonly supersededRows: number;
  /** Nulls left out of fields that cannot be null (`requiredNulls: 'leave'`). */
  readonly requiredNullsLeft: number;
}

/** What of a variant is to be uploaded, in order. */
export interface Arrangement {
  readonly rows: number;
  readonly ranges: readonly UploadRange[];
}

/**
 * Encodes the rows of one part, from its first on; a part that starts over needs another. Keeps, besides what it returns,
 * up to 32 bytes a row where the plan has a key and `duplicateKeys` is not `send`, and as much again where it is arranged.
 */
export interface IngestEncoder {
  readonly facts: EncodingFacts;
  /** The header row of a variant, with its line end. */
  header(variant: HeaderVariant): Uint8Array;
  encode(batch: RecordBatch): EncodedBatch;
  /**
   * What of a variant is to be uploaded, once all rows are encoded; undefined where that is all of it as it was encoded,
   * which holds for every plan that is not `isArranged`.
   */
  arrangement(variant: HeaderVariant): Arrangement | undefined;
}

/**
 * Encodes rows for an upload to Bulk API 2.0 as their plan says, straight into bytes.
 *
 * Booleans as `true` and `false`; numbers in plain notation; dates as `yyyy-MM-dd`; instants as
 * `yyyy-MM-ddTHH:mm:ss.SSSZ`, in UTC, finer fractions cut off; times as `HH:mm:ss.SSSZ`; text byte for byte but for its
 * line ends, which all become LF. Text that is empty, or of white space alone, is null, as it is to an org. A null is
 * `#N/A`, or an empty cell with `ignoreNullValues`.
 *
 * Rows are rejected for a key that is missing or there already, a null in a field that cannot be null, text that is too
 * long, holds control characters or says `#N/A`, and values that do not fit their field.
 *
 * @throws `SCHEMA_CHANGED` when the plan is one for other columns.
 */
export function ingestEncoder(plan: IngestPlan, schema: Schema): IngestEncoder {
  return new Encoder(plan, schema);
}

class Encoder implements IngestEncoder {
  readonly #isGrouped: boolean;
  readonly #judge: BatchJudge;
  readonly #keys: KeyJudge | undefined;
  readonly #writer: VariantWriter;
  readonly #groupHasher: RowHasher;
  readonly #arrangement: UploadArrangement | undefined;
  readonly #hash: Hash64 = { high: 0, low: 0 };
  #rows = 0;
  #facts: EncodingFacts = {
    inexactInOrg: 0,
    unlistedPicklistValues: 0,
    supersededRows: 0,
    requiredNullsLeft: 0,
  };

  constructor(plan: IngestPlan, schema: Schema) {
    const { groupColumn, isArranged } = plan;
    this.#isGrouped = groupColumn !== undefined;
    this.#judge = new BatchJudge(plan, schema);
    this.#keys = keyJudge(plan);
    this.#writer = new VariantWriter(plan);
    this.#groupHasher = new RowHasher(plan, groupColumn === undefined ? [] : [groupColumn]);
    this.#arrangement = isArranged ? new UploadArrangement() : undefined;
  }

  get facts(): EncodingFacts {
    return this.#facts;
  }

  header(variant: HeaderVariant): Uint8Array {
    return this.#writer.header(variant);
  }

  encode(batch: RecordBatch): EncodedBatch {
    const judged = this.#judge.judge(batch);
    const superseded = this.#keys?.judge(judged, this.#rows) ?? NO_ROWS;
    const encoded = this.#write(judged, superseded);
    const { verdicts } = judged;
    const { inexactInOrg, unlistedPicklistValues, requiredNullsLeft, supersededRows } = this.#facts;
    this.#facts = {
      inexactInOrg: inexactInOrg + verdicts.inexactNumbers(),
      unlistedPicklistValues: unlistedPicklistValues + verdicts.unlistedValues(),
      requiredNullsLeft: requiredNullsLeft + verdicts.requiredNullsLeft(),
      supersededRows: supersededRows + superseded.size,
    };
    const rejects = verdicts.rejects(this.#rows);
    this.#rows += batch.numRows;
    return { encoded, rejects };
  }

  arrangement(variant: HeaderVariant): Arrangement | undefined {
    return this.#arrangement?.ranges(variant);
  }

  #write({ columns, verdicts }: JudgedBatch, superseded: ReadonlySet<number>): readonly EncodedRows[] {
    const { rows, variants } = verdicts;
    if (rows === 0) return [];
    if (verdicts.rejectedRows === 0 && variants === undefined && this.#arrangement === undefined) {
      return [{ variant: 0, bytes: this.#writer.write(0, columns, rows), rows }];
    }
    const selected = new Map<HeaderVariant, number[]>();
    for (let row = 0; row < rows; row++) {
      if (verdicts.isRejected(row) || superseded.has(this.#rows + row)) continue;
      const variant = variants?.[row] ?? 0;
      const others = selected.get(variant);
      if (others === undefined) selected.set(variant, [row]);
      else others.push(row);
    }
    for (const row of superseded) this.#arrangement?.supersede(row);
    return [...selected].map(([variant, chosen]) => {
      const selection = { rows: Uint32Array.from(chosen), rowEnds: new Uint32Array(chosen.length) };
      const bytes = this.#writer.write(variant, columns, rows, selection);
      this.#arrange(variant, columns, selection);
      return { variant, bytes, rows: chosen.length };
    });
  }

  #arrange(
    variant: HeaderVariant,
    columns: readonly JudgedColumn[],
    { rows, rowEnds }: { readonly rows: Uint32Array; readonly rowEnds: Uint32Array },
  ): void {
    if (this.#arrangement === undefined) return;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const length = rowEnds[i]! - (i === 0 ? 0 : rowEnds[i - 1]!);
      if (this.#isGrouped) this.#groupHasher.hash(columns, row, 0, this.#hash);
      this.#arrangement.add(this.#rows + row, variant, length, this.#isGrouped ? this.#hash.low : 0);
    }
  }
}

const NO_ROWS: ReadonlySet<number> = new Set();
