import { Field, Schema } from 'apache-arrow';

import { quoteName } from '../client/identifier.ts';
import { arrowType, type NumericBounds } from '../copy-out/arrow-column.ts';
import type { PlannedColumn } from './source-state.ts';

/** Every column may be null, whatever the table says: a view or a join may not hold it. */
export function schemaOf(columns: readonly PlannedColumn[], numeric: NumericBounds | undefined): Schema {
  return new Schema(
    columns.map(
      ({ name, type }) => new Field(name, arrowType(type, numeric), true, new Map([['postgres:type', type.name]])),
    ),
  );
}

/** What is asked of the server for each column: itself, or its text. */
export function selectList(columns: readonly PlannedColumn[]): string {
  return columns
    .map(({ name, type }) => {
      const quoted = quoteName(name, 'a column');
      return type.kind === 'other' ? `${quoted}::text AS ${quoted}` : quoted;
    })
    .join(', ');
}
