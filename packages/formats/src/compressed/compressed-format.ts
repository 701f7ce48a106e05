import { type Format, requireContract, type RowPlace, SluiceError } from '@sluice/core';

import { restOf } from '../text/chunk-replay.ts';
import { compressedEncoding, PIECE_BYTES } from './compressed-encoding.ts';
import { inflated } from './inflated-bytes.ts';

export type CompressionCodec = 'gzip' | 'deflate';

export interface CompressionOptions {
  /**
   * `gzip` (RFC 1952), or `deflate`: written as bare DEFLATE data (RFC 1951), read with the header of zlib (RFC 1950),
   * too. Default `gzip`.
   */
  readonly codec?: CompressionCodec;
  /** From 1, fastest, to 9, smallest. Default 6. */
  readonly level?: number;
}

const EXTENSIONS = { gzip: '.gz', deflate: '.deflate' } as const;

/**
 * Files of a format, compressed as a whole: text, JSON, Arrow streams.
 *
 * Written as one stream, cut into pieces of a mebibyte that are compressed by themselves, so that a file can go on after
 * an interruption. Read front to back; of gzip, members that follow each other are one file. A run that is resumed
 * reads such a file from its start. The encoder holds one piece more than that of the format.
 *
 * @throws `CONFIG_INVALID` for a format that compresses by itself, and for options out of range; from `decode`
 * `FILE_CORRUPT` where the compressed data is cut short, damaged, or followed by something else.
 *
 * @example
 * compressed(csv({ delimiter: ';' }), { codec: 'gzip', level: 9 });
 */
export function compressed(format: Format, options: CompressionOptions = {}): Format {
  const { codec = 'gzip', level = 6 } = options;
  requireContract('format', format);
  if (!Object.hasOwn(EXTENSIONS, codec)) {
    throw invalid(`there is no codec ${JSON.stringify(codec)}`, 'Use gzip or deflate.');
  }
  if (!Number.isInteger(level) || level < 1 || level > 9) {
    throw invalid('level must be a whole number from 1 to 9', 'Correct level.');
  }
  if (format.open !== undefined) {
    throw invalid(
      `files of the format ${format.name} cannot be compressed as a whole`,
      'Use the options of the format.',
    );
  }
  const { schema, decode } = format;
  return {
    contractVersion: 1,
    name: `${codec} ${format.name}`,
    extension: `${format.extension}${EXTENSIONS[codec]}`,
    config: { format: { name: format.name, config: format.config }, codec, level },
    bufferBytes: format.bufferBytes + 2 * PIECE_BYTES,
    encode: (rows) => compressedEncoding(format.encode(rows), codec, level),
    ...(schema === undefined
      ? {}
      : { schema: async (input, signal) => await schema.call(format, inflated(input, codec), signal) }),
    ...(decode === undefined
      ? {}
      : {
          async *decode(input, { from, ...decoding }) {
            const place = from === undefined ? {} : { from: rowOf(from) };
            await using bytes = restOf(inflated(input, codec));
            for await (const delivery of decode.call(format, bytes.behind([]), { ...decoding, ...place })) {
              const { position } = delivery;
              // Offsets are those of the bytes that nobody can begin at.
              yield position === undefined ? delivery : { ...delivery, position: rowOf(position) };
            }
            // The checksum is at the very end, which not every format reads to.
            while ((await bytes.iterator.next()).done !== true);
          },
        }),
  };
}

function rowOf({ row }: RowPlace): RowPlace {
  return { row };
}

function invalid(problem: string, hint: string): SluiceError {
  return new SluiceError('CONFIG_INVALID', `compressed: ${problem}`, { hint });
}
