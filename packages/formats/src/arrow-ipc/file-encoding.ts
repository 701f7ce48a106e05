import { type FileEncoding, type Json, type Segment, type SegmentEncoder, SluiceError } from '@sluice/core';
import type { Schema } from 'apache-arrow';
import { FileBlock, Footer } from 'apache-arrow/ipc/metadata/file';

import type { RowSize } from './batch-cut.ts';
import { FILE_MAGIC, FILE_START_BYTES } from './file-blocks.ts';
import { END_OF_STREAM, schemaMessage } from './ipc-message.ts';
import { messageEncoder } from './message-encoder.ts';
import { plainSchema } from './plain-type.ts';

/** Ahead of the metadata of a message: a mark, and its length. */
const FRAME_BYTES = 8;

/** A stream with a footer behind it, which says where its batches are. */
export function fileEncoding(schema: Schema, bounds: RowSize): FileEncoding {
  const plain = plainSchema(schema);
  return {
    prologue() {
      const start = new Uint8Array(FILE_START_BYTES);
      start.set(FILE_MAGIC);
      return Buffer.concat([start, schemaMessage(plain)]);
    },
    segment: () => segmentEncoder(messageEncoder(schema, bounds)),
    epilogue(segments) {
      const footer = Footer.encode(new Footer(plain, undefined, segments.flatMap(blocksOf), []));
      const length = Buffer.alloc(4);
      length.writeInt32LE(footer.length);
      return Buffer.concat([END_OF_STREAM, footer, length, FILE_MAGIC]);
    },
  };
}

function segmentEncoder(encoder: SegmentEncoder): SegmentEncoder {
  /** Of each message, the bytes of its metadata and of its body. */
  const blocks: number[] = [];
  const note = (messages: readonly Uint8Array[]): readonly Uint8Array[] => {
    for (const message of messages) {
      const metadataBytes = FRAME_BYTES + new DataView(message.buffer, message.byteOffset).getInt32(4, true);
      blocks.push(metadataBytes, message.length - metadataBytes);
    }
    return messages;
  };
  return {
    write: (batch) => note(encoder.write(batch)),
    end() {
      const { bytes } = encoder.end();
      return { bytes: note(bytes), summary: { version: 1, blocks } };
    },
  };
}

function blocksOf({ byteOffset, summary }: Segment): readonly FileBlock[] {
  const lengths = lengthsOf(summary);
  const blocks: FileBlock[] = [];
  let offset = byteOffset;
  for (let i = 0; i < lengths.length; i += 2) {
    blocks.push(new FileBlock(lengths[i]!, lengths[i + 1]!, offset));
    offset += lengths[i]! + lengths[i + 1]!;
  }
  return blocks;
}

function lengthsOf(summary: Json): readonly number[] {
  if (typeof summary === 'object' && summary !== null && !Array.isArray(summary)) {
    const { version, blocks } = summary as Readonly<Record<string, Json | undefined>>;
    const isKnown = version === 1 && Array.isArray(blocks) && blocks.every((length) => typeof length === 'number');
    if (isKnown) return blocks;
  }
  throw new SluiceError('POSITION_UNSUPPORTED', 'this version cannot read the summary of an Arrow segment', {
    hint: 'Resume with the version that began the run.',
  });
}
