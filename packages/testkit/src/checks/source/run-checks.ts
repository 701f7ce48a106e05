import { type Sink, SluiceError } from '@sluice/core';

import { ensure, errorText, fail, rejectionOf } from '../../check/check-failure.ts';
import type { SourceCheck } from '../../check/check.ts';
import { memorySink, MemoryTarget } from '../../memory/memory-sink.ts';
import { settled } from '../../tools/event-loop.ts';
import { firstOf } from '../../tools/first-of.ts';
import { resumedRuns } from '../resumed-runs.ts';
import { manyRows, openFixture, requireRows } from './source-run.ts';

export const otherParallelism: SourceCheck = {
  id: 'S13',
  side: 'source',
  level: 'must',
  title: 'A run goes on with more or fewer parallel readers than it began with.',
  reason: 'A run is resumed on another machine.',
  needs: [],
  async run(harness, tools) {
    for (const [first, then] of [
      [1, 4],
      [4, 1],
    ] as const) {
      const { source, expected } = await openFixture(harness, tools, manyRows(harness));
      const target = new MemoryTarget();
      let opened = 0;
      await resumedRuns(tools, {
        deaths: [{ append: 8, when: 'after' }],
        run: () => ({
          from: source(),
          to: memorySink(target, { part: { rows: 20 } }),
          batchRows: 10,
          parallelism: opened++ === 0 ? first : then,
        }),
      });
      requireRows(expected, target.published ?? [], `begun with ${first} readers, resumed with ${then}`);
    }
  },
};

export const finishIsRepeatable: SourceCheck = {
  id: 'S29',
  side: 'source',
  level: 'must',
  title: 'A run leaves nothing behind on the remote side, however it ends, and ending twice is the same as once.',
  reason: 'Jobs that nobody ends use up allocations.',
  needs: ['leftovers'],
  async run(harness, tools) {
    for (const end of ['committed', 'abandoned'] as const) {
      const { fixture, source } = await openFixture(harness, tools, 40);
      const test = tools.context();
      const reader = source();
      const { state } = await reader.plan(test.ctx);
      await firstOf(reader.splits(state, test.ctx));
      for (const again of ['once', 'twice']) {
        const left = await source().finish(state, end, test.anotherProcess().ctx);
        const found = await fixture.leftovers!();
        const named = new Set(left.map(({ id }) => id));
        const unnamed = found.filter((id) => !named.has(id));
        ensure(unnamed.length === 0, `ended ${again} as ${end}, it leaves ${unnamed.join(', ')} without a word`);
      }
    }
  },
};

export const sinkFails: SourceCheck = {
  id: 'P2',
  side: 'source',
  level: 'must',
  title: 'When the sink fails, reading stops, and the error is the sink’s.',
  reason: 'A failed run must not go on using the remote side.',
  needs: [],
  async run(harness, tools) {
    const { fixture, source } = await openFixture(harness, tools, manyRows(harness));
    const target = new MemoryTarget();
    const sink: Sink = memorySink(target);
    const failure = new SluiceError('STORAGE_FULL', 'the target is full');
    const error = await rejectionOf(
      () =>
        tools.copy({
          from: source(),
          to: {
            ...sink,
            writer: async (...args) => ({
              ...(await sink.writer(...args)),
              write: () => Promise.reject(failure),
            }),
          },
          batchRows: 10,
        }),
      'a copy into a full target succeeds',
    );
    ensure(
      error === failure || causeOf(error) === failure,
      `the run fails with ${errorText(error)}, not as the sink did`,
    );
    const requests = fixture.requests?.();
    await settled(60);
    ensure(fixture.requests?.() === requests, 'requests follow after the run has failed');
    const left = (await fixture.leftovers?.()) ?? [];
    ensure(left.length === 0, `a failed run leaves ${left.join(', ')}`);
  },
};

export const killedAnywhere: SourceCheck = {
  id: 'P3',
  side: 'source',
  level: 'must',
  title: 'Killed before or after any entry of its journal and resumed, a run ends as an undisturbed one.',
  reason: 'Processes die, and always at the worst place.',
  needs: [],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, 60);
    let target = new MemoryTarget();
    await resumedRuns(tools, {
      deaths: 'everywhere',
      begin: () => {
        target = new MemoryTarget();
      },
      run: () => ({ from: source(), to: memorySink(target, { part: { rows: 9 } }), batchRows: 7, parallelism: 1 }),
      ended: (where) => requireRows(expected, target.published ?? [], where),
    });
  },
};

export const receiptBalances: SourceCheck = {
  id: 'P4',
  side: 'source',
  level: 'must',
  title: 'The receipt counts every row, per split and in total.',
  reason: 'Rows read are rows written and rows rejected, or the run has failed.',
  needs: [],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, manyRows(harness));
    const receipt = await tools.copy({ from: source(), to: memorySink(new MemoryTarget()) });
    const { readRows, writtenRows, rejectedRows, splits } = receipt;
    const rows = expected.rows.length;
    if (readRows !== rows || writtenRows !== rows || rejectedRows !== 0) {
      fail(`of ${rows} rows ${readRows} were read, ${writtenRows} written and ${rejectedRows} rejected`);
    }
    const inSplits = splits.reduce((sum, split) => sum + split.readRows, 0);
    ensure(inSplits === readRows, `splits count ${inSplits} rows, the run ${readRows}`);
  },
};

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
