import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';

import { type Data, DataType, type RecordBatch } from 'apache-arrow';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';

import { measurePrepared } from '../harness/measure.ts';
import { benchSchema } from './csv-columns.ts';
import { csvInput } from './csv-input.ts';
import { decodeFile } from './decode-file.ts';
import { factsOfFile } from './parquet-file-facts.ts';

const decoder = new TextDecoder();

await measurePrepared(
  async (given) => {
    const batches = [...decodeFile(csvInput.parse(given).path, 'wasm')];
    return benchSchema.fields.map(({ name }, column) => ({ name, data: valuesOf(batches, column) }));
  },
  async (columnData, given) => {
    const { path, compression } = csvInput.parse(given);
    const file = parquetWriteBuffer({
      columnData,
      schema: [
        { name: 'root', num_children: columnData.length },
        ...benchSchema.fields.map(({ name, type }) => ({
          ...elementOf(type),
          name,
          repetition_type: 'OPTIONAL' as const,
        })),
      ],
      codec: compression === 'zstd' ? 'ZSTD' : 'SNAPPY',
      compressors: { ZSTD: (page) => zstdCompressSync(page) },
      rowGroupSize: 100_000,
    });
    return async () =>
      await factsOfFile(join(dirname(path), 'hyparquet'), async (to) => await writeFile(to, new Uint8Array(file)));
  },
);

function elementOf(type: DataType): Omit<SchemaElement, 'name'> {
  if (DataType.isUtf8(type)) return { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
  if (DataType.isDecimal(type)) {
    const { precision, scale } = type;
    return { type: 'INT64', converted_type: 'DECIMAL', precision, scale };
  }
  if (DataType.isBool(type)) return { type: 'BOOLEAN' };
  if (DataType.isDate(type)) return { type: 'INT32', converted_type: 'DATE' };
  return DataType.isTimestamp(type) ? { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' } : { type: 'INT32' };
}

/** Values as a program without Arrow would have them: strings, numbers, bigints, dates. */
function valuesOf(batches: readonly RecordBatch[], column: number): unknown[] {
  return batches.flatMap((batch) => {
    // A record batch has a child for each field.
    const data = batch.data.children[column]!;
    return Array.from({ length: data.length }, (_, row) => (data.getValid(row) ? valueAt(data, row) : null));
  });
}

function valueAt({ type, values, valueOffsets }: Data, row: number): unknown {
  if (DataType.isUtf8(type)) {
    const bytes: Uint8Array = values;
    return decoder.decode(bytes.subarray(valueOffsets[row], valueOffsets[row + 1]));
  }
  if (DataType.isBool(type)) return ((Number(values[row >> 3]) >> (row & 7)) & 1) === 1;
  if (DataType.isDecimal(type)) {
    const words: Uint32Array = values;
    return BigInt.asIntN(64, (BigInt(words[row * 4 + 1]!) << 32n) | BigInt(words[row * 4]!));
  }
  return DataType.isTimestamp(type) ? new Date(Number(values[row])) : values[row];
}
