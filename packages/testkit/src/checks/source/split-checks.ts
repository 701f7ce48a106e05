import type { Json, Row } from '@sluice/core';

import { ensure, fail } from '../../check/check-failure.ts';
import { kept } from '../../check/check-tools.ts';
import type { SourceCheck } from '../../check/check.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { requireState, requireVersionRefused } from '../json-state.ts';
import { deliveredRows, manyRows, openFixture, planSource, readAll, readSplit, requireRows } from './source-run.ts';

const STATE_BYTES = 65_536;

export const splitsAreTheWhole: SourceCheck = {
  id: 'S9',
  side: 'source',
  level: 'must',
  title: 'Splits are disjoint, their union is the whole, and each can be read by another process, in the same order.',
  reason: 'A run is resumed by a process that has nothing but the journal.',
  needs: [],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, manyRows(harness));
    const test = tools.context({ batch: { rows: 50 } });
    const { plan, splits } = await planSource(source(), test);
    const rows: Row[] = [];
    for (const split of splits) {
      const here = deliveredRows(await readSplit(source(), plan, split, test.anotherProcess()));
      const again = deliveredRows(await readSplit(source(), plan, split, test.anotherProcess()));
      const difference = rowDifference({ ...expected, rows: here }, again, true);
      if (difference !== undefined) fail(`a split read twice gives other rows: ${difference}`);
      rows.push(...here);
    }
    requireRows(expected, rows, 'all splits together');
  },
};

export const splitsGoOn: SourceCheck = {
  id: 'S9-after',
  side: 'source',
  level: 'must',
  title: 'Splits asked for behind another are those that followed it.',
  reason: 'A resumed run goes on looking for splits behind the last one in its journal.',
  needs: [],
  async run(harness, tools) {
    const { source } = await openFixture(harness, tools, manyRows(harness));
    const test = tools.context();
    const { plan, splits } = await planSource(source(), test);
    for (const [i, split] of splits.entries()) {
      const { ctx } = test.anotherProcess();
      const rest: Json[] = [];
      for await (const next of source().splits(plan, ctx, split)) rest.push(kept(next));
      const wanted = JSON.stringify(splits.slice(i + 1));
      ensure(
        JSON.stringify(rest) === wanted,
        `behind split ${i + 1} of ${splits.length} come ${rest.length} splits that are not those that followed it`,
      );
    }
  },
};

export const stateIsVersioned: SourceCheck = {
  id: 'S11',
  side: 'source',
  level: 'must',
  title: 'Plan, splits and positions are small JSON with a version, and an unknown version is refused.',
  reason: 'A journal outlives the version that wrote it.',
  needs: [],
  async run(harness, tools) {
    const { source } = await openFixture(harness, tools, 40);
    const test = tools.context({ batch: { rows: 10 } });
    const reader = source();
    const { state } = await reader.plan(test.ctx);
    requireState(state, 'the plan', STATE_BYTES);
    // As they are handed over: through JSON, what is none looks as if it were.
    for await (const split of reader.splits(kept(state), test.ctx)) requireState(split, 'a split', STATE_BYTES);
    const { plan, splits } = await planSource(reader, test);
    const read = async (from: { plan?: Json; split?: Json; position?: Json }): Promise<unknown> => {
      const { plan: by = plan, split = splits[0]!, position } = from;
      return await readSplit(source(), by, split, test.anotherProcess(), position);
    };
    await requireVersionRefused(plan, 'a plan', (other) => read({ plan: other }));
    await requireVersionRefused(splits[0]!, 'a split', (other) => read({ split: other }));
    const positions = (await readSplit(reader, plan, splits[0]!, test)).flatMap(({ position }) => position ?? []);
    for (const position of positions) requireState(position, 'a position', 4096);
    if (positions.length > 0) {
      await requireVersionRefused(positions[0]!, 'a position', (other) => read({ position: other }));
    }
  },
};

export const readTwice: SourceCheck = {
  id: 'S28',
  side: 'source',
  level: 'must',
  title: 'Read again, in smaller batches or at the same time, a split gives the same rows in the same order.',
  reason: 'Nothing may depend on what an instance did before, or does besides.',
  needs: [],
  async run(harness, tools) {
    const { source, expected } = await openFixture(harness, tools, 80);
    const reader = source();
    const test = tools.context({ batch: { rows: 20 } });
    const { plan, splits } = await planSource(reader, test);
    const all: Row[] = [];
    for (const split of splits) {
      const rows = deliveredRows(await readSplit(reader, plan, split, test));
      const smaller = test.anotherProcess({ batch: { rows: 3 } });
      const again = deliveredRows(await readSplit(reader, plan, split, smaller));
      requireRows({ ...expected, rows }, again, 'a split read again in smaller batches', true);
      const readings = [test, smaller].map(({ ctx }) => reader.read(plan, split, ctx));
      for (const deliveries of await takenInTurn(readings)) {
        requireRows({ ...expected, rows }, deliveredRows(deliveries), 'a split read twice at the same time', true);
      }
      all.push(...rows);
    }
    requireRows(expected, all, 'the first time');
    requireRows(expected, await readAll(reader, tools.context()), 'planned and read a second time');
  },
};

/** One item of each after the other, until all have ended. */
async function takenInTurn<T>(iterables: readonly AsyncIterable<T>[]): Promise<readonly (readonly T[])[]> {
  const taken = iterables.map((items) => ({ iterator: items[Symbol.asyncIterator](), items: [] as T[] }));
  const open = new Set(taken);
  while (open.size > 0) {
    for (const one of open) {
      const next = await one.iterator.next();
      if (next.done === true) open.delete(one);
      else one.items.push(next.value);
    }
  }
  return taken.map(({ items }) => items);
}
