import type { Cell, FieldType, ResultColumn } from '../org/org.ts';
import { aggregateCell, type CellLook, type ReportCell } from './report-cells.ts';
import type { ReportDefinition } from './report-definition.ts';

interface Facts {
  readonly rows: { readonly dataCells: readonly ReportCell[] }[];
  readonly tallies: readonly Tally[];
}

interface Place {
  /** From the total to the innermost group. */
  readonly down: readonly string[];
  readonly across: readonly string[];
}

/** The rows of each innermost group, and the aggregates of each group whatever its level, by `<down>!<across>`. */
export class FactMap {
  readonly #report: ReportDefinition;
  readonly #columns: readonly ResultColumn[];
  readonly #look: CellLook;
  readonly #facts = new Map<string, Facts>();

  constructor(report: ReportDefinition, columns: readonly ResultColumn[], look: CellLook) {
    this.#report = report;
    this.#columns = columns;
    this.#look = look;
    this.#at('T!T');
  }

  /** `details`: what the row shows, where it is shown. */
  add({ down, across }: Place, cells: readonly Cell[], details: readonly ReportCell[] | undefined): void {
    for (const one of down) {
      for (const other of across) for (const tally of this.#at(`${one}!${other}`).tallies) tally.add(cells);
    }
    if (details !== undefined) this.#at(`${down.at(-1)}!${across.at(-1)}`).rows.push({ dataCells: details });
  }

  json(includeDetails: boolean): object {
    return Object.fromEntries(
      [...this.#facts].map(([key, { rows, tallies }]) => [
        key,
        {
          aggregates: tallies.map((tally) => aggregateCell(tally.value, tally.type, this.#look)),
          ...(includeDetails ? { rows } : {}),
        },
      ]),
    );
  }

  #at(key: string): Facts {
    let facts = this.#facts.get(key);
    if (facts === undefined) {
      const tallies = this.#report.aggregates.map((name) => this.#tally(name));
      this.#facts.set(key, (facts = { rows: [], tallies }));
    }
    return facts;
  }

  #tally(aggregate: string): Tally {
    const index = this.#report.columns.findIndex(({ name }) => name === aggregate.slice(2));
    return new Tally(aggregate, index, this.#columns[index]?.type);
  }
}

/** One aggregate over the rows of one group, computed in doubles. */
class Tally {
  readonly type: FieldType | undefined;
  readonly #aggregate: string;
  readonly #column: number;
  #rows = 0;
  #sum = 0;
  #least = Infinity;
  #most = -Infinity;

  constructor(aggregate: string, column: number, type: FieldType | undefined) {
    this.#aggregate = aggregate;
    this.#column = column;
    this.type = aggregate === 'RowCount' ? 'int' : type;
  }

  add(cells: readonly Cell[]): void {
    const cell = this.#column < 0 ? 0 : cells[this.#column];
    if (cell === null || cell === undefined) return;
    const value = Number(cell);
    this.#rows++;
    this.#sum += value;
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
  }

  get value(): number {
    if (this.#aggregate === 'RowCount') return this.#rows;
    if (this.#rows === 0) return 0;
    switch (this.#aggregate[0]) {
      case 's':
        return this.#sum;
      case 'a':
        return this.#sum / this.#rows;
      case 'm':
        return this.#least;
      default:
        return this.#most;
    }
  }
}
