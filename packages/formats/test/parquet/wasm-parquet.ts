import type { Row } from '@sluice/core';
import { rowsOf } from '@sluice/testkit';
import { RecordBatchReader, type RecordBatch } from 'apache-arrow';
import { readParquet, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm';

import { encodeStream } from '../arrow-ipc/ipc-streams.ts';

export { Compression, Encoding, WriterVersion } from 'parquet-wasm';

/** The rows of a file as Arrow's Rust library reads them. Only for sound files: others end the process. */
export function wasmRows(bytes: Uint8Array): readonly Row[] {
  const stream = readParquet(bytes).intoIPCStream();
  return [...RecordBatchReader.from(stream)].flatMap((batch) => rowsOf(batch));
}

/** A file by Arrow's Rust library. */
export function wasmFile(
  batch: RecordBatch,
  configure: (properties: WriterPropertiesBuilder) => WriterPropertiesBuilder = (properties) => properties,
): Uint8Array {
  const table = Table.fromIPCStream(encodeStream(batch.schema, [[batch]]));
  return writeParquet(table, configure(new WriterPropertiesBuilder()).build());
}
