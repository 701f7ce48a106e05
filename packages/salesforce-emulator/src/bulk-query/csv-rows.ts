import type { Cell, FieldType } from '../org/org.ts';
import { COLUMN_DELIMITERS, type CsvDialect, LINE_ENDINGS } from './csv-dialect.ts';
import { javaDouble } from './java-double.ts';

const BLOCK_CHARACTERS = 65_536;

export interface CsvColumn {
  readonly header: string;
  readonly type: FieldType;
  /** Where its cell is in a row of the query's result. */
  readonly place: number;
}

export interface CsvOptions extends CsvDialect {
  /** `double`: ints are written as doubles are. */
  readonly integers: 'digits' | 'double';
}

/** One value as text, without the quotes around it. */
type CellText = (cell: Exclude<Cell, null>) => string;

/** The header row, line end included. */
export function csvHeader(columns: readonly CsvColumn[], dialect: CsvDialect): string {
  return csvLine(
    columns.map(({ header }) => quotable(header)),
    dialect,
  );
}

/** Rows as CSV in blocks of about 64 KB, made as they are pulled. Every cell is quoted, and a null is an empty one. */
export function* csvBlocks(
  rows: Iterable<readonly Cell[]>,
  columns: readonly CsvColumn[],
  options: CsvOptions,
): Iterable<Uint8Array> {
  const plans = columns.map(({ type, place }) => ({ place, text: cellText(type, options) }));
  const separator = `"${COLUMN_DELIMITERS[options.columnDelimiter]}"`;
  const lineEnd = `"${LINE_ENDINGS[options.lineEnding]}`;
  let block = '';
  for (const row of rows) {
    let line = '"';
    for (let index = 0; index < plans.length; index += 1) {
      const { place, text } = plans[index]!;
      const cell = row[place];
      if (index > 0) line += separator;
      if (cell !== null && cell !== undefined) line += text(cell);
    }
    block += line + lineEnd;
    if (block.length < BLOCK_CHARACTERS) continue;
    yield Buffer.from(block);
    block = '';
  }
  if (block !== '') yield Buffer.from(block);
}

function csvLine(texts: readonly string[], { columnDelimiter, lineEnding }: CsvDialect): string {
  return `"${texts.join(`"${COLUMN_DELIMITERS[columnDelimiter]}"`)}"${LINE_ENDINGS[lineEnding]}`;
}

function cellText(type: FieldType, { integers }: CsvOptions): CellText {
  switch (type) {
    case 'double':
    case 'currency':
    case 'percent':
      // An org of exact decimals holds text, digit for digit.
      return (cell) => (typeof cell === 'number' ? javaDouble(cell) : String(cell));
    case 'int':
      return integers === 'double' ? (cell) => javaDouble(Number(cell)) : String;
    case 'long':
    case 'boolean':
      return String;
    default:
      return (cell) => quotable(String(cell));
  }
}

function quotable(text: string): string {
  return text.includes('"') ? text.replaceAll('"', '""') : text;
}
