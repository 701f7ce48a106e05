/** What became of one row of an upload. */
export type ModelOutcome =
  | { readonly kind: 'written'; readonly created: boolean }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'unprocessed' };

export interface UploadedRow {
  readonly cells: readonly string[];
  readonly outcome: ModelOutcome;
  readonly id: string;
}

export interface ModelResults {
  readonly successful: string;
  readonly failed: string;
  readonly unprocessed: string;
}

export interface Rewriting {
  /** By header; what is not there comes back as sent. */
  readonly cells: Readonly<Record<string, (text: string) => string>>;
  /** Headers that come back, in their order. */
  readonly columns: readonly string[];
  /** An order for the rows: a number for each. */
  readonly order: readonly number[];
}

/** Cells in quotes or not, lines that end in LF. */
export function readUpload(csv: string): { readonly header: readonly string[]; readonly rows: readonly string[][] } {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n"]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\n') rows.push([]);
  }
  const [header = [], ...others] = rows.slice(0, -1);
  return { header, rows: others };
}

/** The three result sets of a job, as an org makes them of the rows it was sent: its own quoting, order and spelling. */
export function modelResults(
  header: readonly string[],
  rows: readonly UploadedRow[],
  { cells, columns, order }: Rewriting,
): ModelResults {
  const shuffled = rows
    .map((row, index) => ({ row, place: order[index % Math.max(order.length, 1)] ?? 0, index }))
    .sort((a, b) => a.place - b.place || a.index - b.index)
    .map(({ row }) => row);
  const line = (values: readonly string[]): string =>
    `${values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`;
  const sent = (row: UploadedRow, names: readonly string[]): readonly string[] =>
    names.map((name) => {
      const text = row.cells[header.indexOf(name)] ?? '';
      return text === '' || text === '#N/A' ? '' : (cells[name] ?? ((same) => same))(text);
    });
  const files = { successful: '', failed: '', unprocessed: '' };
  files.successful = `${['"sf__Id"', '"sf__Created"', ...columns].join(',')}\n`;
  files.failed = `${['"sf__Id"', '"sf__Error"', ...columns].join(',')}\n`;
  files.unprocessed = `${header.join(',')}\n`;
  for (const row of shuffled) {
    const { outcome, id } = row;
    if (outcome.kind === 'written') files.successful += line([id, String(outcome.created), ...sent(row, columns)]);
    else if (outcome.kind === 'failed') files.failed += line(['', outcome.error, ...sent(row, columns)]);
    else files.unprocessed += line(row.cells.map((cell) => (cell === '#N/A' ? '' : cell)));
  }
  return files;
}

/** As Java writes a double: `9.12260031E8`, `100.0`, `1.0E-4`. */
export function javaNumber(text: string): string {
  const value = Number(text);
  const magnitude = Math.abs(value);
  if (value === 0) return '0.0';
  if (magnitude >= 1e-3 && magnitude < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** Bytes of a text, cut anywhere. */
export async function* inChunks(text: string, bytes = 61): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text);
  for (let at = 0; at < all.length; at += bytes) yield all.subarray(at, at + bytes);
}
