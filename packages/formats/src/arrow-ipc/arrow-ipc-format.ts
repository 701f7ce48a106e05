import { type Format, SluiceError } from '@sluice/core';

import type { RowSize } from './batch-cut.ts';
import { fileEncoding } from './file-encoding.ts';
import { openArrowFile } from './file-opener.ts';
import { END_OF_STREAM, schemaMessage } from './ipc-message.ts';
import { messageEncoder } from './message-encoder.ts';
import { plainSchema } from './plain-type.ts';
import { decodeStream, schemaOfStream } from './stream-decoder.ts';

export interface ArrowIpcOptions {
  /** A record batch message ends after so many rows at the latest. Default 65,536. */
  readonly messageRows?: number;
  /** A message ends ahead of the row that would make it larger, by core's `batchBytes`. Default 4 MiB. */
  readonly messageBytes?: number;
}

const DEFAULT_MESSAGE_ROWS = 65_536;
const DEFAULT_MESSAGE_BYTES = 4 * 1_048_576;
/** Offsets of text have 31 bits, and a row larger than the bound is a message of its own. */
const MAX_MESSAGE_BYTES = 0x3fff_ffff;

/**
 * Arrow IPC streams (https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format, read 2025-11), not
 * compressed.
 *
 * Rows are cut into messages anew, nulls are written as zeros, and dictionary-encoded and view columns as the values they
 * stand for, so that the same rows give the same bytes however they were batched. Everything else of a type and its
 * metadata comes back as it was; unions are refused.
 *
 * Decoding takes the streams of other writers too; dictionaries stay dictionaries. Columns asked for are found by name. A stream without its end marker counts
 * as cut short, because nothing else tells it from one that lost messages.
 *
 * An encoder holds one message, in buffers with room to grow and once more while it is handed out, or one row if that is
 * larger; decoding holds one message of the file, and the dictionaries.
 *
 * @throws `CONFIG_INVALID` for an option out of range, and from `decode` for compressed input and the file format; `TYPE_UNSUPPORTED` from
 * `encode`; `CONTRACT_BROKEN` while encoding, for a batch of another schema; from `decode` also `FILE_CORRUPT`, and
 * `SCHEMA_CHANGED` naming the column, where the input does not have those asked for.
 */
export function arrowIpc(options: ArrowIpcOptions = {}): Format {
  const bounds = messageBounds(options);
  return {
    contractVersion: 1,
    name: 'arrow',
    extension: '.arrows',
    config: { messageRows: bounds.rows, messageBytes: bounds.bytes },
    bufferBytes: 3 * bounds.bytes,
    encode(schema) {
      const plain = plainSchema(schema);
      return {
        prologue: () => schemaMessage(plain),
        segment: () => messageEncoder(schema, bounds),
        epilogue: () => END_OF_STREAM.slice(),
      };
    },
    schema: schemaOfStream,
    decode: decodeStream,
  };
}

/**
 * Arrow IPC files (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format, read 2026-11), also known as Feather,
 * not compressed: a stream with a footer behind it, so that they are read in parts side by side.
 *
 * Written as streams are. Reading takes files of other writers, dictionaries among them, and fetches whole batches,
 * whatever columns are asked for. A split is a batch, or several until they have 16 MiB. Reading holds a batch of the file,
 * and all its dictionaries.
 *
 * @throws `CONFIG_INVALID` for an option out of range, and for compressed files; from `encode` `TYPE_UNSUPPORTED`; from
 * `open` and while reading `FILE_CORRUPT`, `FIELD_UNKNOWN`, `SOURCE_CHANGED`.
 */
export function arrowFile(options: ArrowIpcOptions = {}): Format {
  const bounds = messageBounds(options);
  return {
    contractVersion: 1,
    name: 'arrow-file',
    extension: '.arrow',
    config: { messageRows: bounds.rows, messageBytes: bounds.bytes },
    bufferBytes: 3 * bounds.bytes,
    encode: (schema) => fileEncoding(schema, bounds),
    open: openArrowFile,
  };
}

function messageBounds(options: ArrowIpcOptions): RowSize {
  const bounds = {
    rows: options.messageRows ?? DEFAULT_MESSAGE_ROWS,
    bytes: options.messageBytes ?? DEFAULT_MESSAGE_BYTES,
  };
  requireCount('messageRows', bounds.rows, 0x7fff_ffff);
  requireCount('messageBytes', bounds.bytes, MAX_MESSAGE_BYTES);
  return bounds;
}

function requireCount(option: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return;
  throw new SluiceError('CONFIG_INVALID', `arrow: ${option} must be a whole number from 1 to ${max}`, {
    hint: `Correct ${option}.`,
  });
}
