import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';

import type { CompressionCodec } from 'hyparquet';

import { damaged } from './damage.ts';
import { hadoopLz4UncompressInto, lz4UncompressInto } from './lz4-reader.ts';
import { snappyUncompress } from './snappy-reader.ts';

type Uncompress = (input: Uint8Array, bytes: number) => Uint8Array;

/** Those that are read; LZO is the one that is not. */
const UNCOMPRESS: Readonly<Partial<Record<CompressionCodec, Uncompress>>> = {
  UNCOMPRESSED: (input) => input,
  SNAPPY: snappyUncompress,
  LZ4_RAW: into(lz4UncompressInto),
  LZ4: into(uncompressLz4),
  GZIP: (input, bytes) => gunzipSync(input, oneChunk(bytes)),
  BROTLI: (input, bytes) => brotliDecompressSync(input, oneChunk(bytes)),
  ZSTD: (input, bytes) => zstdDecompressSync(input, oneChunk(bytes)),
};

export function isReadable(codec: CompressionCodec | undefined): codec is CompressionCodec {
  return codec !== undefined && UNCOMPRESS[codec] !== undefined;
}

/** Exactly so many bytes, never more in between; may be the input itself. @throws `FILE_CORRUPT`. */
export function uncompress(codec: CompressionCodec, input: Uint8Array, bytes: number): Uint8Array {
  // Some writers leave pages without a value as no bytes at all.
  if (bytes === 0) return new Uint8Array(0);
  let output: Uint8Array | undefined;
  try {
    output = UNCOMPRESS[codec]?.(input, bytes);
  } catch (cause) {
    throw damaged(`its ${codec} bytes cannot be uncompressed`, cause);
  }
  if (output?.length !== bytes) throw damaged(`its ${codec} bytes are not as many as its header says`);
  return output;
}

/** All of a page in one buffer, which otherwise is put together from many small ones, and no more of it than asked for. */
function oneChunk(bytes: number): { readonly chunkSize: number; readonly maxOutputLength: number } {
  return { chunkSize: Math.max(64, bytes + 1), maxOutputLength: bytes + 1 };
}

function into(write: (input: Uint8Array, out: Uint8Array) => void): Uncompress {
  return (input, bytes) => {
    const out = new Uint8Array(bytes);
    write(input, out);
    return out;
  };
}

/** Some writers gave plain blocks the name of Hadoop's. */
function uncompressLz4(input: Uint8Array, out: Uint8Array): void {
  try {
    hadoopLz4UncompressInto(input, out);
  } catch {
    lz4UncompressInto(input, out);
  }
}
