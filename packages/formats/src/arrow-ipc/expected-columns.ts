import { sameSchema, SluiceError } from '@sluice/core';
import { Field, Schema } from 'apache-arrow';

/**
 * For each field expected, which column of the file it is: found by name, of the same type, and nullable only where it
 * may be.
 *
 * @throws `SCHEMA_CHANGED` naming the column.
 */
export function expectedColumns(file: Schema, expected: Schema, skipsOthers: boolean): readonly number[] {
  const names = new Set(expected.fields.map(({ name }) => name));
  const other = skipsOthers ? undefined : file.fields.find(({ name }) => !names.has(name));
  if (other !== undefined) throw changed(`column ${JSON.stringify(other.name)} is there, and was not expected`);
  // Names that occur twice are told apart by their places alone.
  const isAlike =
    file.fields.length === expected.fields.length &&
    expected.fields.every(({ name }, i) => name === file.fields[i]!.name);
  return expected.fields.map((field, place) => {
    const index = isAlike ? place : placeOf(file, field.name);
    const found = file.fields[index];
    if (found === undefined) throw changed(`column ${JSON.stringify(field.name)} is not there`);
    const nullable = found.nullable && !field.nullable;
    const asExpected = new Field(found.name, found.type, nullable || field.nullable, field.metadata);
    const difference = sameSchema(new Schema([field]), new Schema([asExpected]));
    if (difference !== undefined) throw changed(difference);
    return index;
  });
}

/** -1 where it is not there. */
function placeOf({ fields }: Schema, name: string): number {
  const place = fields.findIndex((field) => field.name === name);
  if (fields.some((field, i) => i > place && field.name === name && place >= 0)) {
    throw changed(`two columns are called ${JSON.stringify(name)}`);
  }
  return place;
}

function changed(problem: string): SluiceError {
  return new SluiceError('SCHEMA_CHANGED', problem, {
    hint: 'Give files of one kind a folder of their own, or start a new run, which plans again.',
  });
}
