import { constants, crc32, deflateRawSync } from 'node:zlib';

import { type FileEncoding, type Json, type Segment, type SegmentEncoder, SluiceError } from '@sluice/core';

import { GrowingBytes } from '../bits/growing-bytes.ts';
import type { CompressionCodec } from './compressed-format.ts';

/** What is compressed at a time. */
export const PIECE_BYTES = 1_048_576;

/** Of gzip: no name, no time, an unknown system, so that the same rows give the same bytes. */
const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
/** The last block, without anything in it. */
const LAST_BLOCK = Uint8Array.of(3, 0);

const NOTHING = new Uint8Array(0);

/** What has gone into a file before compression. */
interface Contents {
  readonly crc: number;
  readonly bytes: number;
}

/** What a segment tells those behind it. */
interface SegmentSummary {
  readonly contents: Contents;
  readonly byteOffset: number;
  readonly inner: Json;
}

/**
 * The bytes of another encoding as one compressed stream. Its pieces end at a byte of their own and refer to none before,
 * so that segments are independent; the checksum goes on from the segment before.
 */
export function compressedEncoding(inner: FileEncoding, codec: CompressionCodec, level: number): FileEncoding {
  const start = contentsWith({ crc: 0, bytes: 0 }, inner.prologue());
  return {
    prologue: () => Buffer.concat([codec === 'gzip' ? HEADER : NOTHING, compress(inner.prologue(), level)]),
    segment(before) {
      const earlier = before === undefined ? undefined : readSummary(before);
      const encoder = inner.segment(earlier?.inner);
      return new PieceEncoder(encoder, earlier?.contents ?? start, level);
    },
    epilogue(segments) {
      const summaries = segments.map(({ summary }) => readSummary(summary));
      const last = summaries.at(-1)?.contents ?? start;
      const inners = summaries.map((summary): Segment => ({ byteOffset: summary.byteOffset, summary: summary.inner }));
      const rest = inner.epilogue(inners);
      const trailer = codec === 'gzip' ? trailerOf(contentsWith(last, rest)) : NOTHING;
      return Buffer.concat([compress(rest, level), LAST_BLOCK, trailer]);
    },
  };
}

class PieceEncoder implements SegmentEncoder {
  readonly #encoder: SegmentEncoder;
  readonly #byteOffset: number;
  readonly #level: number;
  readonly #piece = new GrowingBytes(PIECE_BYTES);
  #contents: Contents;

  constructor(encoder: SegmentEncoder, before: Contents, level: number) {
    this.#encoder = encoder;
    this.#byteOffset = before.bytes;
    this.#contents = before;
    this.#level = level;
  }

  write(...args: Parameters<SegmentEncoder['write']>): readonly Uint8Array[] {
    return this.#encoder.write(...args).flatMap((bytes) => this.#take(bytes));
  }

  end(): ReturnType<SegmentEncoder['end']> {
    const { bytes, summary } = this.#encoder.end();
    const pieces = bytes.flatMap((some) => this.#take(some));
    if (this.#piece.length > 0) pieces.push(this.#endPiece());
    const { crc, bytes: length } = this.#contents;
    return {
      bytes: pieces,
      summary: { version: 1, crc, bytes: length, byteOffset: this.#byteOffset, inner: summary },
    };
  }

  /** Pieces are cut by bytes alone, so that they do not depend on batches. */
  #take(bytes: Uint8Array): Uint8Array[] {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const to = Math.min(bytes.length, at + PIECE_BYTES - this.#piece.length);
      this.#piece.appendBytes(bytes, at, to);
      at = to;
      if (this.#piece.length === PIECE_BYTES) pieces.push(this.#endPiece());
    }
    return pieces;
  }

  #endPiece(): Uint8Array {
    const piece = this.#piece.view();
    this.#contents = contentsWith(this.#contents, piece);
    const bytes = compress(piece, this.#level);
    this.#piece.clear();
    return bytes;
  }
}

/** Blocks that are not the last. */
function compress(bytes: Uint8Array, level: number): Uint8Array {
  if (bytes.length === 0) return new Uint8Array(0);
  return deflateRawSync(bytes, { level, finishFlush: constants.Z_SYNC_FLUSH });
}

function contentsWith({ crc, bytes }: Contents, more: Uint8Array): Contents {
  return { crc: crc32(more, crc), bytes: bytes + more.length };
}

function trailerOf({ crc, bytes }: Contents): Uint8Array {
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  // By the standard, only what fits.
  trailer.writeUInt32LE(bytes % 0x1_0000_0000, 4);
  return trailer;
}

function readSummary(summary: Json): SegmentSummary {
  if (typeof summary === 'object' && summary !== null && !Array.isArray(summary)) {
    const { version, crc, bytes, byteOffset, inner } = summary as Readonly<Record<string, Json | undefined>>;
    if (version === 1 && typeof crc === 'number' && typeof bytes === 'number' && typeof byteOffset === 'number') {
      return { contents: { crc, bytes }, byteOffset, inner: inner ?? null };
    }
  }
  throw new SluiceError('POSITION_UNSUPPORTED', 'this version cannot read the summary of a compressed segment', {
    hint: 'Resume with the version that began the run.',
  });
}
