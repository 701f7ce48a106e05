import type { RecordBatch, Schema } from 'apache-arrow';

import type { BatchBounds } from './context.ts';
import type { Json } from './json.ts';
import type { ByteRange } from './store.ts';

/** A file's bytes in any order, for formats with a footer. */
export interface RandomAccess {
  readonly byteLength: number;
  read(range: ByteRange): Promise<Uint8Array>;
}

export interface DecodeOptions {
  readonly schema?: Schema;
  readonly batch: BatchBounds;
  readonly signal: AbortSignal;
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
  segment(): SegmentEncoder;
  epilogue(segments: readonly Segment[]): Uint8Array;
}

/** Bytes to record batches and back, without I/O. */
export interface Format {
  readonly name: string;
  /** With the dot, such as `.parquet`. */
  readonly extension: string;
  readonly config: Json;
  /** What an encoder holds in memory at most. */
  readonly bufferBytes: number;
  /** Whether a file can be read in independent ranges. */
  readonly splittable: boolean;
  /** @throws `TYPE_UNSUPPORTED` naming the column. */
  encode(schema: Schema): FileEncoding;
  decode?(input: AsyncIterable<Uint8Array> | RandomAccess, options: DecodeOptions): AsyncIterable<RecordBatch>;
}
