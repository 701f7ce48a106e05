import { constants, gzipSync, zstdCompressSync } from 'node:zlib';

import type { CompressionCodec } from 'hyparquet';

import { snappyBound, snappyCompressInto } from './snappy.ts';

export type ParquetCompression = 'snappy' | 'zstd' | 'gzip' | 'none';

export const CODECS: Readonly<Record<ParquetCompression, CompressionCodec>> = {
  snappy: 'SNAPPY',
  zstd: 'ZSTD',
  gzip: 'GZIP',
  none: 'UNCOMPRESSED',
};

/** The level of Arrow's C++ library. Columns come out no larger than by the levels above, in half the time or less. */
const ZSTD_OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

let scratch = new Uint8Array(0);

/** The result may be a view that is only valid until the next call, or the input itself. */
export function compressPage(page: Uint8Array, compression: ParquetCompression): Uint8Array {
  if (compression === 'none') return page;
  if (compression === 'zstd') return zstdCompressSync(page, { ...ZSTD_OPTIONS, ...inOneChunk(page) });
  if (compression === 'gzip') return gzipPage(page);
  const bound = snappyBound(page.length);
  if (scratch.length < bound) scratch = new Uint8Array(bound);
  return scratch.subarray(0, snappyCompressInto(page, scratch));
}

/** The header names no system, so that the same rows give the same bytes on each. */
function gzipPage(page: Uint8Array): Uint8Array {
  const compressed = gzipSync(page, inOneChunk(page));
  compressed[9] = 0xff;
  return compressed;
}

/** Else it is put together from many small ones. */
function inOneChunk(page: Uint8Array): { readonly chunkSize: number } {
  return { chunkSize: Math.max(64, page.length) };
}
