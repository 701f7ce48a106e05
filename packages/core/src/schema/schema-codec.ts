import { type Field, Message, MessageHeader, Schema } from 'apache-arrow';

import { SluiceError } from '../error/sluice-error.ts';

/** Ahead of every Arrow IPC message but those of the first versions: ones, then the message's length. */
const CONTINUATION = 0xffff_ffff;
const FRAME_BYTES = 8;

/** The schema as an Arrow IPC schema message, base64. */
export function encodeSchema(schema: Schema): string {
  const message = Message.encode(Message.from(schema));
  const padding = -(message.length + FRAME_BYTES) & 7;
  const framed = Buffer.alloc(FRAME_BYTES + message.length + padding);
  framed.writeUInt32LE(CONTINUATION, 0);
  framed.writeInt32LE(message.length + padding, 4);
  framed.set(message, FRAME_BYTES);
  return framed.toString('base64');
}

/** @throws `JOURNAL_UNREADABLE` when the text is no encoded schema. */
export function decodeSchema(text: string): Schema {
  const framed = Buffer.from(text, 'base64');
  const isFramed = framed.length > FRAME_BYTES && framed.readUInt32LE(0) === CONTINUATION;
  if (!isFramed || framed.readInt32LE(4) !== framed.length - FRAME_BYTES) throw notASchema();
  let header: unknown;
  try {
    const message = Message.decode(framed.subarray(FRAME_BYTES));
    header = message.headerType === MessageHeader.Schema ? message.header() : undefined;
  } catch (cause) {
    throw notASchema(cause);
  }
  if (!(header instanceof Schema)) throw notASchema();
  nameAll(header.fields);
  return header;
}

/** Arrow leaves an empty name out and then reads it back as null. */
function nameAll(fields: readonly Field[]): void {
  for (const field of fields) {
    // The declared type knows nothing of the null, and nobody else holds these fields yet.
    const decoded = field as { name: string | null };
    decoded.name ??= '';
    nameAll(field.type.children ?? []);
  }
}

function notASchema(cause?: unknown): SluiceError {
  return new SluiceError('JOURNAL_UNREADABLE', 'a journalled schema cannot be read', {
    cause,
    hint: 'Restore the journal from a copy, or start a new run.',
  });
}
