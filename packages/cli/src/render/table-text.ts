const GAP = '  ';

/** Rows as lines, cells of a column below each other. */
export function tableLines(rows: readonly (readonly string[])[], indent = ''): readonly string[] {
  const columns = Math.max(0, ...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
  return rows.map((cells) => `${indent}${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(GAP)}`.trimEnd());
}
