import { fromBatches } from '@sluice/core';

import { ensure } from '../../check/check-failure.ts';
import type { SinkCheck } from '../../check/check.ts';
import { testTable } from '../../data/test-table.ts';
import { memorySource, MemoryTable } from '../../memory/memory-source.ts';
import { usedBytes } from '../../tools/heap-size.ts';
import { longRowsOf } from '../long-rows.ts';
import { randomDeaths, resumedRuns } from '../resumed-runs.ts';
import { intentOf, requireTable } from './run-checks.ts';

const ROWS = 2000;
const SOAK_RUNS = 100;
const SLACK_BYTES = 24 * 1_048_576;

export const steadyCopies: SinkCheck = {
  id: 'P5',
  side: 'sink',
  level: 'must',
  title: 'Memory does not grow with the rows written.',
  reason: 'A table of a billion rows goes through the same memory as one of a thousand.',
  needs: [],
  isLong: true,
  async run(harness, tools) {
    const table = testTable({ ...harness, rows: ROWS });
    const batches = Array.from({ length: 10 }, (_, n) => table.batch((n * ROWS) / 10, ((n + 1) * ROWS) / 10));
    const round = async (): Promise<void> => {
      await using target = await harness.target();
      await tools.copy({ ...intentOf(harness), from: fromBatches(table.schema, batches), to: target.sink() });
    };
    const rounds = Math.ceil(longRowsOf(harness) / ROWS);
    for (let n = 0; n < rounds / 10; n++) await round();
    const before = await usedBytes();
    for (let n = 0; n < rounds; n++) await round();
    const more = (await usedBytes()) - before;
    ensure(more < SLACK_BYTES, `after ${rounds * ROWS} rows, ${more} bytes more are in use than at the start`);
  },
};

export const sinkSoak: SinkCheck = {
  id: 'P6',
  side: 'sink',
  level: 'must',
  title: 'Killed again and again at random, a run ends as an undisturbed one.',
  reason: 'What goes wrong comes in pairs.',
  needs: [],
  isLong: true,
  async run(harness, tools) {
    const table = testTable({ ...harness, rows: 40 });
    for (let n = 0; n < SOAK_RUNS; n++) {
      await using target = await harness.target();
      const remote = new MemoryTable(table);
      remote.pageRows = 7;
      await resumedRuns(tools, {
        deaths: randomDeaths(tools.random),
        run: () => ({
          ...intentOf(harness),
          from: memorySource(remote),
          to: target.sink(),
          parallelism: 1,
          batchRows: 7,
        }),
        ended: (_where, entries) =>
          requireTable(harness, tools, target, table, `in run ${n + 1} of ${SOAK_RUNS}`, entries),
      });
    }
  },
};
