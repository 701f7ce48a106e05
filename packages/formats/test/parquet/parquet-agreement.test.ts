import type { Row } from '@sluice/core';
import { NESTED_TYPES, rowsOf } from '@sluice/testkit';
import {
  Binary,
  Bool,
  DataType,
  DateDay,
  Decimal,
  Dictionary,
  DurationMicrosecond,
  FixedSizeBinary,
  Float16,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  Null,
  TimeMicrosecond,
  TimeMillisecond,
  TimeNanosecond,
  TimestampMicrosecond,
  TimestampMillisecond,
  TimestampNanosecond,
  Uint16,
  Uint32,
  Uint64,
  Uint8,
  Utf8,
} from 'apache-arrow';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { parquet, type ParquetOptions } from '../../src/parquet/parquet-format.ts';
import { arbitraryTables } from './arbitrary-table.ts';
import { duckRewrite } from './duck-parquet.ts';
import { readBytes } from './memory-file.ts';
import { parquetRows } from './parquet-cells.ts';
import { encodeFile } from './parquet-readers.ts';
import { Compression, Encoding, wasmFile, wasmRows, WriterVersion } from './wasm-parquet.ts';

/** Those that come back as they were. */
const WRITTEN: readonly DataType[] = [
  new Bool(),
  new Int8(),
  new Int16(),
  new Int32(),
  new Int64(),
  new Uint8(),
  new Uint16(),
  new Uint32(),
  new Uint64(),
  new Float32(),
  new Float64(),
  new Decimal(2, 9, 128),
  new Decimal(4, 18, 128),
  new Decimal(10, 38, 128),
  new DateDay(),
  new TimeMicrosecond(),
  new TimestampMicrosecond('UTC'),
  new TimestampMicrosecond(),
  new Utf8(),
  new Binary(),
  new FixedSizeBinary(3),
];

const OF_OTHERS: readonly DataType[] = [
  ...WRITTEN,
  new Null(),
  new Float16(),
  new Decimal(10, 60, 256),
  new TimeMillisecond(),
  new TimeNanosecond(),
  new TimestampMillisecond('Europe/Berlin'),
  new TimestampNanosecond('UTC'),
  new TimestampNanosecond(),
  new DurationMicrosecond(),
  new Dictionary(new Utf8(), new Int32()),
  NESTED_TYPES['list']!,
  NESTED_TYPES['struct']!,
  NESTED_TYPES['map']!,
];

const optionsOfWriter: fc.Arbitrary<ParquetOptions> = fc.record({
  compression: fc.constantFrom('snappy', 'zstd', 'gzip', 'none'),
  timestamps: fc.constantFrom('int64-micros', 'int96'),
  rowGroupRows: fc.constantFrom(17, 100, 1000),
});

const bounds = fc.constantFrom({}, { rows: 13 }, { bytes: 300 });

it('finds what was written, as hyparquet and the Rust library of Arrow do', async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTables(WRITTEN, 400), optionsOfWriter, bounds, async (table, options, batch) => {
      const file = encodeFile(parquet(options), table.schema, [[table.batch]]);

      expect((await readBytes(file, { batch })).flatMap(rowsOf)).toEqual(table.rows);
      expect(wasmRows(file)).toEqual(table.rows);
      expect(await parquetRows(file, table.schema)).toEqual(table.rows);
    }),
    { seed: 11, numRuns: 60 },
  );
});

it('finds what DuckDB makes of it, in every codec and version of pages', async () => {
  const codecs = fc.constantFrom('uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw');
  const versions = fc.constantFrom('V1', 'V2');
  await fc.assert(
    fc.asyncProperty(arbitraryTables(WRITTEN, 400), codecs, versions, bounds, async (table, codec, version, batch) => {
      const file = encodeFile(parquet(), table.schema, [[table.batch]]);
      const copy = await duckRewrite(file, `compression ${codec}, parquet_version ${version}`);

      const read = (await readBytes(copy, { batch })).flatMap(rowsOf);
      expect(read.map(withoutSignOfZero)).toEqual(table.rows.map(withoutSignOfZero));
    }),
    { seed: 12, numRuns: 25 },
  );
});

/** In a dictionary of DuckDB both zeros are one. */
function withoutSignOfZero(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === 0 ? 0 : value]));
}

/** What Arrow's Rust library writes a type in, besides plain and dictionary pages. */
function encodingsOf(type: DataType): readonly Encoding[] {
  if (DataType.isBool(type)) return [Encoding.RLE];
  if (DataType.isUtf8(type) || DataType.isBinary(type)) {
    return [Encoding.DELTA_LENGTH_BYTE_ARRAY, Encoding.DELTA_BYTE_ARRAY];
  }
  if (DataType.isFloat(type)) return [Encoding.BYTE_STREAM_SPLIT];
  if (DataType.isFixedSizeBinary(type)) return [Encoding.BYTE_STREAM_SPLIT, Encoding.DELTA_BYTE_ARRAY];
  if (DataType.isDecimal(type) && type.precision > 18) return [Encoding.BYTE_STREAM_SPLIT, Encoding.DELTA_BYTE_ARRAY];
  if ((type.children ?? []).length > 0 || DataType.isNull(type) || DataType.isDictionary(type)) return [];
  return [Encoding.DELTA_BINARY_PACKED, Encoding.BYTE_STREAM_SPLIT];
}

it('finds what the Rust library of Arrow writes, in every encoding, codec and version of pages', async () => {
  const settings = fc.record({
    codec: fc.constantFrom(
      Compression.UNCOMPRESSED,
      Compression.SNAPPY,
      Compression.GZIP,
      Compression.BROTLI,
      Compression.ZSTD,
      Compression.LZ4_RAW,
    ),
    version: fc.constantFrom(WriterVersion.V1, WriterVersion.V2),
    encoding: fc.nat(2),
    hasDictionary: fc.boolean(),
    pageBytes: fc.constantFrom(50, 500, 100_000),
    rowGroupRows: fc.constantFrom(40, 1000),
  });
  await fc.assert(
    fc.asyncProperty(arbitraryTables(OF_OTHERS, 400), settings, bounds, async (table, chosen, batch) => {
      const file = wasmFile(table.batch, (properties) => {
        let configured = properties
          .setCompression(chosen.codec)
          .setWriterVersion(chosen.version)
          .setDictionaryEnabled(chosen.hasDictionary)
          .setDataPageSizeLimit(chosen.pageBytes)
          .setWriteBatchSize(16)
          .setDictionaryPageSizeLimit(chosen.pageBytes)
          .setMaxRowGroupSize(chosen.rowGroupRows);
        for (const { name, type } of table.schema.fields) {
          const encoding = [Encoding.PLAIN, ...encodingsOf(type)][chosen.encoding];
          if (encoding !== undefined) configured = configured.setColumnEncoding(name, encoding);
        }
        return configured;
      });

      const read = (await readBytes(file, { batch, options: { int96: 'nanos' } })).flatMap(rowsOf);
      expect(read).toEqual(table.rows);
    }),
    { seed: 13, numRuns: 100 },
  );
});
