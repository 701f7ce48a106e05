import { type Preview, previewDataset } from '@sluice/adf';

import { EXIT_CODES, type ExitCode } from '../exit-code.ts';
import { factoryToInspect, type InspectFlags } from '../factory/inspect-flags.ts';
import { plural } from '../render/quantity-text.ts';
import { noteLines } from '../render/receipt-text.ts';
import { tableLines } from '../render/table-text.ts';
import type { CommandContext } from './command-context.ts';

export interface PreviewFlags extends InspectFlags {
  readonly rows?: number;
  readonly query?: string;
}

/** The first rows of a dataset, as a copy would read them. */
export async function previewCommand(
  path: string,
  dataset: string,
  flags: PreviewFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { output } = context;
  const { factory, options } = await factoryToInspect(path, flags, context);
  const { rows, query } = flags;
  const preview = await previewDataset(factory, dataset, {
    ...options,
    ...(rows === undefined ? {} : { rows }),
    ...(query === undefined ? {} : { query }),
  });
  for (const line of noteLines(preview.notes)) output.say(line);
  output.result([...rowLines(preview), roundedText(preview)], documentOf(preview));
  return EXIT_CODES.done;
}

const CELL_CHARACTERS = 40;

function rowLines({ schema, rows }: Preview): readonly string[] {
  const names = schema.fields.map(({ name }) => name);
  return tableLines([names, ...rows.map((row) => names.map((name) => cellText(row[name])))]);
}

function cellText(value: Preview['rows'][number][string] | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value, withBigInts) : String(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= CELL_CHARACTERS ? line : `${line.slice(0, CELL_CHARACTERS - 1)}…`;
}

function roundedText({ rows, changes }: Preview): string {
  const rounded = changes.reduce((sum, { values }) => sum + values, 0);
  const columns = rounded === 0 ? '' : ` (${changes.map(({ column, values }) => `${column}: ${values}`).join(', ')})`;
  return `${plural(rows.length, 'row')}; ${plural(rounded, 'value')} rounded to the declared scale${columns}`;
}

function documentOf({ schema, rows, changes, notes }: Preview): object {
  return {
    columns: schema.fields.map(({ name, type }) => ({ name, type: typeText(type) })),
    // 64-bit integers are no JSON.
    rows: JSON.parse(JSON.stringify(rows, withBigInts)) as unknown,
    rounded: changes,
    notes,
  };
}

function withBigInts(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function typeText(type: { toString(): string }): string {
  return type.toString();
}
