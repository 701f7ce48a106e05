import { DataType, type Field, type Schema } from 'apache-arrow';

/**
 * Undefined when the schemas are the same, else a sentence about the first difference, such as
 * `column "Amount" is Int32 instead of Int64`.
 *
 * The same are column names, types, nullability and metadata, in order. Dictionary ids do not count: a dictionary is an
 * encoding, and each batch may bring its own.
 */
export function sameSchema(expected: Schema, actual: Schema): string | undefined {
  if (expected === actual) return undefined;
  const [count, wanted] = [actual.fields.length, expected.fields.length];
  if (count !== wanted) return `there are ${count} columns instead of ${wanted}`;
  for (const [i, field] of expected.fields.entries()) {
    const difference = fieldDifference(field, actual.fields[i]!, '', `column ${i + 1}`);
    if (difference !== undefined) return difference;
  }
  return metadataDifference(expected.metadata, actual.metadata, 'the schema');
}

/** Dictionary ids do not count here either. */
export function sameType(expected: DataType, actual: DataType): boolean {
  return typeDifference(expected, actual, '', '') === undefined;
}

function fieldDifference(expected: Field, actual: Field, parent: string, place: string): string | undefined {
  if (expected === actual) return undefined;
  if (expected.name !== actual.name) return `${place} is named "${actual.name}" instead of "${expected.name}"`;
  const path = parent + expected.name;
  const where = `column "${path}"`;
  const difference = typeDifference(expected.type, actual.type, path, where);
  if (difference !== undefined) return difference;
  if (expected.nullable !== actual.nullable) {
    return `${where} is ${actual.nullable ? 'nullable instead of not nullable' : 'not nullable instead of nullable'}`;
  }
  return metadataDifference(expected.metadata, actual.metadata, where);
}

function typeDifference(expected: DataType, actual: DataType, path: string, where: string): string | undefined {
  if (expected === actual) return undefined;
  const [found, wanted] = [typeText(actual), typeText(expected)];
  if (found !== wanted) return `${where} is ${found} instead of ${wanted}`;
  if (DataType.isDictionary(expected) && DataType.isDictionary(actual)) {
    return typeDifference(expected.dictionary, actual.dictionary, path, `the dictionary of ${where}`);
  }
  const [members, wantedMembers] = [actual.children ?? [], expected.children ?? []];
  if (members.length !== wantedMembers.length) {
    return `${where} has ${members.length} members instead of ${wantedMembers.length}`;
  }
  for (const [i, field] of wantedMembers.entries()) {
    const difference = fieldDifference(field, members[i]!, `${path}.`, `member ${i + 1} of ${where}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Everything that makes out a type, save its members. Arrow's own text leaves out the width of decimals and more. */
export function typeText(type: DataType): string {
  if (DataType.isDecimal(type)) return `Decimal${type.bitWidth}(${type.precision}, ${type.scale})`;
  if (DataType.isDictionary(type))
    return `${type.isOrdered ? 'an ordered' : 'a'} dictionary by ${nameOf(type.indices)}`;
  if (DataType.isFixedSizeList(type)) return `FixedSizeList[${type.listSize}]`;
  if (DataType.isMap(type)) return `Map${type.keysSorted ? ' with sorted keys' : ''}`;
  if (DataType.isUnion(type)) {
    return `${DataType.isDenseUnion(type) ? 'DenseUnion' : 'SparseUnion'}(${[...type.typeIds].join(', ')})`;
  }
  if (DataType.isList(type)) return 'List';
  if (DataType.isLargeList(type)) return 'LargeList';
  if (DataType.isStruct(type)) return 'Struct';
  return nameOf(type);
}

/** Every type has a text, which the base class does not declare. */
function nameOf(type: { toString(): string }): string {
  return type.toString();
}

function metadataDifference(
  expected: ReadonlyMap<string, string>,
  actual: ReadonlyMap<string, string>,
  where: string,
): string | undefined {
  if (expected === actual) return undefined;
  for (const [key, value] of expected) {
    if (actual.get(key) !== value) return `${where} has other metadata under "${key}"`;
  }
  for (const key of actual.keys()) {
    if (!expected.has(key)) return `${where} has metadata under "${key}" that was not there`;
  }
  return undefined;
}
