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
  return expected.fields.map((field) => {
    const index = file.fields.findIndex(({ name }) => name === field.name);
    const found = file.fields[index];
    if (found === undefined) throw changed(`column ${JSON.stringify(field.name)} is not there`);
    const nullable = found.nullable && !field.nullable;
    const asExpected = new Field(found.name, found.type, nullable || field.nullable, field.metadata);
    const difference = sameSchema(new Schema([field]), new Schema([asExpected]));
    if (difference !== undefined) throw changed(difference);
    return index;
  });
}

function changed(problem: string): SluiceError {
  return new SluiceError('SCHEMA_CHANGED', problem, {
    hint: 'Give files of one kind a folder of their own, or start a new run, which plans again.',
  });
}
