import { describe, expect, it } from 'vitest';

import type { Context } from '../../src/contract/context.ts';
import { SluiceError } from '../../src/error/sluice-error.ts';
import { memoryJournal } from '../../src/journal/memory-journal.ts';
import { failureOf } from '../thrown.ts';
import { batchOfRows, rowsOfSplit, splitsOf } from './row-batches.ts';
import { scene } from './scene.ts';
import { idle } from './virtual-clock.ts';

const splits = splitsOf(9, 9);
const reason = new Error('enough');

describe('a plugin that comes back when its run has settled', () => {
  it.each<[string, (ctx: Context) => unknown]>([
    ['a memo', (ctx) => ctx.memo.set('job', 'b')],
    ['a note', (ctx) => ctx.note({ code: 'LATE', message: 'late' })],
  ])('with %s is refused, and the journal stays as it is', async (_, use) => {
    for (const side of ['source', 'sink'] as const) {
      const contexts: Context[] = [];
      const at = (_step: string, ctx: Context | undefined): void => {
        if (ctx !== undefined) contexts.push(ctx);
      };
      const journal = memoryJournal();
      const { copy } = scene({ splits, ...(side === 'source' ? { at } : {}) }, side === 'sink' ? { at } : {});
      await copy({ id: 'a', journal });
      const before = await journal.peek('a');

      const failure = await failureOf(async () => await use(contexts.at(-1)!));

      expect(failure).toSatisfy(SluiceError.is);
      expect(await journal.peek('a')).toEqual(before);
    }
  });
});

describe('a source that goes on after an abort', () => {
  it('reaches nobody with what it delivers', async () => {
    const controller = new AbortController();
    let delivered = 0;
    const { source, sink, copy } = scene({ splits }, { writers: 1 });
    const from = {
      ...source,
      async *read(...[, , ctx]: Parameters<typeof source.read>) {
        for (; delivered < 20; delivered++) {
          if (delivered === 5) controller.abort(reason);
          await ctx.clock.sleep(1, new AbortController().signal);
          yield { batch: batchOfRows(rowsOfSplit(0, 3)) };
        }
      },
    };

    const failure = await failureOf(copy({ from, signal: controller.signal, parallelism: 1 }));
    const written = sink.batches.length;
    await idle();

    expect(failure).toBe(reason);
    expect(written).toBeLessThanOrEqual(5);
    expect(sink.batches).toHaveLength(written);
    expect(delivered).toBeLessThan(8);
  });
});
