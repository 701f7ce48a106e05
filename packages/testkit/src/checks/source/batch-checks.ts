import { batchBytes, type Delivery, type Json } from '@sluice/core';

import { ensure, fail } from '../../check/check-failure.ts';
import type { CheckTools } from '../../check/check-tools.ts';
import type { SourceCheck } from '../../check/check.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { type OpenedFixture, openFixture, planSource, readAll, readSplit, requireRows } from './source-run.ts';

const BOUND_ROWS = 10;

export const rowCounts: SourceCheck = {
  id: 'S3',
  side: 'source',
  level: 'must',
  title: 'One row, a full batch, one row less and one more all arrive whole.',
  reason: 'Ends of batches are where the last row is lost or comes twice.',
  needs: [],
  async run(harness, tools) {
    for (const rows of [1, BOUND_ROWS - 1, BOUND_ROWS, BOUND_ROWS + 1, 3 * BOUND_ROWS]) {
      const { source, expected } = await openFixture(harness, tools, rows);
      const read = await readAll(source(), tools.context({ batch: { rows: BOUND_ROWS } }));
      requireRows(expected, read, `of ${rows} rows in batches of ${BOUND_ROWS}`);
    }
  },
};

export const batchBounds: SourceCheck = {
  id: 'S4',
  side: 'source',
  level: 'must',
  title: 'Batches keep to the bounds in rows and bytes; a row larger than the bound comes alone; no batch is empty.',
  reason: 'Memory is bounded by what a batch may hold.',
  needs: [],
  async run(harness, tools) {
    const { expected, ...opened } = await openFixture(harness, tools, 60);
    for (const bounds of [{ rows: 7 }, { bytes: 2048 }]) {
      const deliveries = await allDeliveries(opened, tools, bounds);
      requireRows(
        expected,
        deliveries.flatMap(({ batch }) => rowsOf(batch)),
        `within ${JSON.stringify(bounds)}`,
      );
      for (const { batch, rejects = [] } of deliveries) {
        ensure(batch.numRows + rejects.length > 0, 'a delivery has neither rows nor rejects');
        if (bounds.rows !== undefined) {
          ensure(batch.numRows <= bounds.rows, `a batch has ${batch.numRows} rows, and the bound is ${bounds.rows}`);
        }
        const bytes = batchBytes(batch, 0, batch.numRows);
        if (bounds.bytes === undefined || batch.numRows <= 1) continue;
        ensure(
          bytes <= bounds.bytes,
          `a batch of ${batch.numRows} rows has ${bytes} bytes, and the bound is ${bounds.bytes}`,
        );
      }
    }
  },
};

export const batchesAreKept: SourceCheck = {
  id: 'S7',
  side: 'source',
  level: 'must',
  title: 'A batch stays as it is while later ones are read.',
  reason: 'A batch belongs to whoever received it; a buffer that is used again changes rows under way.',
  needs: [],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, 60);
    const test = tools.context({ batch: { rows: 7 } });
    const reader = source();
    const { plan, splits } = await planSource(reader, test);
    // Over all splits, since a split may be a single batch.
    const batches = [];
    for (const split of splits) {
      for await (const { batch } of reader.read(plan, split, test.ctx)) batches.push({ batch, rows: rowsOf(batch) });
    }
    for (const [i, { batch, rows }] of batches.entries()) {
      const difference = rowDifference({ ...expected, rows }, rowsOf(batch), true);
      if (difference !== undefined) fail(`batch ${i + 1} has changed since it was delivered: ${difference}`);
    }
  },
};

async function allDeliveries(
  { source }: Pick<OpenedFixture, 'source'>,
  tools: CheckTools,
  batch: { readonly rows?: number; readonly bytes?: number },
): Promise<readonly Delivery<Json>[]> {
  const test = tools.context({ batch });
  const reader = source();
  const { plan, splits } = await planSource(reader, test);
  const deliveries: Delivery<Json>[] = [];
  for (const split of splits) deliveries.push(...(await readSplit(reader, plan, split, test)));
  return deliveries;
}
