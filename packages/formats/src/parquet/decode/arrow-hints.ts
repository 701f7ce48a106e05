import { DataType, Dictionary, Duration, Int32, Message, type Schema, Timestamp } from 'apache-arrow';

import { isSoundMessage } from '../../arrow-ipc/sound-message.ts';

/**
 * The Arrow schema that a writer put into the footer, as in `arrowSchemaEntry`. It is a hint: what the file itself says
 * counts, and an entry that cannot be read is as good as none.
 */
export function arrowSchemaHint(entry: string | undefined): Schema | undefined {
  return entry === undefined ? undefined : decodeSchema(Buffer.from(entry, 'base64'));
}

function decodeSchema(framed: Buffer): Schema | undefined {
  try {
    // A marker may stand before the length.
    const isMarked = framed.readUInt32LE(0) === 0xffff_ffff;
    const start = isMarked ? 8 : 4;
    const metadata = framed.subarray(start, start + framed.readInt32LE(start - 4));
    if (!isSoundMessage(metadata)) return undefined;
    const message = Message.decode(metadata);
    return message.isSchema() ? message.header() : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The type that the hint gives to data of this type, where the data can be taken for it as they are. `isBare` says that
 * the file does not tell instants from local times.
 */
export function hintedType(type: DataType, hint: DataType, isBare: boolean): DataType {
  if (DataType.isDictionary(hint)) {
    const isText = DataType.isUtf8(type) && DataType.isUtf8(hint.dictionary);
    const isBytes = DataType.isBinary(type) && DataType.isBinary(hint.dictionary);
    return isText || isBytes ? new Dictionary(type, new Int32(), undefined, hint.isOrdered) : type;
  }
  if (DataType.isTimestamp(type) && DataType.isTimestamp(hint)) {
    const agrees = isBare || (type.timezone == null) === (hint.timezone == null);
    return agrees ? new Timestamp(type.unit, hint.timezone) : type;
  }
  if (DataType.isInt(type) && type.bitWidth === 64 && DataType.isDuration(hint)) return new Duration(hint.unit);
  return type;
}
