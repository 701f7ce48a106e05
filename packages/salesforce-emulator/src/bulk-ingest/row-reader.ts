import type { FieldType, ObjectDefinition, Org, StoredValue } from '../org/org.ts';
import type { CsvRow } from './csv-scanner.ts';
import type { IngestRequest } from './ingest-request.ts';
import { lookupReader, referenceReader } from './reference-cell.ts';
import { RowFault, type RowErrorTexts } from './row-fault.ts';
import { type CellOptions, type CellReader, cellReader, storedText } from './upload-cell.ts';
import type { UploadColumn } from './upload-header.ts';

export interface ReadOptions extends CellOptions {
  readonly lookupMiss: 'rejectRow' | 'failJob';
  readonly resultValues: 'typed' | 'sent' | 'stored';
  readonly rowErrors: RowErrorTexts;
}

/** A row of an upload, its cells as values of their fields. */
export interface RowReading {
  readonly row: CsvRow;
  /** By field; cells that are empty are not there. */
  readonly values: ReadonlyMap<string, StoredValue>;
  /** Empty when it is not given. */
  readonly idText: string;
  /** The cells as result files show them. */
  readonly texts: readonly string[];
  /** Why it cannot be saved. */
  readonly fault: RowFault | undefined;
}

export interface RowReaderOptions {
  readonly org: Org;
  readonly object: ObjectDefinition;
  readonly request: Pick<IngestRequest, 'operation'>;
  readonly columns: readonly UploadColumn[];
  readonly options: ReadOptions;
  /** The text that sets a field to null; default `#N/A`. */
  readonly nullText?: string;
}

interface CellPlan {
  readonly name: string;
  readonly read: CellReader;
  /** What is kept for null: a checkbox is never empty. */
  readonly absent: StoredValue;
  /** How result files show a value; absent: as sent. */
  readonly text: ((value: StoredValue) => string) | undefined;
}

/** Types whose text is the same before and after it is read. */
const TEXT_TYPES = new Set<FieldType>([
  'string',
  'textarea',
  'phone',
  'url',
  'email',
  'picklist',
  'multipicklist',
  'combobox',
  'encryptedstring',
  'anyType',
  'base64',
]);

/** Reads rows into values, each by the header row's columns. A row that cannot be read has a fault; nothing is thrown. */
export class RowReader {
  readonly #options: ReadOptions;
  readonly #nullText: string;
  readonly #idPlace: number;
  /** By place; absent for the id, and for columns that do not count. */
  readonly #plans: readonly (CellPlan | undefined)[];

  constructor({ org, object, request, columns, options, nullText = '#N/A' }: RowReaderOptions) {
    this.#options = options;
    this.#nullText = nullText;
    this.#idPlace = columns.findIndex((column) => column.kind === 'field' && column.field.name === 'Id');
    const isDeletion = request.operation === 'delete' || request.operation === 'hardDelete';
    this.#plans = columns.map((column, place) =>
      isDeletion || column.kind === 'ignored' || place === this.#idPlace
        ? undefined
        : cellPlan(column, place, { org, object, options }),
    );
  }

  /** @throws {JobFault} when a lookup finds nothing and the whole job is to fail by it. */
  read(row: CsvRow): RowReading {
    const { cells, flaw } = row;
    const { resultValues, rowErrors } = this.#options;
    const texts = this.#plans.map((_, place) => cells[place] ?? '');
    const values = new Map<string, StoredValue>();
    const idText = this.#idPlace === -1 ? '' : this.#withoutNull(cells[this.#idPlace] ?? '');
    const reading = { row, values, idText, texts };
    if (flaw !== undefined) return { ...reading, fault: RowFault.unverified(FLAWS[flaw], rowErrors) };
    if (cells.length !== this.#plans.length) {
      return { ...reading, fault: RowFault.unverified('columnCount', rowErrors) };
    }
    let fault: RowFault | undefined;
    for (const [place, plan] of this.#plans.entries()) {
      const cell = cells[place]!;
      if (plan === undefined || cell === '') continue;
      try {
        const value = cell === this.#nullText ? plan.absent : plan.read(cell);
        values.set(plan.name, value);
        if (cell === this.#nullText && resultValues === 'typed') texts[place] = '';
        else if (plan.text !== undefined) texts[place] = plan.text(value);
      } catch (error) {
        if (!(error instanceof RowFault)) throw error;
        fault ??= error;
      }
    }
    return { ...reading, fault };
  }

  #withoutNull(text: string): string {
    return text === this.#nullText ? '' : text;
  }
}

const FLAWS = { quote: 'malformedRow', cellTooLong: 'cellTooLong', rowTooLong: 'rowTooLong' } as const;

function cellPlan(
  column: Exclude<UploadColumn, { kind: 'ignored' }>,
  place: number,
  { org, object, options }: Pick<RowReaderOptions, 'org' | 'object' | 'options'>,
): CellPlan {
  const { field } = column;
  const { resultValues } = options;
  if (column.kind === 'lookup') {
    return {
      name: field.name,
      read: lookupReader(column, { org, place, ...options }),
      absent: null,
      text: undefined,
    };
  }
  const absent = org.writer(object.name).cellWriter(field)(null);
  const typed = cellReader(field, { org, objectName: object.name, place, ...options });
  const read = field.type === 'reference' ? referenceReader(field, org, typed) : typed;
  const isSent = resultValues === 'sent' || (resultValues === 'typed' && TEXT_TYPES.has(field.type));
  return { name: field.name, read, absent, text: isSent ? undefined : (value) => storedText(value, field.type) };
}
