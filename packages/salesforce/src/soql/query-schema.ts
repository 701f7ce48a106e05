import { Field, Schema, Utf8, type DataType } from 'apache-arrow';

import { arrowType, type TypeOptions } from '../schema/arrow-type.ts';
import { fieldMetadata } from '../schema/field-metadata.ts';
import type { QueryProblem } from './query-problem.ts';
import type { SelectedColumn } from './select-columns.ts';

/** The types of a result. Every column is nullable, whatever describe claims, except the queried object's own Id. */
export function querySchema(object: string, columns: readonly SelectedColumn[], options: TypeOptions): Schema {
  const fields = columns.map((column, index) => {
    const isKey = column.path.length === 1 && column.field.type === 'id' && column.functions.length === 0;
    return new Field(column.header, columnType(column, options, index), !isKey, fieldMetadata(column));
  });
  return new Schema(fields, new Map([['salesforce:object', object]]));
}

/** toLabel() and FORMAT() give texts; convertCurrency() gives what it gets. */
function columnType({ field, functions }: SelectedColumn, options: TypeOptions, index: number): DataType {
  return functions.some((name) => name !== 'CONVERTCURRENCY') ? new Utf8() : arrowType(field, options, index);
}

/** Columns that would have one name, compared without case as the org does. */
export function nameCollisions(columns: readonly SelectedColumn[]): readonly QueryProblem[] {
  const first = new Map<string, SelectedColumn>();
  return columns.flatMap((column): QueryProblem[] => {
    const { header, offset } = column;
    const key = header.toLowerCase();
    const earlier = first.get(key);
    first.set(key, earlier ?? column);
    if (earlier === undefined) return [];
    const place = offset === undefined ? {} : { offset };
    if (earlier.functions.length === 0 && column.functions.length === 0) {
      return [
        { code: 'QUERY_INVALID', message: `${header} is selected twice`, hint: 'Select each field once.', ...place },
      ];
    }
    const hint = 'Give toLabel(), FORMAT() and convertCurrency() aliases of their own.';
    return [{ code: 'QUERY_INVALID', message: `two columns have the name ${header}`, hint, ...place }];
  });
}
