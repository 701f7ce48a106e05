import { describe, expect, it } from 'vitest';

import type { Source } from '../../src/contract/source.ts';
import { collect } from '../../src/engine/collect.ts';
import { copy } from '../../src/engine/copy.ts';
import { fromBatches } from '../../src/engine/from-batches.ts';
import { limitRows } from '../../src/engine/limit-rows.ts';
import { read } from '../../src/engine/read.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { crashJournal, type JournalTexts, newProcess } from './crash.ts';
import { memorySource } from './memory-source.ts';
import { batchOfRows, rowsOfBatch, rowsOfSplit, splitsOf, testSchema } from './row-batches.ts';
import { idle, virtualClock } from './virtual-clock.ts';

const rows = rowsOfSplit(0, 10);
const batches = [batchOfRows(rows.slice(0, 6)), batchOfRows([]), batchOfRows(rows.slice(6))];

async function* generated() {
  yield* batches;
}

describe('batches a program has', () => {
  it.each([
    ['a list', batches],
    ['a generator', generated()],
    ['a function', () => generated()],
    ['a function that gives a list', () => batches],
  ])('can be %s', async (_, given) => {
    const to = collect();

    const receipt = await copy({ from: fromBatches(testSchema, given), to });

    expect(to.batches.flatMap(rowsOfBatch)).toEqual(rows);
    expect(receipt).toMatchObject({ readRows: 10, splits: [{ writtenRows: 10 }] });
  });

  it('are handed on as they are', async () => {
    const to = collect();

    await copy({ from: fromBatches(testSchema, batches), to });

    expect(to.batches[0]).toBe(batches[0]);
  });

  it('can be read again when they are a list or come from a function, and not otherwise', async () => {
    const outcomes = [];
    for (const given of [batches, () => generated(), generated()]) {
      const source = fromBatches(testSchema, given);
      await Array.fromAsync(read(source));
      outcomes.push(await failureOf(Array.fromAsync(read(source).rows())));
    }

    expect(outcomes[0]).toEqual({ resolvedWith: rows });
    expect(outcomes[1]).toEqual({ resolvedWith: rows });
    expect(outcomes[2]).toMatchObject({ code: 'SOURCE_CHANGED', hint: expect.stringContaining('function') });
  });

  it('of another schema than was said are refused', async () => {
    const source = fromBatches(testSchema, [batches[0]!.select(['id'])]);

    expect(await failureOf(copy({ from: source, to: collect() }))).toMatchObject({ code: 'CONTRACT_BROKEN' });
  });

  it('are let go of when nobody wants more', async () => {
    let isClosed = false;
    async function* endless() {
      try {
        for (;;) yield batches[0]!;
      } finally {
        isClosed = true;
      }
    }

    for await (const batch of read(fromBatches(testSchema, endless()))) if (batch.numRows > 0) break;

    expect(isClosed).toBe(true);
  });
});

describe('collected rows', () => {
  it('are a table once the run is committed, in the order of the splits', async () => {
    const to = collect();
    const before = await failureOf(() => to.table());

    await copy({ from: memorySource({ splits: splitsOf(5, 0, 7, 3) }), to });

    expect(before).toMatchObject({ code: 'NOT_FOUND' });
    expect(to.batches.flatMap(rowsOfBatch)).toEqual(splitsOf(5, 0, 7, 3).flat());
    expect(to.table().numRows).toBe(15);
    expect(to.table().schema).toBe(testSchema);
  });

  it('are none of a run that failed', async () => {
    const to = collect();
    const from = memorySource({
      splits: splitsOf(5, 5),
      at: (step) => (step === 'deliver 1 at 4' ? Promise.reject(new Error('oops')) : undefined),
    });

    await failureOf(copy({ from, to }));

    expect(to.batches).toEqual([]);
    expect(await failureOf(() => to.table())).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are those of the last run', async () => {
    const to = collect();
    await copy({ from: memorySource({ splits: splitsOf(9, 9) }), to });

    await copy({ from: memorySource({ splits: splitsOf(2) }), to });

    expect(to.table().numRows).toBe(2);
  });

  it('are an empty table of the schema when there was no row', async () => {
    const to = collect();

    await copy({ from: memorySource({ splits: [] }), to });

    expect([to.table().numRows, to.table().numCols]).toEqual([0, 2]);
  });

  it.each(['append', 'upsert'] as const)('cannot be had by %s', async (mode) => {
    const failure = await failureOf(copy({ from: memorySource({ splits: [] }), to: collect(), mode }));

    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(mode) });
  });

  it('that another process staged are gone', async () => {
    const texts: JournalTexts = new Map();
    const process = newProcess();
    const from = memorySource({ splits: splitsOf(5) });
    // The entries are fingerprint, plan, split, part.
    const journal = crashJournal(texts, process, { append: 3, when: 'after' });
    void copy({ from, to: collect(), id: 'a', journal, parallelism: 1 });
    await idle();

    const failure = await failureOf(copy({ from, to: collect(), id: 'a', journal: crashJournal(texts) }));

    expect(process.isAlive).toBe(false);
    expect(failure).toMatchObject({ code: 'STAGED_DATA_LOST' });
  });
});

