import type { Hash64 } from '../canonical/hash.ts';
import type { HeaderVariant } from '../encode/header-variant.ts';
import { IN_DOUBT, isReject, NOT_SENT, type Outcome, type OutcomeTable, WRITTEN } from './outcome-table.ts';
import type { RowOutcomes } from './row-outcomes.ts';

/**
 * Finds rows by the hash of some of their columns: 12 bytes a row. Rows are added in their order, then sorted once.
 *
 * Rows of one hash are a group. The upper half of the hash sorts, together with the row, so that a group is a stretch in
 * the order of its rows, among strangers only where upper halves happen to be equal.
 */
export class RowIndex {
  /** Row and upper half of the hash, as one number of 64 bits. */
  readonly #sorted: BigUint64Array;
  readonly #words: Uint32Array;
  /** Lower half of the hash, by row. */
  readonly #lower: Uint32Array;
  #count = 0;

  constructor(rows: number) {
    this.#sorted = new BigUint64Array(rows);
    this.#words = new Uint32Array(this.#sorted.buffer);
    this.#lower = new Uint32Array(rows);
  }

  add(row: number, { high, low }: Hash64): void {
    this.#words[this.#count * 2] = row;
    this.#words[this.#count * 2 + 1] = high;
    this.#lower[row] = low;
    this.#count++;
  }

  sort(): void {
    this.#sorted.subarray(0, this.#count).sort();
  }

  has(hash: Hash64): boolean {
    const { from, to } = this.#run(hash.high);
    for (let at = from; at < to; at++) if (this.#isOf(at, hash)) return true;
    return false;
  }

  /** The first row of a group that `isFree`, -1 where there is none. Free rows follow those that are not, as a rule. */
  first(hash: Hash64, isFree: (row: number) => boolean): number {
    const { from, to } = this.#run(hash.high);
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isFree(this.#row(middle))) high = middle;
      else low = middle + 1;
    }
    for (let at = low; at < to; at++) if (this.#isOf(at, hash) && isFree(this.#row(at))) return this.#row(at);
    for (let at = from; at < low; at++) if (this.#isOf(at, hash) && isFree(this.#row(at))) return this.#row(at);
    return -1;
  }

  /** All rows of a group, in their order. */
  *group(hash: Hash64): Generator<number, void, undefined> {
    const { from, to } = this.#run(hash.high);
    for (let at = from; at < to; at++) if (this.#isOf(at, hash)) yield this.#row(at);
  }

  /** Of each group all rows but one were not sent. */
  keepOne(which: 'first' | 'last', outcomes: RowOutcomes): void {
    this.#eachGroup((rows) => {
      const kept = which === 'first' ? rows[0] : rows.at(-1);
      for (const row of rows) if (row !== kept) outcomes.set(row, NOT_SENT);
    });
  }

  /** Every row of a group has the outcome of the last. */
  shareLast(outcomes: RowOutcomes): void {
    this.#eachGroup((rows) => {
      for (const row of rows.slice(0, -1)) outcomes.copy(rows.at(-1)!, row);
    });
  }

  /** Of each group, rows behind one of another header wait for it, and were not sent. */
  keepFirstHeader(headerOf: (row: number) => HeaderVariant, outcomes: RowOutcomes): void {
    this.#eachGroup((rows) => {
      const header = headerOf(rows[0]!);
      const end = rows.findIndex((row) => headerOf(row) !== header);
      if (end >= 0) for (const row of rows.slice(end)) outcomes.set(row, NOT_SENT);
    });
  }

  /** Of each group, rows that could go again do not where a later one has taken effect, or may have. */
  keepOrder(outcomes: RowOutcomes, table: OutcomeTable): void {
    this.#eachGroup((rows) => {
      const last = rows.findLastIndex((row) => outcomes.of(row) === WRITTEN || outcomes.of(row) === IN_DOUBT);
      for (const row of rows.slice(0, Math.max(last, 0))) {
        const outcome = outcomes.of(row);
        if (isReject(outcome) && table.reasonOf(outcome).retryable) outcomes.replace(row, table.overtaken(outcome));
      }
    });
  }

  /** Rejects of a group whose rows had more than one outcome may be those of any of its rows. */
  markAmbiguous(outcomes: RowOutcomes): void {
    this.#eachGroup((rows) => {
      const known = rows.filter((row) => isKnown(outcomes.of(row)));
      if (new Set(known.map((row) => outcomes.of(row))).size < 2) return;
      for (const row of known) if (isReject(outcomes.of(row))) outcomes.setAmbiguous(row);
    });
  }

  /** Groups of several rows. */
  #eachGroup(visit: (rows: readonly number[]) => void): void {
    for (let from = 0; from < this.#count;) {
      let to = from + 1;
      while (to < this.#count && this.#upper(to) === this.#upper(from)) to++;
      if (to - from > 1) for (const rows of this.#groupsIn(from, to)) if (rows.length > 1) visit(rows);
      from = to;
    }
  }

  #groupsIn(from: number, to: number): Iterable<readonly number[]> {
    const groups = new Map<number, number[]>();
    for (let at = from; at < to; at++) {
      const row = this.#row(at);
      const rows = groups.get(this.#lower[row]!);
      if (rows === undefined) groups.set(this.#lower[row]!, [row]);
      else rows.push(row);
    }
    return groups.values();
  }

  /** Where rows with that upper half are. */
  #run(upper: number): { readonly from: number; readonly to: number } {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#upper(middle) < upper) low = middle + 1;
      else high = middle;
    }
    const from = low;
    high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#upper(middle) > upper) high = middle;
      else low = middle + 1;
    }
    return { from, to: low };
  }

  #isOf(at: number, { low }: Hash64): boolean {
    return this.#lower[this.#row(at)] === low;
  }

  #row(at: number): number {
    return this.#words[at * 2]!;
  }

  #upper(at: number): number {
    return this.#words[at * 2 + 1]!;
  }
}

function isKnown(outcome: Outcome): boolean {
  return outcome === WRITTEN || isReject(outcome);
}
