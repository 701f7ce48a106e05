import type { RecordBatch } from 'apache-arrow';

import type { RejectGroup, ResumePoint } from '../contract/journal.ts';
import type { Mapping } from '../contract/mapping.ts';
import type { Change } from '../contract/source.ts';
import { countRows, type DeliveredRows, rowOfBatchRow } from './delivered-rows.ts';
import type { ReadAhead } from './read-ahead.ts';

/** A delivery after mapping. Rows are counted in the delivery, rejected ones among them. */
export interface MappedRows {
  readonly delivered: DeliveredRows;
  readonly rows: number;
  /** What the sink gets of it. */
  readonly batch: RecordBatch;
  readonly rejects: readonly MappedReject[];
  /** The row of the delivery that a row of the mapped batch is. */
  rowOf(mappedRow: number): number;
}

export interface MappedReject extends Omit<RejectGroup, 'rows' | 'firstRow'> {
  readonly row: number;
}

export type MappingPlan = ReturnType<Mapping['plan']>;

/** Walks over the rows of a split, delivery by delivery, to any row. */
export class RowCursor {
  readonly #rows: ReadAhead<DeliveredRows>;
  readonly #mapping: MappingPlan | undefined;
  #current: MappedRows | undefined;
  /** Rows of the current delivery that are passed, and mapped rows among them. */
  #passed = 0;
  #passedMapped = 0;
  #point: ResumePoint;

  constructor(rows: ReadAhead<DeliveredRows>, mapping: MappingPlan | undefined, from: ResumePoint) {
    this.#rows = rows;
    this.#mapping = mapping;
    this.#point = from;
  }

  /** Just behind the rows that are passed. */
  get point(): ResumePoint {
    const current = this.#current;
    if (current?.delivered.position !== undefined && this.#passed === current.rows) {
      return { position: current.delivered.position, skipRows: 0 };
    }
    return { ...this.#point, skipRows: this.#point.skipRows + this.#passed };
  }

  /** The delivery that rows are left of, undefined at the end of the split. */
  async current(): Promise<MappedRows | undefined> {
    while (this.#current === undefined || this.#passed === this.#current.rows) {
      this.#leave();
      const delivered = await this.#rows.next();
      if (delivered === undefined) return undefined;
      this.#current = mapRows(delivered, this.#mapping);
    }
    return this.#current;
  }

  get passed(): number {
    return this.#passed;
  }

  get passedMapped(): number {
    return this.#passedMapped;
  }

  /** Passes the mapped rows up to `mappedEnd`, and what is rejected before and behind them up to the next one. */
  pass(rows: MappedRows, mappedEnd: number): void {
    this.#passedMapped = mappedEnd;
    this.#passed = mappedEnd === rows.batch.numRows ? rows.rows : rows.rowOf(mappedEnd);
  }

  /** Changes are told with the first rows of their delivery. */
  changes(rows: MappedRows): readonly Change[] {
    return this.#passed === 0 ? rows.delivered.changes : [];
  }

  #leave(): void {
    if (this.#current === undefined) return;
    this.#point = this.point;
    this.#current = undefined;
    this.#passed = 0;
    this.#passedMapped = 0;
  }
}

function mapRows(delivered: DeliveredRows, mapping: MappingPlan | undefined): MappedRows {
  const { batch, rejects } = delivered;
  const rows = countRows(delivered);
  const read = rejects.map(
    ({ row, code, message, columns }) => ({ row, stage: 'read', code, message, columns }) as const,
  );
  const rowOfRead = (batchRow: number): number => (read.length === 0 ? batchRow : rowOfBatchRow(read, batchRow));
  if (mapping === undefined) return { delivered, rows, batch, rejects: read, rowOf: rowOfRead };
  const mapped = mapping.apply(batch);
  const { rows: kept } = mapped;
  const refused = (mapped.rejects ?? []).map(
    ({ row, code, message, columns }) => ({ row: rowOfRead(row), stage: 'map', code, message, columns }) as const,
  );
  return {
    delivered,
    rows,
    batch: mapped.batch,
    rejects: [...read, ...refused].sort((a, b) => a.row - b.row),
    rowOf: (mappedRow) => rowOfRead(kept?.[mappedRow] ?? mappedRow),
  };
}
