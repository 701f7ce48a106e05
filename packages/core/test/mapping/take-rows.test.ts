import { Field, type RecordBatch, Schema } from 'apache-arrow';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createPartDigest } from '../../src/digest/part-digest.ts';
import { columnMapping } from '../../src/mapping/column-mapping.ts';
import { batchOf, noiseOf } from '../arrow-layout.ts';
import { cellOf, columnType } from '../arrow-model.ts';

const someRows = columnType.chain((type) =>
  fc.record({
    schema: fc.constant(new Schema([new Field('c', type, true)])),
    rows: fc.array(fc.tuple(cellOf(type), fc.boolean()), { maxLength: 30 }),
  }),
);

function digestOf(batch: RecordBatch): string {
  const digest = createPartDigest(batch.schema);
  digest.update(batch, 0, batch.numRows);
  return digest.value();
}

describe('a column without the rows that were rejected', () => {
  it('has the others in their order, whatever its type and its layout', () => {
    fc.assert(
      fc.property(someRows, fc.integer(), ({ schema, rows }, seed) => {
        const mapping = columnMapping(null, ({ fields }) =>
          fields.map((field) => ({
            field,
            sources: [],
            make(batch, fail) {
              rows.forEach(([, isKept], row) => {
                if (!isKept) fail(row, 'not this one');
              });
              return batch.data.children[0]!;
            },
          })),
        );
        const batch = batchOf(
          schema,
          rows.map(([cell]) => [cell]),
          noiseOf(seed),
        );

        const mapped = mapping.plan(schema).apply(batch);

        const kept = rows.flatMap(([cell, isKept], row) => (isKept ? [{ cell, row }] : []));
        const others = batchOf(
          schema,
          kept.map(({ cell }) => [cell]),
          noiseOf(seed + 1),
        );
        expect(digestOf(mapped.batch)).toBe(digestOf(others));
        expect([...(mapped.rows ?? kept.map(({ row }) => row))]).toEqual(kept.map(({ row }) => row));
        expect(mapped.rejects ?? []).toHaveLength(rows.length - kept.length);
      }),
      { seed: 20_261_124, numRuns: 600 },
    );
  });
});
