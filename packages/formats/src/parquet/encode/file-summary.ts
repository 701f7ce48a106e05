import { type Json, SluiceError } from '@sluice/core';
import type { Encoding, SchemaElement, Statistics } from 'hyparquet';
import { unconvertStatistics } from 'hyparquet-writer/src/unconvert.js';

import type { MinMax } from './page-values.ts';

/** What the footer says of one column chunk. Offsets count from the start of the segment. */
export type ChunkSummary = {
  readonly dictionaryOffset?: number;
  readonly dataOffset: number;
  readonly bytes: number;
  readonly uncompressedBytes: number;
  readonly encodings: readonly Encoding[];
  readonly nulls: number;
} & RangeSummary;

/** In Parquet's plain encoding, base64. Long text is cut: `min` down and `max` up. */
type RangeSummary = {
  readonly min?: string;
  readonly max?: string;
  readonly minCut?: true;
  readonly maxCut?: true;
};

export type RowGroupSummary = {
  readonly rows: number;
  readonly columns: readonly ChunkSummary[];
};

export type SegmentSummary = {
  readonly version: 1;
  readonly rowGroups: readonly RowGroupSummary[];
};

export function parseSummary(summary: Json): SegmentSummary {
  if (typeof summary === 'object' && summary !== null && 'version' in summary && summary['version'] === 1) {
    // Written by `SegmentEncoder.end` of this version.
    return summary as unknown as SegmentSummary;
  }
  throw new SluiceError('POSITION_UNSUPPORTED', 'a part of a Parquet file was written by another version', {
    hint: 'Go on with the version of Sluice that started the run, or abandon the run and start again.',
  });
}

export function summarizeRange(minMax: MinMax | undefined, element: SchemaElement): RangeSummary {
  if (minMax === undefined) return {};
  if (element.type !== 'BYTE_ARRAY') return { min: base64(minMax.min), max: base64(minMax.max) };
  const cut = unconvertStatistics({ min_value: minMax.min, max_value: minMax.max }, element);
  // Absent where no short upper bound exists, such as for bytes that are all 0xff.
  const { field_5: max, field_6: min, field_7: maxIsExact, field_8: minIsExact } = cut;
  return {
    ...(min instanceof Uint8Array ? { min: base64(min) } : {}),
    ...(max instanceof Uint8Array ? { max: base64(max) } : {}),
    ...(minIsExact === false ? { minCut: true } : {}),
    ...(maxIsExact === false ? { maxCut: true } : {}),
  };
}

/** The form in which the metadata writer takes statistics: values, not bytes, except for text and bytes. */
export function statisticsOf(chunk: ChunkSummary, element: SchemaElement): Statistics {
  return {
    null_count: BigInt(chunk.nulls),
    ...(chunk.min === undefined ? {} : { min_value: valueOf(chunk.min, element) }),
    ...(chunk.max === undefined ? {} : { max_value: valueOf(chunk.max, element) }),
    ...(chunk.minCut ? { is_min_value_exact: false } : {}),
    ...(chunk.maxCut ? { is_max_value_exact: false } : {}),
  };
}

function valueOf(plain: string, element: SchemaElement): NonNullable<Statistics['min_value']> {
  const bytes = Buffer.from(plain, 'base64');
  switch (element.type) {
    case 'BOOLEAN':
      return bytes[0] === 1;
    case 'INT32':
      return element.converted_type === 'DECIMAL' ? BigInt(bytes.readInt32LE()) : bytes.readInt32LE();
    case 'INT64':
      return bytes.readBigInt64LE();
    case 'FLOAT':
      return bytes.readFloatLE();
    case 'DOUBLE':
      return bytes.readDoubleLE();
    case 'FIXED_LEN_BYTE_ARRAY':
      return element.converted_type === 'DECIMAL' ? bigEndian(bytes) : Uint8Array.from(bytes);
    default:
      return Uint8Array.from(bytes);
  }
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return BigInt.asIntN(bytes.length * 8, value);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
