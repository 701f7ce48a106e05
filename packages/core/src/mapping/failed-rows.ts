import type { MappingReject } from '../contract/mapping.ts';

interface Failure {
  readonly columns: Set<string>;
  readonly messages: string[];
}

/** Says that a row has no value for the column, and why, without saying which value it has. */
export type FailRow = (row: number, reason: string) => void;

/** The rows of one batch that cannot be mapped; a row is rejected once, for all its columns. */
export class FailedRows {
  readonly #rows = new Map<number, Failure>();

  /** For one column of the mapping, made of `sources`. Only its first reason counts for a row. */
  column(name: string, sources: readonly string[]): FailRow {
    const origin = sources.length === 1 && sources[0] === name ? '' : ` from ${sources.map(quoted).join(', ')}`;
    const label = `column ${quoted(name)}${sources.length === 0 ? '' : origin}`;
    const failed = new Set<number>();
    return (row, reason) => {
      if (failed.has(row)) return;
      failed.add(row);
      let failure = this.#rows.get(row);
      if (failure === undefined) this.#rows.set(row, (failure = { columns: new Set(), messages: [] }));
      for (const column of sources.length === 0 ? [name] : sources) failure.columns.add(column);
      failure.messages.push(`${label}: ${reason}`);
    };
  }

  get count(): number {
    return this.#rows.size;
  }

  /** Ascending, those of `numRows` that did not fail. */
  kept(numRows: number): Uint32Array {
    const kept = new Uint32Array(numRows - this.#rows.size);
    for (let row = 0, at = 0; row < numRows; row++) if (!this.#rows.has(row)) kept[at++] = row;
    return kept;
  }

  /** Ascending by row. */
  rejects(): readonly MappingReject[] {
    return [...this.#rows]
      .sort(([a], [b]) => a - b)
      .map(([row, { columns, messages }]) => ({
        row,
        code: 'VALUE_INVALID',
        message: messages.join('; '),
        columns: [...columns],
      }));
  }
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
