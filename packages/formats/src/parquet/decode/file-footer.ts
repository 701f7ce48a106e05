import { type RandomAccess, SluiceError } from '@sluice/core';
import type { CompressionCodec, ConvertedType, FieldRepetitionType, ParquetType } from 'hyparquet';
import { CompressionCodecs, ConvertedTypes, FieldRepetitionTypes, ParquetTypes } from 'hyparquet/src/constants.js';

import { damaged } from './damage.ts';
import { type LogicalType, logicalTypeOf } from './logical-type.ts';
import { ThriftReader, type ThriftStruct } from './thrift-reader.ts';

/** A node of the file's schema, which lists them from the root down, children behind their parent. */
export interface SchemaElement {
  readonly name: string;
  /** Absent for a group. */
  readonly physical: ParquetType | undefined;
  /** Bytes of a value of fixed length. */
  readonly width: number;
  readonly repetition: FieldRepetitionType;
  readonly children: number;
  readonly converted: ConvertedType | undefined;
  readonly logical: LogicalType | undefined;
  readonly precision: number;
  readonly scale: number;
}

/** Where a column of a row group is in the file. */
export interface ColumnChunk {
  readonly physical: ParquetType | undefined;
  /** Undefined for one that is not known. */
  readonly codec: CompressionCodec | undefined;
  readonly values: number;
  readonly start: number;
  readonly bytes: number;
  readonly isEncrypted: boolean;
}

export interface RowGroup {
  readonly rows: number;
  readonly chunks: readonly ColumnChunk[];
}

export interface FileFooter {
  readonly elements: readonly SchemaElement[];
  readonly rows: number;
  readonly rowGroups: readonly RowGroup[];
  readonly entries: ReadonlyMap<string, string>;
}

const MAGIC_BYTES = 4;
/** A length and the magic. */
const TRAILER_BYTES = 8;
/** Fetched at once, because most footers fit. */
const FIRST_FETCH_BYTES = 65_536;

/**
 * Fetches and checks the footer (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift,
 * `FileMetaData`, read 2025-11).
 *
 * @throws `FILE_CORRUPT`; `CONFIG_INVALID` for a file that is encrypted.
 */
export async function readFooter(file: RandomAccess): Promise<FileFooter> {
  const { byteLength } = file;
  if (byteLength < MAGIC_BYTES + TRAILER_BYTES) throw damaged('it is shorter than any Parquet file');
  const tailStart = Math.max(0, byteLength - FIRST_FETCH_BYTES);
  const tail = await readExactly(file, tailStart, byteLength);
  const magic = textAt(tail, tail.length - MAGIC_BYTES);
  if (magic === 'PARE') throw encrypted('its footer is encrypted');
  if (magic !== 'PAR1') throw damaged('it does not end like a Parquet file');
  const footerBytes = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - TRAILER_BYTES, true);
  const start = byteLength - TRAILER_BYTES - footerBytes;
  if (start < MAGIC_BYTES) throw damaged('its footer is longer than the file');
  if (start >= tailStart) return parseFooter(tail.subarray(start - tailStart, tail.length - TRAILER_BYTES), start);
  const head = await readExactly(file, start, tailStart);
  return parseFooter(Buffer.concat([head, tail.subarray(0, tail.length - TRAILER_BYTES)]), start);
}

/** @throws `FILE_CORRUPT` where the access gives other bytes than asked for. */
export async function readExactly(file: RandomAccess, start: number, end: number): Promise<Uint8Array> {
  const bytes = await file.read({ start, end });
  if (bytes.length !== end - start) throw damaged(`it ends before byte ${end}`);
  return bytes;
}

function textAt(bytes: Uint8Array, at: number): string {
  return String.fromCodePoint(...bytes.subarray(at, at + MAGIC_BYTES));
}

function encrypted(what: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `a Parquet file cannot be read: ${what}`, {
    hint: 'Write the file without encryption.',
  });
}

