import {
  DataType,
  DateDay,
  Field,
  Message,
  Schema,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimeUnit,
} from 'apache-arrow';
import type { KeyValue } from 'hyparquet';

import type { TimestampEncoding } from './column-plan.ts';

/**
 * The Arrow schema in the form Arrow's own Parquet readers look for, which keeps the metadata of fields.
 *
 * It describes the file, not the batches: units are those of the file, and a dictionary is no type.
 */
export function arrowSchemaEntry(schema: Schema, timestamps: TimestampEncoding): KeyValue {
  const fields = schema.fields.map(
    (field) => new Field(field.name, storedType(field.type, timestamps), field.nullable, field.metadata),
  );
  const message = Message.encode(Message.from(new Schema(fields, schema.metadata)));
  const padding = -(message.length + 8) & 7;
  const framed = Buffer.alloc(8 + message.length + padding);
  framed.writeUInt32LE(0xffff_ffff, 0);
  framed.writeInt32LE(message.length + padding, 4);
  framed.set(message, 8);
  return { key: 'ARROW:schema', value: framed.toString('base64') };
}

function storedType(type: DataType, timestamps: TimestampEncoding): DataType {
  if (DataType.isDictionary(type)) return type.dictionary;
  if (DataType.isTimestamp(type) && timestamps === 'int96' && type.unit === TimeUnit.NANOSECOND) return type;
  if (DataType.isTimestamp(type)) return new TimestampMicrosecond(type.timezone);
  if (DataType.isTime(type)) return new TimeMicrosecond();
  if (DataType.isDate(type)) return new DateDay();
  return type;
}
