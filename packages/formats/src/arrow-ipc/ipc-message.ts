import { Message, type Schema } from 'apache-arrow';
import { BufferRegion, FieldNode, RecordBatch } from 'apache-arrow/ipc/metadata/message';

/** Ahead of every message: ones, then the length of its metadata. */
const CONTINUATION = 0xffff_ffff;
const FRAME_BYTES = 8;
const ALIGNMENT = 8;

/** The end of a stream: a message without metadata. */
export const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

export function schemaMessage(schema: Schema): Uint8Array {
  const metadata = Message.encode(Message.from(schema));
  const framed = new Uint8Array(framedLength(metadata));
  writeMetadata(metadata, framed);
  return framed;
}

/** Collects what the columns of a record batch consist of, depth first, as Arrow wants it. */
export class MessageBody {
  readonly #nodes: FieldNode[] = [];
  readonly #regions: BufferRegion[] = [];
  readonly #buffers: Uint8Array[] = [];
  #length = 0;

  addNode(rows: number, nulls: number): void {
    this.#nodes.push(new FieldNode(rows, nulls));
  }

  /** Has to stay as it is until the message is made. */
  addBuffer(bytes: Uint8Array): void {
    this.#buffers.push(bytes);
    this.#regions.push(new BufferRegion(this.#length, bytes.length));
    this.#length += aligned(bytes.length);
  }

  toMessage(rows: number): Uint8Array {
    const header = new RecordBatch(rows, this.#nodes, this.#regions, null);
    const metadata = Message.encode(Message.from(header, this.#length));
    const bodyStart = framedLength(metadata);
    const message = new Uint8Array(bodyStart + this.#length);
    writeMetadata(metadata, message);
    this.#buffers.forEach((bytes, i) => message.set(bytes, bodyStart + this.#regions[i]!.offset));
    return message;
  }
}

function writeMetadata(metadata: Uint8Array, out: Uint8Array): void {
  const frame = new DataView(out.buffer);
  frame.setUint32(0, CONTINUATION, true);
  frame.setInt32(4, framedLength(metadata) - FRAME_BYTES, true);
  out.set(metadata, FRAME_BYTES);
}

function framedLength(metadata: Uint8Array): number {
  return aligned(FRAME_BYTES + metadata.length);
}

function aligned(length: number): number {
  return (length + ALIGNMENT - 1) & -ALIGNMENT;
}
