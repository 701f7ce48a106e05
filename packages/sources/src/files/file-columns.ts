import { SluiceError } from '@sluice/core';
import { type Data, Field, makeData, RecordBatch, Schema, Struct, Utf8 } from 'apache-arrow';

/** A column whose value is the same in all rows of a file. */
export interface FileColumn {
  readonly name: string;
  /** By the file's path in the store. Null where it says nothing. */
  valueOf(path: string): string | null;
}

/** The folders `name=value` between a folder and a file, as columns. */
export function partitionColumns(root: string, firstPath: string): readonly FileColumn[] {
  return [...partitionsOf(root, firstPath).keys()].map((name) => ({
    name,
    valueOf(path) {
      const value = partitionsOf(root, path).get(name);
      if (value !== undefined) return value;
      throw new SluiceError('SCHEMA_CHANGED', `${path} lies in no folder ${name}=…, as the first file does`, {
        hint: 'Give files of one kind a folder of their own.',
      });
    },
  }));
}

/** What Hive writes for null. */
const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

function partitionsOf(root: string, path: string): ReadonlyMap<string, string | null> {
  const folders = path.startsWith(root) ? path.slice(root.length).split('/').slice(0, -1) : [];
  return new Map(
    folders.flatMap((folder): readonly (readonly [string, string | null])[] => {
      const equals = folder.indexOf('=');
      if (equals <= 0) return [];
      const value = unescaped(folder.slice(equals + 1));
      return [[folder.slice(0, equals), value === NULL_PARTITION ? null : value]];
    }),
  );
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The schema with the columns behind it. @throws `CONFIG_INVALID` for a name that is taken. */
export function withFileColumns({ fields, metadata }: Schema, columns: readonly FileColumn[]): Schema {
  const names = new Set(fields.map(({ name }) => name));
  for (const { name } of columns) {
    if (names.has(name)) {
      throw new SluiceError('CONFIG_INVALID', `files: column ${JSON.stringify(name)} is in the files already`, {
        hint: 'Choose another name.',
      });
    }
    names.add(name);
  }
  return new Schema([...fields, ...columns.map(({ name }) => new Field(name, new Utf8(), true))], metadata);
}

/** Gives batches of one file the planned schema, and the columns of the file. */
export class FileBatches {
  readonly #schema: Schema;
  readonly #values: readonly (string | null)[];

  constructor(schema: Schema, columns: readonly FileColumn[], path: string) {
    this.#schema = schema;
    this.#values = columns.map((column) => column.valueOf(path));
  }

  /** What each row takes more than it does in the file, in the sense of `batchBytes`. */
  get rowBytes(): number {
    return this.#values.reduce((bytes, value) => bytes + 4 + (value === null ? 0 : Buffer.byteLength(value)), 0);
  }

  complete(batch: RecordBatch): RecordBatch {
    const children = [...batch.data.children, ...this.#values.map((value) => constantColumn(value, batch.numRows))];
    const type = new Struct(this.#schema.fields);
    return new RecordBatch(this.#schema, makeData({ type, length: batch.numRows, nullCount: 0, children }));
  }
}

function constantColumn(value: string | null, rows: number): Data {
  const bytes = Buffer.from(value ?? '');
  const valueOffsets = Int32Array.from({ length: rows + 1 }, (_, row) => row * bytes.length);
  const nulls = value === null ? { nullCount: rows, nullBitmap: new Uint8Array((rows + 7) >> 3) } : { nullCount: 0 };
  return makeData({ type: new Utf8(), length: rows, data: repeated(bytes, rows), valueOffsets, ...nulls });
}

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  const all = new Uint8Array(bytes.length * times);
  for (let i = 0; i < times; i++) all.set(bytes, i * bytes.length);
  return all;
}
