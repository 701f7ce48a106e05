import { type Data, type DataType, Field, type RecordBatch } from 'apache-arrow';

import { type Cell, columnCodec } from './column-codec.ts';
import type { Conversion } from './conversion.ts';

/** A column of the mapped batch. */
export interface PlannedColumn {
  readonly field: Field;
  make(batch: RecordBatch): MadeColumn;
}

export interface MadeColumn {
  readonly data: Data;
  /** Rows whose value cannot be what the column holds. */
  readonly failed: readonly number[];
  /** Why; the same for all rows. */
  readonly reason: string;
}

/** A column taken over as it is, or by a kernel that fails for no value. */
export function keptColumn(field: Field, index: number, kernel: (data: Data) => Data = (data) => data): PlannedColumn {
  return {
    field,
    make: (batch) => ({ data: kernel(batch.data.children[index]!), failed: [], reason: '' }),
  };
}

/** The same text in every row. */
export function constantColumn(name: string, type: DataType, cell: Cell | null): PlannedColumn {
  const codec = columnCodec(type, name);
  return {
    field: new Field(name, type, true),
    make({ numRows }) {
      const builder = codec.build(numRows);
      if (cell !== null) for (let row = 0; row < numRows; row++) builder.set(row, cell);
      return { data: builder.finish(), failed: [], reason: '' };
    },
  };
}

/** A column whose values become those of another type. Nulls stay nulls. */
export function convertedColumn(column: PlannedColumn, name: string, conversion: Conversion): PlannedColumn {
  const from = columnCodec(column.field.type, name);
  const to = columnCodec(conversion.type, name);
  return {
    field: new Field(name, conversion.type, true),
    make(batch) {
      const made = column.make(batch);
      const builder = to.build(made.data.length);
      const failed = [...made.failed];
      const isFailed = new Set(failed);
      for (let row = 0; row < made.data.length; row++) {
        if (!made.data.getValid(row) || isFailed.has(row)) continue;
        const cell = conversion.convert(from.read(made.data, row));
        if (cell === undefined) failed.push(row);
        else builder.set(row, cell);
      }
      const reason = made.failed.length > 0 ? made.reason : `a value is no ${conversion.target}`;
      return { data: builder.finish(), failed: failed.toSorted((a, b) => a - b), reason };
    },
  };
}

/** Under another name. */
export function renamedColumn({ field, make }: PlannedColumn, name: string): PlannedColumn {
  return { field: new Field(name, field.type, field.nullable, field.metadata), make };
}
