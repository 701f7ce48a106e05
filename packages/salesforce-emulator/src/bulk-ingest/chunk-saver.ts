import type { FieldDefinition, ObjectDefinition, Org, StoredValue } from '../org/org.ts';
import { toLongId } from '../org/record-id.ts';
import type { CsvRow } from './csv-scanner.ts';
import type { IngestRequest } from './ingest-request.ts';
import { RowFault, type RowRejection } from './row-fault.ts';
import { RowReader, type RowReaderOptions, type RowReading } from './row-reader.ts';
import type { RowRule, UploadedRow } from './row-rule.ts';
import { RowSaver, type SavedRow } from './row-saver.ts';
import { fieldNamed } from './upload-header.ts';

/** What became of one row. */
export interface RowOutcome {
  /** The cells as result files show them. */
  readonly texts: readonly string[];
  /** Empty when there is no record. */
  readonly id: string;
  readonly isCreated: boolean;
  /** As `sf__Error` shows it; undefined when the row was saved. */
  readonly error: string | undefined;
}

export interface ChunkSaverOptions extends Omit<RowReaderOptions, 'request'> {
  readonly request: Pick<IngestRequest, 'operation' | 'externalIdFieldName'>;
  /** Which of the rows of a chunk with one external id are rejected. */
  readonly duplicateKeys: 'rejectLater' | 'rejectAll';
  readonly rules: readonly RowRule[];
}

/** Thrown to take a chunk back. */
class ChunkFault extends Error {
  readonly rejection: RowRejection;

  constructor(rejection: RowRejection) {
    super('the chunk is taken back');
    this.rejection = rejection;
  }
}

/** Saves the rows of one chunk, which an org does in one transaction: each on its own, unless a trigger rejects all. */
export class ChunkSaver {
  readonly #org: Org;
  readonly #object: ObjectDefinition;
  readonly #request: ChunkSaverOptions['request'];
  readonly #headers: readonly string[];
  readonly #reader: RowReader;
  readonly #saver: RowSaver;
  readonly #key: FieldDefinition | undefined;
  readonly #duplicateKeys: ChunkSaverOptions['duplicateKeys'];
  readonly #rules: readonly RowRule[];

  constructor({ rules, duplicateKeys, ...parts }: ChunkSaverOptions) {
    const { org, object, request, columns, options } = parts;
    this.#org = org;
    this.#object = object;
    this.#request = request;
    this.#headers = columns.map(({ header }) => header);
    this.#reader = new RowReader(parts);
    this.#saver = new RowSaver({ org, object, request, rowErrors: options.rowErrors });
    this.#key = request.externalIdFieldName === undefined ? undefined : fieldNamed(object, request.externalIdFieldName);
    this.#duplicateKeys = duplicateKeys;
    this.#rules = rules;
  }

  /** `firstNumber` counts the rows of the upload from 1. @throws {JobFault} when the job fails by a row. */
  save(rows: readonly CsvRow[], firstNumber: number, nowMs: number): readonly RowOutcome[] {
    const readings = rows.map((row) => this.#reader.read(row));
    const duplicates = this.#duplicates(readings);
    const faults = readings.map((reading, index) => reading.fault ?? duplicates.get(index));
    const uploaded =
      this.#rules.length === 0 ? [] : readings.map((reading, index) => this.#uploaded(reading, firstNumber + index));
    for (const [index, row] of uploaded.entries()) faults[index] ??= this.#ruleFault(row, 'row');
    try {
      return this.#org.transaction(() => {
        const outcomes = readings.map((reading, index) => this.#outcome(reading, faults[index], nowMs));
        const saved = uploaded.filter((_, index) => outcomes[index]?.error === undefined);
        for (const { scope, reject } of this.#rules) {
          if (scope !== 'chunk') continue;
          const [rejection] = saved.flatMap((row) => reject(row) ?? []);
          if (rejection !== undefined) throw new ChunkFault(rejection);
        }
        return outcomes;
      });
    } catch (error) {
      if (!(error instanceof ChunkFault)) throw error;
      return this.#withoutChunk(readings, faults, error.rejection, nowMs);
    }
  }

  /** Rows that are wrong in themselves say so; the others all fail by the one text. */
  #withoutChunk(
    readings: readonly RowReading[],
    faults: readonly (RowFault | undefined)[],
    rejection: RowRejection,
    nowMs: number,
  ): readonly RowOutcome[] {
    const failed: RowOutcome[] = [];
    try {
      this.#org.transaction(() => {
        for (const [index, reading] of readings.entries()) {
          const outcome = this.#outcome(reading, faults[index], nowMs);
          failed.push(outcome.error === undefined ? rejected(reading, RowFault.of(rejection)) : outcome);
        }
        throw new ChunkFault(rejection);
      });
    } catch (error) {
      if (!(error instanceof ChunkFault)) throw error;
    }
    return failed;
  }

  #outcome(reading: RowReading, fault: RowFault | undefined, nowMs: number): RowOutcome {
    if (fault !== undefined) return rejected(reading, fault);
    let saved: SavedRow;
    try {
      saved = this.#saver.save(reading, nowMs);
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      return rejected(reading, error);
    }
    return { texts: reading.texts, ...saved, error: undefined };
  }

  #uploaded({ row }: RowReading, number: number): UploadedRow {
    const cells = Object.fromEntries(this.#headers.map((header, place) => [header, row.cells[place] ?? '']));
    return { object: this.#object.name, operation: this.#request.operation, number, cells };
  }

  #ruleFault(row: UploadedRow, wanted: RowRule['scope']): RowFault | undefined {
    for (const { scope, reject } of this.#rules) {
      const rejection = scope === wanted ? reject(row) : undefined;
      if (rejection !== undefined) return RowFault.of(rejection);
    }
    return undefined;
  }

  #duplicates(readings: readonly RowReading[]): ReadonlyMap<number, RowFault> {
    const faults = new Map<number, RowFault>();
    const key = this.#key;
    if (key === undefined) return faults;
    const first = new Map<StoredValue, number>();
    for (const [index, { idText, values }] of readings.entries()) {
      const value = key.type === 'id' ? idText : (values.get(key.name) ?? '');
      if (value === '') continue;
      const same = key.type === 'id' ? (toLongId(idText) ?? idText) : foldedKey(value, key);
      const earlier = first.get(same);
      if (earlier === undefined) {
        first.set(same, index);
        continue;
      }
      const fault = RowFault.of({
        statusCode: 'DUPLICATE_VALUE',
        message: `Duplicate external id specified: ${value}`,
        fields: [key.name],
      });
      faults.set(index, fault);
      if (this.#duplicateKeys === 'rejectAll') faults.set(earlier, fault);
    }
    return faults;
  }
}

function foldedKey(value: StoredValue, { caseSensitive }: FieldDefinition): StoredValue {
  return typeof value === 'string' && !caseSensitive ? value.toLowerCase() : value;
}

function rejected({ texts, idText }: RowReading, { text: error }: RowFault): RowOutcome {
  return { texts, id: toLongId(idText) ?? idText, isCreated: false, error };
}