describe('the first rows of a source', () => {
  const splits = splitsOf(10, 0, 10, 10);

  it.each([0, 1, 4, 10, 13, 30, 99])('are as many as asked for: %i', async (count) => {
    const source = memorySource({ splits });

    const read20 = await Array.fromAsync(read(limitRows(source, count)).rows());

    expect(read20).toEqual(splits.flat().slice(0, count));
    expect(source.openReads).toBe(0);
  });

  it('stop the source behind the last of them', async () => {
    const source = memorySource({ splits });

    await copy({ from: limitRows(source, 12), to: collect() });

    expect(source.steps.filter((step) => step.startsWith('split ') || step.startsWith('deliver '))).toEqual([
      'split 0',
      'deliver 0 at 0',
      'deliver 0 at 4',
      'deliver 0 at 8',
      'split 1',
      'split 2',
      'deliver 2 at 0',
    ]);
    expect(source.steps.slice(-2)).toEqual(['finish committed', 'dispose']);
  });

  it('are asked for in batches of no more than are wanted', async () => {
    const bounds: number[] = [];
    const whole = memorySource({ splits });
    const source: Source = {
      ...whole,
      read(plan, split, ctx, from) {
        bounds.push(ctx.batch.rows);
        return whole.read(plan, split, ctx, from);
      },
    };

    await copy({ from: limitRows(source, 13), to: collect(), batchRows: 5 });
    await copy({ from: limitRows(source, 3), to: collect(), batchRows: 5 });

    // The second split has no rows.
    expect(bounds).toEqual([5, 3, 3, 3]);
  });

  it('count those that are rejected', async () => {
    const source = memorySource({ splits, reject: ({ id }) => (id % 2 === 1 ? 'no' : undefined) });
    const to = collect();

    const receipt = await copy({ from: limitRows(source, 7), to, maxRejects: 99 });

    expect(receipt).toMatchObject({ readRows: 7, writtenRows: 4, rejectedRows: 3 });
    expect(to.batches.flatMap(rowsOfBatch).map(({ id }) => id)).toEqual([0, 2, 4, 6]);
  });

  it('are read again when reading is cut', async () => {
    let fails = 1;
    const clock = virtualClock();
    const source = memorySource({
      splits,
      at: (step) => {
        if (step === 'deliver 2 at 4' && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
      },
    });

    const work = Array.fromAsync(read(limitRows(source, 19), { clock }).rows());

    expect(await clock.settle(work)).toEqual(splits.flat().slice(0, 19));
  });

  it('are estimated to be no more than that', async () => {
    const estimates = [];
    for (const estimate of [{}, { rows: 3 }, { rows: 30, bytes: 9 }]) {
      const limited = limitRows(memorySource({ splits, plan: { estimate } }), 5);
      estimates.push((await limited.plan({} as never)).estimate);
    }

    expect(estimates).toEqual([{ rows: 5 }, { rows: 3 }, { rows: 5, bytes: 9 }]);
  });

  it('make another configuration with every number', () => {
    const source: Source = memorySource({ splits, config: { q: 1 } });

    expect([1, 2].map((count) => limitRows(source, count).config)).toEqual([
      { limitRows: 1, source: { q: 1 } },
      { limitRows: 2, source: { q: 1 } },
    ]);
  });

  it.each([-1, 1.5, NaN, Infinity])('cannot be %f', (count) => {
    expect(() => limitRows(memorySource({ splits }), count)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});
