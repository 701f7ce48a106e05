import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

import { DuckDBInstance } from '@duckdb/node-api';
import type { FileEncoding, Format, Json, Segment } from '@sluice/core';
import type { RecordBatch, Schema } from 'apache-arrow';
import { type FileMetaData, parquetMetadata, parquetReadObjects } from 'hyparquet';

/** One file of one segment per element of `parts`. Summaries go through JSON, as they do between processes. */
export function encodeFile(format: Format, schema: Schema, parts: readonly (readonly RecordBatch[])[]): Buffer {
  const encoding = format.encode(schema);
  const pieces: Uint8Array[] = [encoding.prologue()];
  const segments: Segment[] = [];
  for (const batches of parts) {
    const byteOffset = lengthOf(pieces);
    const { bytes, summary } = encodeSegment(encoding, batches);
    pieces.push(...bytes);
    segments.push({ byteOffset, summary });
  }
  pieces.push(encoding.epilogue(segments));
  return Buffer.concat(pieces);
}

export function encodeSegment(
  encoding: FileEncoding,
  batches: readonly RecordBatch[],
): { readonly bytes: readonly Uint8Array[]; readonly summary: Json } {
  const encoder = encoding.segment();
  const bytes = batches.flatMap((batch) => encoder.write(batch));
  const end = encoder.end();
  // JSON of JSON.
  return { bytes: [...bytes, ...end.bytes], summary: JSON.parse(JSON.stringify(end.summary)) as Json };
}

export function metadataOf(file: Buffer): FileMetaData {
  return parquetMetadata(bufferOf(file));
}

/** The stored values as hyparquet sees them, column by column, without its conversions to floats and dates. */
export async function readStored(file: Buffer): Promise<Record<string, unknown[]>> {
  const metadata = metadataOf(file);
  for (const element of metadata.schema) {
    if (element.converted_type === 'UTF8') continue;
    if (element.converted_type === 'DECIMAL' || element.logical_type !== undefined) {
      delete element.converted_type;
      delete element.logical_type;
    }
  }
  const rows = await parquetReadObjects({
    file: bufferOf(file),
    metadata,
    compressors: { GZIP: (input) => gunzipSync(input), ZSTD: (input) => zstdDecompressSync(input) },
    parsers: { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes) },
  });
  const columns: Record<string, unknown[]> = {};
  for (const { name } of metadata.schema.slice(1)) columns[name] = rows.map((row) => row[name] ?? null);
  return columns;
}

/** Runs SQL over the file, named `file` in it, and returns the rows. */
export async function queryFile(file: Buffer, sql: string): Promise<unknown[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-parquet-'));
  try {
    const path = join(folder, 'data.parquet');
    await writeFile(path, file);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    try {
      await connection.run(`set timezone = 'UTC'`);
      const reader = await connection.runAndReadAll(sql.replaceAll('file', `'${path}'`));
      return reader.getRowsJson();
    } finally {
      connection.closeSync();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function bigEndian(bytes: Uint8Array): bigint {
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function bufferOf(file: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(file.length);
  new Uint8Array(copy).set(file);
  return copy;
}
