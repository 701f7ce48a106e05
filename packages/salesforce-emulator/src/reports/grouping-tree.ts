import type { Cell, ResultColumn } from '../org/org.ts';
import { type CellLook, type ReportCell, reportCell } from './report-cells.ts';
import type { ReportGrouping } from './report-definition.ts';

interface GroupNode {
  readonly key: string;
  readonly cell: ReportCell;
  readonly groups: Map<string, GroupNode>;
}

/** The groups of a report in one direction, in the order they first come. */
export class GroupingTree {
  readonly #groupings: readonly ReportGrouping[];
  readonly #columns: readonly ResultColumn[];
  readonly #look: CellLook;
  readonly #roots = new Map<string, GroupNode>();

  constructor(groupings: readonly ReportGrouping[], columns: readonly ResultColumn[], look: CellLook) {
    this.#groupings = groupings;
    this.#columns = columns;
    this.#look = look;
  }

  /** The keys of the groups that a row belongs to, from the total `T` to the innermost. */
  place(cells: readonly Cell[]): readonly string[] {
    const keys = ['T'];
    let groups = this.#roots;
    for (const [level, cell] of cells.entries()) {
      const shown = this.#shown(cell, level);
      const identity = JSON.stringify(shown.value);
      const parent = level === 0 ? '' : `${keys.at(-1)}_`;
      let node = groups.get(identity);
      if (node === undefined) {
        groups.set(identity, (node = { key: `${parent}${groups.size}`, cell: shown, groups: new Map() }));
      }
      keys.push(node.key);
      groups = node.groups;
    }
    return keys;
  }

  json(): readonly object[] {
    return groupsJson(this.#roots);
  }

  #shown(cell: Cell, level: number): ReportCell {
    const shown = reportCell(cell, this.#columns[level]!, this.#look);
    const { dateGranularity } = this.#groupings[level]!;
    if (cell === null || dateGranularity === 'None' || dateGranularity === 'Day') return shown;
    const isMonth = dateGranularity === 'Month';
    const start = isMonth ? `${String(cell).slice(0, 7)}-01` : `${String(cell).slice(0, 4)}-01-01`;
    const format: Intl.DateTimeFormatOptions = { year: 'numeric', timeZone: 'UTC' };
    if (isMonth) format.month = 'long';
    const label = new Intl.DateTimeFormat(this.#look.locale, format).format(new Date(`${start}T00:00:00Z`));
    return { label, value: start };
  }
}

function groupsJson(groups: ReadonlyMap<string, GroupNode>): readonly object[] {
  return [...groups.values()].map(({ key, cell, groups: inner }) => {
    return { groupings: groupsJson(inner), key, label: cell.label, value: cell.value };
  });
}
