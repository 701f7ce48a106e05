import { type FileEncoding, type Segment, SluiceError } from '@sluice/core';
import type { Schema } from 'apache-arrow';
import type { ColumnChunk, FileMetaData, RowGroup, SchemaElement } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';

import { arrowSchemaEntry } from './arrow-schema-entry.ts';
import { type ColumnPlan, planColumn, type TimestampEncoding } from './column-plan.ts';
import { type ChunkSummary, parseSummary, statisticsOf } from './file-summary.ts';
import { CODECS, type ParquetCompression } from './page-compression.ts';
import { type RowGroupBounds, segmentEncoder } from './segment-encoder.ts';

/** `PAR1`, at both ends of the file. */
const MAGIC = Uint8Array.of(0x50, 0x41, 0x52, 0x31);

export function parquetEncoding(
  schema: Schema,
  { timestamps, ...bounds }: RowGroupBounds & { readonly timestamps: TimestampEncoding },
): FileEncoding {
  refuseAmbiguousColumns(schema);
  const columns = schema.fields.map((field) => planColumn(field, timestamps));
  const elements: readonly SchemaElement[] = [
    { name: 'schema', num_children: columns.length },
    ...columns.map(({ element }) => element),
  ];
  return {
    prologue: () => MAGIC.slice(),
    segment: () => segmentEncoder(columns, bounds),
    epilogue(segments) {
      const written = segments.flatMap((segment) => placeRowGroups(segment, columns, bounds.compression));
      const rowGroups = written.length > 0 ? written : [emptyRowGroup(columns, bounds.compression)];
      const metadata: Omit<FileMetaData, 'metadata_length'> = {
        version: 2,
        created_by: 'sluice',
        schema: [...elements],
        num_rows: rowGroups.reduce((sum, { num_rows }) => sum + num_rows, 0n),
        row_groups: rowGroups,
        key_value_metadata: [arrowSchemaEntry(schema, timestamps)],
      };
      const writer = new ByteWriter(64 * 1024);
      // The length is computed, not taken from the metadata.
      writeMetadata(writer, metadata as FileMetaData);
      writer.appendBytes(MAGIC);
      return writer.getBytes();
    },
  };
}

function refuseAmbiguousColumns(schema: Schema): void {
  if (schema.fields.length === 0) {
    throw new SluiceError('CONFIG_INVALID', 'a Parquet file needs at least one column', {
      hint: 'Select a column.',
    });
  }
  const seen = new Set<string>();
  for (const { name } of schema.fields) {
    if (seen.has(name)) {
      throw new SluiceError('CONFIG_INVALID', `column ${name} occurs twice, which a Parquet file cannot tell apart`, {
        hint: 'Rename one of the columns in the mapping.',
      });
    }
    seen.add(name);
  }
}

function placeRowGroups(segment: Segment, columns: readonly ColumnPlan[], compression: ParquetCompression): RowGroup[] {
  return parseSummary(segment.summary).rowGroups.map(({ rows, columns: chunks }) => ({
    columns: chunks.map((chunk, i) => columnChunk(chunk, columns[i]!, rows, segment.byteOffset, compression)),
    total_byte_size: sumOf(chunks, 'uncompressedBytes'),
    num_rows: BigInt(rows),
    file_offset: BigInt(segment.byteOffset + startOf(chunks[0]!)),
    total_compressed_size: sumOf(chunks, 'bytes'),
  }));
}

/** A list of no row groups, as it is written, has no type, and strict readers refuse it. */
function emptyRowGroup(columns: readonly ColumnPlan[], compression: ParquetCompression): RowGroup {
  const chunk = { dataOffset: 0, bytes: 0, uncompressedBytes: 0, encodings: ['PLAIN'], nulls: 0 } as const;
  return {
    columns: columns.map((column) => columnChunk(chunk, column, 0, MAGIC.length, compression)),
    total_byte_size: 0n,
    num_rows: 0n,
  };
}

function columnChunk(
  chunk: ChunkSummary,
  { name, element }: ColumnPlan,
  rows: number,
  byteOffset: number,
  compression: ParquetCompression,
): ColumnChunk {
  return {
    file_offset: BigInt(byteOffset + startOf(chunk)),
    meta_data: {
      type: element.type!,
      encodings: [...chunk.encodings],
      path_in_schema: [name],
      codec: CODECS[compression],
      num_values: BigInt(rows),
      total_uncompressed_size: BigInt(chunk.uncompressedBytes),
      total_compressed_size: BigInt(chunk.bytes),
      data_page_offset: BigInt(byteOffset + chunk.dataOffset),
      ...(chunk.dictionaryOffset === undefined
        ? {}
        : { dictionary_page_offset: BigInt(byteOffset + chunk.dictionaryOffset) }),
      statistics: statisticsOf(chunk, element),
    },
  };
}

function startOf(chunk: ChunkSummary): number {
  return chunk.dictionaryOffset ?? chunk.dataOffset;
}

function sumOf(chunks: readonly ChunkSummary[], what: 'bytes' | 'uncompressedBytes'): bigint {
  return BigInt(chunks.reduce((sum, chunk) => sum + chunk[what], 0));
}
