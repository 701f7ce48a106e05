import { type Format, SluiceError } from '@sluice/core';

import { openParquet } from './decode/parquet-file.ts';
import { parquetEncoding } from './encode/file-encoding.ts';
import type { ParquetCompression } from './encode/page-compression.ts';

export type { ParquetCompression };

export interface ParquetOptions {
  /** Default `snappy`, which every reader knows. */
  readonly compression?: ParquetCompression;
  /** A row group ends after so many rows at the latest. Default 1,048,576. */
  readonly rowGroupRows?: number;
  /** A row group ends with the row that fills so many bytes, before compression. Default 32 MiB. */
  readonly rowGroupBytes?: number;
  /**
   * How instants are stored. Default `int64-micros`; `int96`, which the format has given up, is for readers that know
   * nothing else, and holds nanoseconds of any year.
   */
  readonly timestamps?: 'int64-micros' | 'int96';
  /**
   * What instants of INT96 are read as. Default `micros`, which has every year from 1 to 9999; `nanos` has years from 1678
   * to 2261. A value that does not fit is an error either way.
   */
  readonly int96?: 'micros' | 'nanos';
  /** A page that is larger, uncompressed, is refused rather than held in memory. Default 256 MiB. */
  readonly maxPageBytes?: number;
}

const COMPRESSIONS: ReadonlySet<string> = new Set<ParquetCompression>(['snappy', 'zstd', 'gzip', 'none']);
const DEFAULT_ROW_GROUP_ROWS = 1_048_576;
const DEFAULT_ROW_GROUP_BYTES = 32 * 1_048_576;
const DEFAULT_MAX_PAGE_BYTES = 256 * 1_048_576;

/**
 * Parquet files (https://parquet.apache.org/docs/file-format/, read 2025-11).
 *
 * *Writing.* Decimals are exact to 38 digits. Instants are stored in microseconds, finer ones only where nothing is lost,
 * unless `timestamps` says otherwise, and times of day in microseconds. Text, NUL included, is stored byte for byte. A
 * dictionary-encoded column gives the same bytes as a plain one. Field metadata travels in the `ARROW:schema` entry of
 * the footer. An encoder holds one row group, compressed, and at most a page of each column: no more than twice
 * `rowGroupBytes`, or one row if that is larger.
 *
 * *Reading.* Every type but variants, in every encoding and codec but LZO, nested ones too; decimals are exact to 76 digits.
 * The `ARROW:schema` entry tells metadata, time zones and dictionaries where it agrees with the file. A split is a row
 * group. What is read at once is no more than 16 MiB of its compressed bytes, a page of each column and a batch.
 *
 * @throws `CONFIG_INVALID` for an option out of range, from `encode` for column names that occur twice, and from `open`
 * for those and for files that are encrypted or compressed by LZO; `TYPE_UNSUPPORTED` from `encode` for nested and other
 * types without a counterpart, and from `open`; `VALUE_INVALID` while encoding, for an instant that would lose digits or
 * a decimal with more digits than its type declares, and while reading, for an instant of INT96 that does not fit;
 * `FILE_CORRUPT` and the rest as the contract says.
 */
export function parquet(options: ParquetOptions = {}): Format {
  const compression = options.compression ?? 'snappy';
  const rowGroupRows = options.rowGroupRows ?? DEFAULT_ROW_GROUP_ROWS;
  const rowGroupBytes = options.rowGroupBytes ?? DEFAULT_ROW_GROUP_BYTES;
  const timestamps = options.timestamps ?? 'int64-micros';
  const int96 = options.int96 ?? 'micros';
  const maxPageBytes = options.maxPageBytes ?? DEFAULT_MAX_PAGE_BYTES;
  if (!COMPRESSIONS.has(compression)) throw invalid('compression', 'snappy, zstd, gzip or none');
  if (timestamps !== 'int64-micros' && timestamps !== 'int96') throw invalid('timestamps', 'int64-micros or int96');
  if (int96 !== 'micros' && int96 !== 'nanos') throw invalid('int96', 'micros or nanos');
  requireCount('rowGroupRows', rowGroupRows);
  requireCount('rowGroupBytes', rowGroupBytes);
  requireCount('maxPageBytes', maxPageBytes);
  const bounds = { compression, rowGroupRows, rowGroupBytes };
  return {
    contractVersion: 1,
    name: 'parquet',
    extension: '.parquet',
    config: { ...bounds, timestamps, int96, maxPageBytes },
    bufferBytes: 2 * rowGroupBytes,
    encode: (schema) => parquetEncoding(schema, { ...bounds, timestamps }),
    open: (file, open) => openParquet(file, open, { int96, maxPageBytes }),
  };
}

function requireCount(option: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > 0x7fff_ffff) {
    throw invalid(option, 'a whole number from 1 to 2,147,483,647');
  }
}

function invalid(option: string, expected: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `parquet: ${option} must be ${expected}`, { hint: `Correct ${option}.` });
}
