import { headerRow, type OpenCells, type RowSelection, RowWriter } from '@sluice/formats/csv-rows';

import type { IngestPlan } from '../ingest-plan.ts';
import { DIALECT, type JudgedColumn } from './column-judge.ts';
import { headerNames, type HeaderVariant, isReplaced, variantBits } from './header-variant.ts';

/** A line without anything would be no row. */
const BLANK_ROW = Buffer.from('""');

/** Writes rows under each of the headers of a plan. */
export class VariantWriter {
  readonly #plan: IngestPlan;
  readonly #bits: readonly number[];
  readonly #writers = new Map<HeaderVariant, RowWriter>();

  constructor(plan: IngestPlan) {
    this.#plan = plan;
    this.#bits = variantBits(plan.columns, plan.options);
  }

  header(variant: HeaderVariant): Uint8Array {
    return headerRow(headerNames(this.#plan, variant), DIALECT);
  }

  /** The first `count` rows of a batch, or those selected. */
  write(variant: HeaderVariant, columns: readonly JudgedColumn[], count: number, selection?: RowSelection): Uint8Array {
    let writer = this.#writers.get(variant);
    if (writer === undefined) {
      writer = new RowWriter(DIALECT);
      this.#writers.set(variant, writer);
    }
    return writer.write(this.#cells(columns, variant), count, selection);
  }

  /** The columns of a variant, with what stands for null in each. */
  #cells(columns: readonly JudgedColumn[], variant: HeaderVariant): readonly OpenCells[] {
    if (columns.length > 1 && variant === 0) return columns;
    return columns.map((column, index) => {
      if (isReplaced(variant, this.#bits[index]!)) return { ...column, nulls: DIALECT.nulls };
      return columns.length === 1 && column.nulls.length === 0 ? { ...column, nulls: BLANK_ROW } : column;
    });
  }
}
