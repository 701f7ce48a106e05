import type { RecordBatch, Schema } from 'apache-arrow';

import type { BatchBounds } from './context.ts';
import type { Json, JsonObject } from './json.ts';
import type { Delivery } from './source.ts';
import type { ByteRange } from './store.ts';

/** A file's bytes in any order, for formats with a footer. Whoever opened it closes it; its reads end with their signal. */
export interface RandomAccess {
  readonly byteLength: number;
  /** Exactly these bytes, which then belong to the caller. Called for several ranges at once; the range lies in the file. */
  read(range: ByteRange): Promise<Uint8Array>;
}

/** For formats in whose files one byte ends every row and stands nowhere else. */
export interface RowRanges {
  readonly rowEndByte: number;
  /**
   * The place of the first row. The same with another `byteOffset`, one right behind a `rowEndByte` that comes later, is
   * a place to begin at too.
   *
   * @throws as `decode` does.
   */
  first(
    input: AsyncIterable<Uint8Array>,
    options: Pick<DecodeOptions, 'schema' | 'otherColumns' | 'signal'>,
  ): Promise<RowPlace>;
}

/** A place between two rows of a file. */
export interface RowPlace extends JsonObject {
  /** Rows before it, rejected ones included. */
  readonly row: number;
  /** Where the next row begins, if decoding can begin there. */
  readonly byteOffset?: number;
}

export interface DecodeOptions {
  /** Batches have exactly this schema, else `SCHEMA_CHANGED`. Default: that of the bytes. */
  readonly schema?: Schema;
  /** What becomes of columns of the file that `schema` lacks: `refuse` ends in `SCHEMA_CHANGED`. Default `refuse`. */
  readonly otherColumns?: 'refuse' | 'skip';
  /**
   * The place to begin at. With a `byteOffset` the input begins there too, else it begins with the file and the rows
   * before are passed over.
   */
  readonly from?: RowPlace;
  readonly batch: BatchBounds;
  readonly signal: AbortSignal;
}

export interface OpenOptions {
  /** The columns to read, in this order; bytes of others are not fetched where they lie apart. Default: all, in the order of the file. */
  readonly columns?: readonly string[];
  readonly signal: AbortSignal;
}

/** A run of rows that can be read by itself, on a file opened by another process too. The format may add members. */
export interface FileSplit extends JsonObject {
  readonly rows: number;
  /** What is fetched to read it, for estimates. */
  readonly bytes: number;
}

/** A file with a footer that has been read; nothing of it needs closing. */
export interface OpenFile {
  /** Of the columns asked for. Every one is nullable. */
  readonly schema: Schema;
  readonly rows: number;
  /** In the order of the file, disjoint, all rows together; the same each time the file is opened with these columns. */
  readonly splits: readonly FileSplit[];
  /**
   * The rows of one split, the same batches every time, fetched as they are asked for. Several may be read at once.
   *
   * @throws `FILE_CORRUPT`; `SOURCE_CHANGED` for a split that is none of this file.
   */
  read(split: FileSplit, options: Pick<DecodeOptions, 'batch' | 'signal'>): AsyncIterable<RecordBatch>;
}

/** A run of rows as it stands in a file. A file is a prologue, any number of segments, and an epilogue. */
export interface Segment {
  /** Where the segment starts in the file. */
  readonly byteOffset: number;
  readonly summary: Json;
}

/** Encodes the rows of one segment. Bytes returned belong to the caller. */
export interface SegmentEncoder {
  /** The bytes complete by now, which may be none. */
  write(batch: RecordBatch): readonly Uint8Array[];
  /** The rest, and what the epilogue needs to know of this segment. */
  end(): { readonly bytes: readonly Uint8Array[]; readonly summary: Json };
}

/**
 * One schema's encoding. Pure: the same rows give the same bytes, however they were batched.
 *
 * Segments are independent, so that a file written part by part can go on after an interruption from the summaries of
 * the parts that are safe.
 */
export interface FileEncoding {
  prologue(): Uint8Array;
  /** `before`: the summary of the segment ahead of it in the file, where there is one. */
  segment(before?: Json): SegmentEncoder;
  epilogue(segments: readonly Segment[]): Uint8Array;
}

/**
 * Bytes to record batches and back, without I/O of its own. Holds nothing, so that nobody disposes of it; one may be at many
 * files at once.
 *
 * A format that can be read has either `decode`, for files that are read front to back, or `open`, for files with a
 * footer, which are read in independent splits.
 */
export interface Format {
  /** The version of this contract that it is written to, as a literal: another is refused before anything is called. */
  readonly contractVersion: 1;
  readonly name: string;
  /** With the dot, such as `.parquet`. */
  readonly extension: string;
  readonly config: Json;
  /** What an encoder holds in memory at most. */
  readonly bufferBytes: number;
  /** @throws `TYPE_UNSUPPORTED` naming the column. */
  encode(schema: Schema): FileEncoding;
  /**
   * The schema of a file for `decode`, of which no more is read than tells it. Absent where bytes alone do not tell it:
   * then `decode` needs one.
   *
   * @throws `FILE_CORRUPT`; `TYPE_UNSUPPORTED` naming the column.
   */
  schema?(input: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Schema>;
  /**
   * The rows of a file, each delivery with the place behind it. The bytes of the input are not kept by reference.
   *
   * @throws `FILE_CORRUPT`, `ROW_MALFORMED`, `SCHEMA_CHANGED`.
   */
  decode?(input: AsyncIterable<Uint8Array>, options: DecodeOptions): AsyncIterable<Delivery<RowPlace>>;
  /** How a file is decoded in ranges of its bytes; absent where nobody but who has read all before can tell rows apart. */
  readonly ranges?: RowRanges;
  /**
   * Reads the footer, and with it all that a plan needs.
   *
   * @throws `FILE_CORRUPT`; `FIELD_UNKNOWN` for a column that is not there; `TYPE_UNSUPPORTED` naming the column, for
   * those asked for.
   */
  open?(file: RandomAccess, options: OpenOptions): Promise<OpenFile>;
}
