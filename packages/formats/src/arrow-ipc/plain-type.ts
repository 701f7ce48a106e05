import { SluiceError } from '@sluice/core';
import {
  Binary,
  DataType,
  Field,
  FixedSizeList,
  LargeList,
  List,
  Map_,
  Schema,
  Struct,
  Type,
  Utf8,
} from 'apache-arrow';

const WRITTEN: ReadonlySet<Type> = new Set([
  Type.Null,
  Type.Bool,
  Type.Int,
  Type.Float,
  Type.Decimal,
  Type.Date,
  Type.Time,
  Type.Timestamp,
  Type.Duration,
  Type.Interval,
  Type.Utf8,
  Type.LargeUtf8,
  Type.Binary,
  Type.LargeBinary,
  Type.FixedSizeBinary,
  Type.List,
  Type.LargeList,
  Type.FixedSizeList,
  Type.Struct,
  Type.Map,
]);

/**
 * The schema as it is written: a dictionary and a view are encodings, and which values share one depends on how rows were
 * batched, so that both are written as the values they stand for.
 *
 * @throws `TYPE_UNSUPPORTED` naming the column.
 */
export function plainSchema(schema: Schema): Schema {
  return new Schema(
    schema.fields.map((field) => plainField(field, field.name)),
    schema.metadata,
  );
}

function plainField(field: Field, path: string): Field {
  return new Field(field.name, plainType(field.type, path), field.nullable, field.metadata);
}

function plainType(type: DataType, path: string): DataType {
  if (DataType.isDictionary(type)) return plainType(type.dictionary, path);
  if (DataType.isUtf8View(type)) return new Utf8();
  if (DataType.isBinaryView(type)) return new Binary();
  if (!WRITTEN.has(type.typeId)) {
    throw new SluiceError(
      'TYPE_UNSUPPORTED',
      `column ${path} has the Arrow type ${Type[type.typeId]}, which is not written`,
      {
        hint: 'Leave the column out, or cast it in the mapping.',
      },
    );
  }
  // Nested types have members, and only those.
  const members: readonly Field[] = type.children ?? [];
  if (members.length === 0) return type;
  const plain = members.map((member) => plainField(member, `${path}.${member.name}`));
  if (DataType.isStruct(type)) return new Struct(plain);
  const [item] = plain;
  if (item === undefined) return type;
  if (DataType.isList(type)) return new List(item);
  if (DataType.isLargeList(type)) return new LargeList(item);
  if (DataType.isFixedSizeList(type)) return new FixedSizeList(type.listSize, item);
  // The member of a map stays a struct of key and value.
  return DataType.isMap(type) ? new Map_(item as Field<Struct>, type.keysSorted) : type;
}
