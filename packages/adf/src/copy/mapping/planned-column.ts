import { SluiceError } from '@sluice/core';
import { type AnyValue, columnBuilder, columnOpener, type PlannedColumn } from '@sluice/core/mapping';
import { type Data, type DataType, Field } from 'apache-arrow';

import type { Conversion } from './conversion.ts';
import { typeText } from './type-text.ts';

/** A column taken over as it is, or by a kernel that fails for no value. */
export function keptColumn(field: Field, index: number, kernel: (data: Data) => Data = (data) => data): PlannedColumn {
  return { field, sources: [], make: (batch) => kernel(batch.data.children[index]!) };
}

/** The same text in every row. */
export function constantColumn(name: string, type: DataType, value: AnyValue | null): PlannedColumn {
  const build = required(columnBuilder(type), name, type);
  return {
    field: new Field(name, type, true),
    sources: [],
    make({ numRows }) {
      const builder = build(numRows);
      if (value !== null) for (let row = 0; row < numRows; row++) builder.set(row, value);
      return builder.finish();
    },
  };
}

/** A column whose values become those of another type. Nulls stay nulls. */
export function convertedColumn(column: PlannedColumn, name: string, conversion: Conversion): PlannedColumn {
  const open = required(columnOpener(column.field.type), name, column.field.type);
  const build = required(columnBuilder(conversion.type), name, conversion.type);
  const reason = `a value is no ${conversion.target}`;
  return {
    field: new Field(name, conversion.type, true),
    sources: [],
    make(batch, fail) {
      const failed = new Set<number>();
      const data = column.make(batch, (row, why) => {
        failed.add(row);
        fail(row, why);
      });
      const read = open(data);
      const builder = build(data.length);
      for (let row = 0; row < data.length; row++) {
        const value = failed.has(row) || !data.getValid(row) ? undefined : read(row);
        if (value === undefined) continue;
        const converted = conversion.convert(value);
        if (converted === undefined || !builder.set(row, converted)) fail(row, reason);
      }
      return builder.finish();
    },
  };
}

/** Under another name. */
export function renamedColumn({ field, sources, make }: PlannedColumn, name: string): PlannedColumn {
  return { field: new Field(name, field.type, field.nullable, field.metadata), sources, make };
}

function required<T>(found: T | undefined, column: string, type: DataType): T {
  if (found !== undefined) return found;
  throw new SluiceError('TYPE_UNSUPPORTED', `column "${column}" has type ${typeText(type)}, which cannot be mapped`, {
    hint: 'Leave the column out.',
  });
}
