import { type Row, SluiceError } from '@sluice/core';

import { ensure, errorText, fail, rejectionOf } from '../../check/check-failure.ts';
import type { CheckTools } from '../../check/check-tools.ts';
import type { SinkCheck } from '../../check/check.ts';
import { tableOf, testTable } from '../../data/test-table.ts';
import type { SinkHarness } from '../../harness/sink-harness.ts';
import { memorySource, MemoryTable } from '../../memory/memory-source.ts';
import { intentOf } from './run-checks.ts';
import { nameOf, SinkRun } from './sink-run.ts';

const BAD_ROWS = [3, 4, 11, 29];

interface BadRows {
  readonly run: SinkRun;
  readonly good: readonly Row[];
}

/** Thirty rows, four of which the target refuses. */
async function withBadRows(harness: SinkHarness, tools: CheckTools): Promise<BadRows> {
  const target = tools.use(await harness.target());
  const { schema, identity, rows } = testTable({ ...harness, rows: 30 });
  const mixed = rows.map((row, i) => (BAD_ROWS.includes(i) ? target.badRow!(row) : row));
  const run = new SinkRun(harness, tools, target, tableOf(schema, identity, mixed));
  return { run, good: rows.filter((_, i) => !BAD_ROWS.includes(i)) };
}

export const rowsRejected: SinkCheck = {
  id: 'K10',
  side: 'sink',
  level: 'must',
  title:
    'Rows the target refuses are reported by number, with a code and a message without the value; the others are written.',
  reason: 'A dead letter is made of the very rows that were refused.',
  needs: ['badRows'],
  async run(harness, tools) {
    const { run, good } = await withBadRows(harness, tools);
    await run.open();
    const first = await run.stage({ split: 0, part: 0 }, { from: 0, to: 10 });
    const second = await run.stage({ split: 0, part: 1 }, { from: 10, to: 30 }, first);
    const parts = await run.commit([first, second]);
    const reported: number[] = [];
    for (const { part, writtenRows, rejects, inDoubt } of parts) {
      const [start, rows] = part.part === 0 ? [0, 10] : [10, 20];
      const refused = run.refused.get(nameOf(part)) ?? [];
      const late = lateRows(
        refused.map(({ row }) => row),
        rejects.map(({ row }) => row),
      );
      for (const { code, message } of [...refused, ...rejects]) {
        ensure(code !== '' && message !== '', 'a row is refused without a code or a message');
      }
      reported.push(...refused.map(({ row }) => start + row), ...late.map((row) => start + row));
      const total = writtenRows + refused.length + rejects.length;
      ensure(
        total === rows && inDoubt.length === 0,
        `of the ${rows} rows of a part, ${writtenRows} are written and ${total - writtenRows} rejected`,
      );
    }
    const found = reported.toSorted((a, b) => a - b).join(', ');
    ensure(
      found === BAD_ROWS.join(', '),
      `rows ${BAD_ROWS.join(', ')} are bad, and rows ${found || 'none'} are reported`,
    );
    await run.requireRows('with four bad rows', good);
  },
};

export const rejectLimit: SinkCheck = {
  id: 'K12',
  side: 'sink',
  level: 'must',
  title:
    'A run that allows no rejects ends with the first, and nothing of it becomes visible where the sink is atomic.',
  reason: 'Whoever allows none would rather have nothing than a part.',
  needs: ['badRows'],
  async run(harness, tools) {
    const { run } = await withBadRows(harness, tools);
    const sink = run.sink();
    const { guarantee } = sink.traits;
    const error = await rejectionOf(
      () =>
        tools.copy({ ...intentOf(harness), from: memorySource(new MemoryTable(run.table)), to: sink, maxRejects: 0 }),
      'a run that allows no rejects succeeds with four',
    );
    if (!SluiceError.is(error) || error.code !== 'ROWS_REJECTED') fail(`the run fails with ${errorText(error)}`);
    if (guarantee === 'atomic') await run.requireRows('of a run that rejected too many rows', []);
  },
};

/** Rows as read, for rejects of a commit, which counts without those that were refused while writing. */
function lateRows(refused: readonly number[], late: readonly number[]): readonly number[] {
  const seen = Array.from({ length: 30 }, (_, row) => row).filter((row) => !refused.includes(row));
  return late.map((row) => seen[row] ?? row);
}
