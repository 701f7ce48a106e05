import type { ResumePoint } from '../contract/journal.ts';
import type { Change } from '../contract/source.ts';
import { type DeliveredRows, withoutRows } from './delivered-rows.ts';
import { type MappedRows, type MappingPlan, mapRows } from './map-rows.ts';
import type { ReadAhead } from './read-ahead.ts';

/** Walks over the rows of a split, delivery by delivery, to any row. */
export class RowCursor {
  #next: () => Promise<DeliveredRows | undefined>;
  readonly #mapping: MappingPlan | undefined;
  #current: MappedRows | undefined;
  /** Rows of the current delivery that are passed, and mapped rows among them. */
  #passed = 0;
  #passedMapped = 0;
  #point: ResumePoint;

  constructor(rows: ReadAhead<DeliveredRows>, mapping: MappingPlan | undefined, from: ResumePoint) {
    this.#next = () => rows.next();
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
      const delivered = await this.#next();
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

  /**
   * Passes the mapped rows up to `mappedEnd`, and what is rejected before and behind them up to the next one: what is
   * rejected goes with the row before it, wherever deliveries end. Returns the changes told with the rows.
   */
  pass(rows: MappedRows, mappedEnd: number): readonly Change[] {
    const before = this.#passed;
    this.#passedMapped = mappedEnd;
    this.#passed = mappedEnd === rows.batch.numRows ? rows.rows : rows.rowOf(mappedEnd);
    // A delivery's changes are told with its first rows.
    return before === 0 && this.#passed > 0 ? rows.delivered.changes : [];
  }

  /** Goes back to `from`, with the rows from there on up to where the cursor is. */
  rewind(from: ResumePoint, again: AsyncIterator<DeliveredRows, void>): void {
    const current = this.#current;
    const next = this.#next;
    const rest = current === undefined || this.#passed === current.rows ? undefined : this.#passed;
    this.#next = async () => {
      const one = await again.next();
      if (one.done !== true) return one.value;
      this.#next = next;
      return rest === undefined ? await next() : withoutRows(current!.delivered, rest);
    };
    this.#point = from;
    this.#current = undefined;
    this.#passed = 0;
    this.#passedMapped = 0;
  }

  #leave(): void {
    if (this.#current === undefined) return;
    this.#point = this.point;
    this.#current = undefined;
    this.#passed = 0;
    this.#passedMapped = 0;
  }
}