/** `dataEnd` is where the footer begins in the file. */
function parseFooter(bytes: Uint8Array, dataEnd: number): FileFooter {
  const metadata = new ThriftReader(bytes).readStruct();
  const elements = metadata.structs(2, 'schema').map(schemaElement);
  const columns = elements.filter(({ physical }) => physical !== undefined).length;
  const rowGroups = metadata.structs(4, 'row groups').map((group, i) => {
    const chunks = group.structs(1, 'columns').map((chunk) => columnChunk(chunk, i, dataEnd));
    if (chunks.length !== columns) {
      throw damaged(`row group ${i} has ${chunks.length} columns, and the schema has ${columns}`);
    }
    return { rows: group.count(3, 'count of rows of a row group'), chunks };
  });
  const rows = metadata.count(3, 'count of rows');
  const grouped = rowGroups.reduce((sum, group) => sum + group.rows, 0);
  if (grouped !== rows) throw damaged(`its row groups have ${grouped} rows together, and the footer says ${rows}`);
  const entries = metadata.structs(5, 'key-value metadata').map((entry) => [entry.text(1), entry.text(2)] as const);
  return {
    elements,
    rows,
    rowGroups,
    entries: new Map(
      entries.flatMap(([key, value]) => (key === undefined || value === undefined ? [] : [[key, value]])),
    ),
  };
}

function schemaElement(element: ThriftStruct): SchemaElement {
  const children = element.integer(5, 'count of members') ?? 0;
  const physical = named(ParquetTypes, element.integer(1, 'physical type'), 'physical type');
  const converted = element.integer(6, 'converted type');
  const name = element.text(4);
  if (name === undefined) throw damaged('a column has no name');
  // A group may be empty, and a column has no members.
  if (children < 0 || (physical !== undefined && children > 0)) throw damaged(`the members of ${name} make no sense`);
  return {
    name,
    physical: children === 0 ? physical : undefined,
    width: element.integer(2, 'type length') ?? 0,
    repetition: named(FieldRepetitionTypes, element.integer(3, 'repetition'), 'repetition') ?? 'REQUIRED',
    children,
    // One of a later version is none.
    converted: converted === undefined ? undefined : ConvertedTypes[converted],
    logical: logicalTypeOf(element.struct(10)),
    scale: element.integer(7, 'scale') ?? 0,
    precision: element.integer(8, 'precision') ?? 0,
  };
}

function named<T>(names: readonly T[], ordinal: number | undefined, what: string): T | undefined {
  if (ordinal === undefined) return undefined;
  const name = names[ordinal];
  if (name === undefined) throw damaged(`its ${what} ${ordinal} is not known`);
  return name;
}

function columnChunk(chunk: ThriftStruct, rowGroup: number, dataEnd: number): ColumnChunk {
  const isEncrypted = chunk.struct(8) !== undefined;
  const metadata = chunk.struct(3);
  if (metadata === undefined) {
    if (isEncrypted) return { physical: undefined, codec: undefined, values: 0, start: 0, bytes: 0, isEncrypted };
    throw damaged(`row group ${rowGroup} has a column without metadata`);
  }
  if (chunk.text(1) !== undefined) {
    throw new SluiceError('CONFIG_INVALID', 'a Parquet file refers to columns in another file, which are not read', {
      hint: 'Write the columns into the file itself.',
    });
  }
  const dataStart = metadata.count(9, 'data page offset');
  const dictionaryStart = metadata.integer(11, 'dictionary page offset') ?? 0;
  // Some writers give 0, or the offset of a dictionary that comes first without saying so.
  const start = dictionaryStart > 0 ? Math.min(dictionaryStart, dataStart) : dataStart;
  const bytes = metadata.count(7, 'compressed size of a column');
  const values = metadata.count(5, 'count of values of a column');
  // A chunk of nothing may be anywhere.
  if (values > 0 && (start < MAGIC_BYTES || start + bytes > dataEnd)) {
    throw damaged(`a column of row group ${rowGroup} lies outside the data of the file`);
  }
  return {
    physical: named(ParquetTypes, metadata.integer(1, 'physical type'), 'physical type'),
    codec: CompressionCodecs[metadata.count(4, 'codec')],
    values,
    start,
    bytes,
    isEncrypted,
  };
}
