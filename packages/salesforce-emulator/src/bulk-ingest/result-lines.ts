import { SELECT_ORDER_SINCE } from '../bulk-query/csv-columns.ts';
import { COLUMN_DELIMITERS, type CsvDialect, LINE_ENDINGS } from '../bulk-query/csv-dialect.ts';
import type { RowOutcome } from './chunk-saver.ts';
import type { UploadColumn } from './upload-header.ts';

/**
 * The lines of result files, quoted as recorded: the names that Salesforce adds and every value are, the names of the
 * upload are not.
 */
export class ResultLines {
  readonly #delimiter: string;
  readonly #lineEnd: string;

  constructor({ columnDelimiter, lineEnding }: CsvDialect) {
    this.#delimiter = COLUMN_DELIMITERS[columnDelimiter];
    this.#lineEnd = LINE_ENDINGS[lineEnding];
  }

  header(added: readonly string[], names: readonly string[]): string {
    const cells = [...added.map(quoted), ...names.map((name) => this.#nameText(name))];
    return cells.length === 0 ? '' : cells.join(this.#delimiter) + this.#lineEnd;
  }

  row(cells: readonly string[]): string {
    return cells.map(quoted).join(this.#delimiter) + this.#lineEnd;
  }

  outcome({ texts, id, isCreated, error }: RowOutcome, places: readonly number[]): string {
    return this.row([id, error ?? String(isCreated), ...places.map((place) => texts[place] ?? '')]);
  }

  /** A name of a rejected header row may be anything. */
  #nameText(name: string): string {
    return /["\r\n]/.test(name) || name.includes(this.#delimiter) ? quoted(name) : name;
  }
}

/** The places of the columns that come back, in their order in the result files of an API version. */
export function resultPlaces(
  columns: readonly UploadColumn[],
  version: number,
  resultColumns: 'matched' | 'fieldsOnly',
): readonly number[] {
  const kept = columns.flatMap(({ kind, header }, place) => {
    const isKept = kind === 'field' || (kind === 'lookup' && resultColumns === 'matched');
    return isKept ? [{ header, place }] : [];
  });
  if (version < SELECT_ORDER_SINCE) kept.sort((a, b) => (a.header < b.header ? -1 : 1));
  return kept.map(({ place }) => place);
}

function quoted(text: string): string {
  return `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;
}
