import { type CopyOptions, SluiceError, type Source } from '@sluice/core';

import { ensure, errorText, fail, rejectionOf } from '../../check/check-failure.ts';
import type { SinkCheck } from '../../check/check.ts';
import { type TestTable, testTable } from '../../data/test-table.ts';
import type { SinkHarness, SinkTarget } from '../../harness/sink-harness.ts';
import { memorySource, MemoryTable } from '../../memory/memory-source.ts';
import { arm } from '../armed-fault.ts';
import { resumedRuns } from '../resumed-runs.ts';
import { firstMode, SinkRun, stageAll, startRun } from './sink-run.ts';

export function intentOf(harness: SinkHarness): Pick<CopyOptions, 'mode' | 'keys'> {
  const mode = firstMode(harness);
  return mode === 'upsert' ? { mode, keys: harness.keys ?? [harness.identity] } : { mode };
}

export const targetFull: SinkCheck = {
  id: 'K25',
  side: 'sink',
  level: 'must',
  title: 'A target that fills up ends the run with STORAGE_FULL; nothing half-written becomes visible or stays.',
  reason: 'Disks fill up.',
  needs: ['fault:full'],
  async run(harness, tools) {
    const before = await startRun(harness, tools);
    await before.open();
    await before.abort(await stageAll(before, 30));
    // Of a run that is given up, there may be nothing that a writer could begin with.
    const run = new SinkRun(harness, tools, before.target, before.table);
    await run.open();
    const full = await arm(run.target.faults ?? {}, 'full');
    const error = await full.rejectionOf(async () => {
      await stageAll(run, 30);
    }, 'rows are written into a full target');
    ensure(
      SluiceError.is(error) && ['STORAGE_FULL', 'QUOTA_EXCEEDED'].includes(error.code),
      `a full target surfaces as ${errorText(error)} instead of STORAGE_FULL`,
    );
    await run.requireRows('of a full target', []);
    const { leftBehind } = await run.abort([]);
    const named = new Set(leftBehind.map(({ id }) => id));
    const left = ((await run.target.leftovers?.()) ?? []).filter((id) => !named.has(id));
    ensure(left.length === 0, `given up at a full target, it leaves ${left.join(', ')}`);
  },
};

export const sourceFails: SinkCheck = {
  id: 'P1',
  side: 'sink',
  level: 'must',
  title: 'When the source fails, the sink removes what it staged, and the error is the source’s.',
  reason: 'A failure of cleaning up must not hide what came first.',
  needs: [],
  async run(harness, tools) {
    const target = tools.use(await harness.target());
    const table = testTable({ ...harness, rows: 60 });
    const remote = new MemoryTable(table);
    remote.pageRows = 7;
    const source: Source = memorySource(remote);
    let pages = 0;
    const error = await rejectionOf(
      () =>
        tools.copy({
          ...intentOf(harness),
          from: {
            ...source,
            async *read(...args) {
              for await (const delivery of source.read(...args)) {
                if (++pages > 4) throw new SluiceError('JOB_FAILED', 'the source has failed');
                yield delivery;
              }
            },
          },
          to: tools.use(target.sink()),
          parallelism: 1,
        }),
      'a run whose source fails succeeds',
    );
    ensure(
      SluiceError.is(error) && error.code === 'JOB_FAILED',
      `the run fails with ${errorText(error)} instead of the source’s error`,
    );
    // What is committed part by part stays.
    if (target.sink().traits.commit === 'end') {
      await new SinkRun(harness, tools, target, table).requireRows('of a run whose source has failed', []);
    }
    const left = (await target.leftovers?.()) ?? [];
    ensure(left.length === 0, `a failed run leaves ${left.join(', ')}`);
  },
};

export const killedSinkAnywhere: SinkCheck = {
  id: 'P3',
  side: 'sink',
  level: 'must',
  title: 'Killed before or after any entry of its journal and resumed, a run ends as an undisturbed one.',
  reason: 'Processes die, and always at the worst place.',
  needs: [],
  async run(harness, tools) {
    const table = testTable({ ...harness, rows: 40 });
    let current: { readonly target: SinkTarget; readonly remote: MemoryTable } | undefined;
    await resumedRuns(tools, {
      deaths: 'everywhere',
      async begin() {
        current = { target: tools.use(await harness.target()), remote: new MemoryTable(table) };
        current.remote.pageRows = 7;
      },
      run: () => ({
        ...intentOf(harness),
        from: memorySource(current!.remote),
        to: tools.use(current!.target.sink()),
        parallelism: 1,
        batchRows: 7,
      }),
      async ended(where, entries) {
        await requireTable(harness, tools, current!.target, table, where, entries);
      },
    });
  },
};

export const sinkReceipt: SinkCheck = {
  id: 'P4',
  side: 'sink',
  level: 'must',
  title: 'The receipt counts the rows that are there.',
  reason: 'Rows read are rows written and rows rejected, or the run has failed.',
  needs: [],
  async run(harness, tools) {
    const target = tools.use(await harness.target());
    const table = testTable({ ...harness, rows: 200 });
    const from = memorySource(new MemoryTable(table));
    const receipt = await tools.copy({ ...intentOf(harness), from, to: tools.use(target.sink()) });
    const found = (await target.rows()).length;
    const { readRows, writtenRows, rejectedRows } = receipt;
    if (readRows !== 200 || writtenRows !== found || rejectedRows !== 0) {
      fail(`of 200 rows ${readRows} were read, ${writtenRows} counted as written, and ${found} are there`);
    }
    await requireTable(harness, tools, target, table, 'after a parallel copy');
  },
};

export async function requireTable(
  harness: SinkHarness,
  tools: ConstructorParameters<typeof SinkRun>[1],
  target: SinkTarget,
  table: TestTable,
  where: string,
  entries?: readonly string[],
): Promise<void> {
  await new SinkRun(harness, tools, target, table).requireRows(where);
  const left = (await target.leftovers?.(entries)) ?? [];
  ensure(left.length === 0, `${where}: ${left.join(', ')} is left`);
}
