import { getEventListeners } from 'node:events';

import { Field, FixedSizeBinary, Schema } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import type { Context } from '../../src/contract/context.ts';
import { explain, read } from '../../src/engine/read.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { failureOf } from '../thrown.ts';
import { memorySource, type MemorySourceOptions } from './memory-source.ts';
import { rowsOfBatch, splitsOf, type TestRow } from './row-batches.ts';
import { idle, virtualClock } from './virtual-clock.ts';

const splits = splitsOf(10, 0, 7);

async function rowsOf(batches: AsyncIterable<Parameters<typeof rowsOfBatch>[0]>): Promise<readonly TestRow[]> {
  return (await Array.fromAsync(batches)).flatMap(rowsOfBatch);
}

describe('read', () => {
  it.each([
    { parallelism: 1, prefetch: 0 },
    { parallelism: 4, prefetch: 2 },
  ])('gives all rows in the order of the splits: %o', async (flow) => {
    const source = memorySource({ splits });

    const rows = await rowsOf(read(source, flow));

    expect(rows).toEqual(splits.flat());
    expect(source.steps.slice(-2)).toEqual(['finish committed', 'dispose']);
  });

  it('gives rows', async () => {
    const rows = await Array.fromAsync(read(memorySource({ splits })).rows());

    expect(rows).toEqual(splits.flat());
  });

  it('reads anew with every iteration', async () => {
    const source = memorySource({ splits });
    const batches = read(source);

    const [first, second] = [await rowsOf(batches), await rowsOf(batches)];

    expect(second).toEqual(first);
    expect(source.steps.filter((step) => step === 'plan')).toHaveLength(2);
  });

  it('reads again behind the last rows when reading is cut', async () => {
    let fails = 1;
    const clock = virtualClock();
    const source = memorySource({
      splits,
      at: (step) => {
        if (step === 'deliver 0 at 4' && fails-- > 0) throw new SluiceError('CONNECTION_LOST', 'cut');
      },
    });

    expect(await clock.settle(rowsOf(read(source, { clock })))).toEqual(splits.flat());
  });

  it('finishes the source and lets go of everything when the iteration is broken off', async () => {
    const controller = new AbortController();
    const clock = virtualClock();
    const source = memorySource({ splits });
    const work = async (): Promise<void> => {
      for await (const batch of read(source, { clock, signal: controller.signal })) if (batch.numRows > 0) break;
    };

    await clock.settle(work());

    expect(source.steps.slice(-2)).toEqual(['finish abandoned', 'dispose']);
    expect(source.openReads).toBe(0);
    expect([clock.pending, getEventListeners(controller.signal, 'abort')]).toEqual([0, []]);
  });

  it('tells a consumer of its own failure, whatever becomes of the source', async () => {
    const clock = virtualClock();
    const at = (step: string): void => {
      if (step === 'end 0' || step === 'finish abandoned' || step === 'dispose') throw new Error('stuck');
    };
    const work = async (): Promise<void> => {
      for await (const batch of read(memorySource({ splits, at }), { clock }))
        throw new Error(`after ${batch.numRows}`);
    };

    expect(await failureOf(clock.settle(work()))).toMatchObject({ message: 'after 4' });
  });

  const ignoring = (): Promise<never> => new Promise(() => {});
  it.each(['check', 'plan', 'splits', 'split 1', 'read 0 from 0', 'deliver 0 at 4', 'finish abandoned', 'dispose'])(
    'settles with the reason although %s ignores its signal',
    async (where) => {
      const controller = new AbortController();
      const clock = virtualClock();
      const source = memorySource({ splits, at: (step) => (step === where ? ignoring() : undefined) });
      const reading = rowsOf(read(source, { clock, signal: controller.signal, parallelism: 2 }));
      reading.catch(() => {});
      queueMicrotask(() => controller.abort('enough'));

      const failure = await failureOf(clock.settle(reading));

      expect(failure).toBe('enough');
      expect([clock.pending, getEventListeners(controller.signal, 'abort')]).toEqual([0, []]);
    },
  );

  it('can be broken off although the source ignores its signal', async () => {
    const clock = virtualClock();
    const source = memorySource({ splits, at: (step) => (step === 'deliver 0 at 4' ? ignoring() : undefined) });
    const batches = read(source, { clock })[Symbol.asyncIterator]();
    await batches.next();
    await idle();

    const end = await clock.settle(batches.return!());

    expect(end.done).toBe(true);
    expect(source.steps).toContain('finish abandoned');
  });

  it('settles with the reason when the signal is aborted between two batches', async () => {
    const controller = new AbortController();
    const source = memorySource({ splits });
    const batches = read(source, { signal: controller.signal })[Symbol.asyncIterator]();
    await batches.next();
    controller.abort('enough');

    const failure = await failureOf(batches.next());

    expect(failure).toBe('enough');
    expect(source.steps.slice(-2)).toEqual(['finish abandoned', 'dispose']);
  });

  it.each(['check', 'plan', 'splits', 'deliver 0 at 4'])('fails with a coded error when %s does', async (where) => {
    const source = memorySource({
      splits,
      at: (step) => (step === where ? Promise.reject(new Error('oops')) : undefined),
    });

    expect(await failureOf(rowsOf(read(source)))).toMatchObject({
      code: 'INTERNAL',
      message: expect.stringContaining('numbers'),
    });
    expect(source.steps.at(-1)).toBe('dispose');
  });

  it('goes on up to the number of rejected rows that is allowed', async () => {
    const reject: MemorySourceOptions['reject'] = ({ id }) => (id === 6 || id === 20_002 ? 'no' : undefined);
    const allowing = (maxRejects: number) => rowsOf(read(memorySource({ splits, reject }), { maxRejects }));

    const rows = await allowing(2);
    const failure = await failureOf(allowing(1));

    expect(rows).toEqual(splits.flat().filter((row) => reject(row) === undefined));
    expect(failure).toMatchObject({
      code: 'ROWS_REJECTED',
      message: expect.stringContaining('(first: row 6 of split 0)'),
    });
  });

  it('refuses columns that rows cannot hold before anything is started', async () => {
    const schema = new Schema([new Field('hash', new FixedSizeBinary(3), true)]);
    const source = memorySource({ splits, plan: { schema } });

    const failure = await failureOf(Array.fromAsync(read(source).rows()));

    expect(failure).toMatchObject({ code: 'TYPE_UNSUPPORTED', message: expect.stringContaining('"hash"') });
    expect(source.steps).toEqual(['check', 'plan', 'dispose']);
  });

  it('refuses wrong options', async () => {
    expect(await failureOf(rowsOf(read(memorySource({ splits }), { prefetch: -1 })))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('read: prefetch'),
    });
  });
});

describe('explain', () => {
  it('checks and plans, and starts nothing', async () => {
    const source = memorySource({ splits, plan: { estimate: { rows: 17 } } });

    const plan = await explain(source);

    expect(plan).toMatchObject({ state: { v: 1 }, estimate: { rows: 17 } });
    expect(source.steps).toEqual(['check', 'plan', 'dispose']);
  });

  it('settles with the reason although the source ignores its signal', async () => {
    const controller = new AbortController();
    const clock = virtualClock();
    const hang = (step: string, ctx: Context | undefined): unknown =>
      step === 'plan' && ctx !== undefined ? new Promise(() => {}) : undefined;
    const explaining = explain(memorySource({ splits, at: hang }), { clock, signal: controller.signal });
    queueMicrotask(() => controller.abort('enough'));

    expect(await failureOf(clock.settle(explaining))).toBe('enough');
  });
});
