import { getEventListeners } from 'node:events';

import { describe, expect, it } from 'vitest';

import { copy } from '../../src/engine/copy.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { failureOf } from '../thrown.ts';
import { inOrder, publishedRows } from './memory-disk.ts';
import { splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';

describe('copy', () => {
  it.each([
    ['at the end', 'end', 1],
    ['at the end', 'end', 4],
    ['part by part', 'part', 1],
    ['part by part', 'part', 4],
  ] as const)('publishes all rows %s (%s, %i at once) and tells how many', async (_, commit, writers) => {
    const splits = splitsOf(10, 0, 7, 3);
    const { disk, copy: run } = scene({ splits }, { commit, writers, part: { rows: 4 } });

    const receipt = await run();

    expect(publishedRows(disk)).toEqual(splits.flat());
    expect(receipt).toMatchObject({ source: 'numbers', sink: 'disk', readRows: 20, writtenRows: 20, parts: 6 });
    expect(receipt.splits.map(({ readRows, writtenRows }) => [readRows, writtenRows])).toEqual([
      [10, 10],
      [0, 0],
      [7, 7],
      [3, 3],
    ]);
  });

  it('asks each plugin in the order of the contract, and lets go of both', async () => {
    const { source, sink, copy: run } = scene({ splits: splitsOf(2) });

    await run();

    expect(source.steps).toEqual([
      'check',
      'plan',
      'splits',
      'split 0',
      'read 0 from 0',
      'deliver 0 at 0',
      'end 0',
      'finish committed',
      'dispose',
    ]);
    expect(sink.steps).toEqual([
      'check',
      'open create',
      'writer 0/0',
      'write 0/0 2',
      'prepare 0/0',
      'close 0/0',
      'commit 1',
      'result 0/0',
      'dispose',
    ]);
  });

  it('commits a run without a row, once and with no part', async () => {
    const { sink, copy: run } = scene({ splits: [] });

    const receipt = await run();

    expect(sink.steps).toContain('commit 0');
    expect(receipt).toMatchObject({ readRows: 0, writtenRows: 0, parts: 0, splits: [] });
  });

  it('writes the parts of a single stream in split order although splits are read at once', async () => {
    const splits = splitsOf(5, 5, 5, 5);
    const { source, sink, disk, copy: run } = scene({ splits }, { writers: 1, part: { rows: 2 } });

    await run({ parallelism: 3 });

    expect(disk.published).toEqual(inOrder(disk.published));
    expect(publishedRows(disk)).toEqual(splits.flat());
    const firstWrite = sink.steps.findIndex((step) => step.startsWith('write 1/'));
    expect(firstWrite).toBeGreaterThan(0);
    expect(source.steps.indexOf('read 1 from 0')).toBeLessThan(source.steps.indexOf('end 0'));
  });

  it.each([
    [4, 2, undefined, 2],
    [2, 4, undefined, 2],
    [4, 4, 1, 1],
  ])(
    'with parallelism %i, %i writers and %s connections has %i writers open',
    async (parallelism, writers, connections, most) => {
      let open = 0;
      const limited = connections === undefined ? {} : { connections };
      const { sink, copy: run } = scene(
        { splits: splitsOf(5, 5, 5, 5, 5), ...limited },
        {
          writers,
          at: (step) => {
            if (step.startsWith('write ')) open = Math.max(open, sink.openWriters);
          },
        },
      );

      await run({ parallelism });

      expect(open).toBe(most);
      expect(sink.openWriters).toBe(0);
    },
  );

  it('ends a part when the writer is full', async () => {
    const { disk, copy: run } = scene({ splits: splitsOf(10), deliveryRows: 4 }, { fullRows: 3 });

    await run();

    expect(inOrder(disk.published).map(({ rows }) => rows.length)).toEqual([4, 4, 2]);
  });

  it('resolves to the receipt the journal tells, now and later', async () => {
    const journal = memoryJournal();
    const { source, sink, copy: run } = scene({}, {}, { journal, id: 'a' });
    const receipt = await run();
    const steps = [source.steps.length, sink.steps.length];

    const again = await run();

    expect(again).toEqual(receipt);
    expect([...source.steps.slice(steps[0]), ...sink.steps.slice(steps[1])]).toEqual(['dispose', 'dispose']);
  });

  it('leaves no listener on the signal and no timer behind', async () => {
    const controller = new AbortController();
    const { clock, copy: run } = scene({}, { writers: 1, part: { rows: 2 } });

    await run({ signal: controller.signal });

    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['parallelism', { parallelism: 0 }],
    ['prefetch', { prefetch: -1 }],
    ['batchRows', { batchRows: 1.5 }],
    ['maxRejects', { maxRejects: NaN }],
    ['maxInDoubt', { maxInDoubt: -1 }],
    ['progressMs', { progressMs: NaN }],
    ['retry.attempts', { retry: { attempts: 0 } }],
  ])('refuses a wrong %s before anything is touched', async (name, options) => {
    const { source, sink, start } = scene();

    const failure = await failureOf(start(options));

    expect(failure).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(`${name} must be`) });
    expect([...source.steps, ...sink.steps]).toEqual([]);
  });

  it('takes an id of its own for every run', () => {
    const { source, sink } = scene();
    const ids = [0, 1].map(() => {
      const run = copy({ from: source, to: sink });
      run.catch(() => {});
      return run.id;
    });

    expect(new Set(ids).size).toBe(2);
  });
});
