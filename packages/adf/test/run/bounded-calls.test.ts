import { collect, copy, fromBatches, type RunOptions } from '@sluice/core';
import { Field, Int32, makeData, RecordBatch, Schema, Struct } from 'apache-arrow';
import { describe, expect, it } from 'vitest';

import { boundedSink, boundedSource } from '../../src/copy/postgres/bounded-calls.ts';
import { QuickClock } from './quick-clock.ts';

const schema = new Schema([new Field('n', new Int32(), true)]);
const children = [makeData({ type: new Int32(), length: 2, data: Int32Array.of(1, 2) })];
const batch = new RecordBatch(schema, makeData({ type: new Struct(schema.fields), length: 2, nullCount: 0, children }));

/** Short waits are over at once on it, and long ones never are. */
const run = (): RunOptions => ({ clock: new QuickClock(), retry: { attempts: 1 } });
const soon = { limitMs: 1_000, what: 'the call' };
const late = { limitMs: 3_600_000, what: 'the call' };

async function forever(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
}

describe('calls of a database', () => {
  it('are ended when rows are not taken within their time', async () => {
    const table = collect();
    const stuck = {
      ...table,
      writer: async (...[, , , ctx]: Parameters<typeof table.writer>) => ({
        write: async () => await forever(ctx.signal),
        prepare: async () => await forever(ctx.signal),
        async [Symbol.asyncDispose]() {},
      }),
    };
    const copied = copy({ ...run(), from: fromBatches(schema, [batch]), to: boundedSink(stuck, soon) });

    await expect(copied).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
      message: expect.stringContaining('the call took longer than its time-out of 1 seconds') as string,
    });
  });

  it('are ended when no rows come within their time, nor a plan', async () => {
    const source = fromBatches(schema, [batch]);
    const silent = {
      ...source,
      async *read(...[, , ctx]: Parameters<typeof source.read>) {
        yield { batch };
        await forever(ctx.signal);
      },
    };
    const unplanned = { ...source, plan: async (ctx: Parameters<typeof source.plan>[0]) => await forever(ctx.signal) };

    for (const from of [silent, unplanned]) {
      const copied = copy({ ...run(), from: boundedSource(from, soon), to: collect() });
      await expect(copied).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    }
  });

  it('go on as they are within their time', async () => {
    const table = collect();
    const from = boundedSource(fromBatches(schema, [batch]), late);

    const { writtenRows } = await copy({ ...run(), from, to: boundedSink(table, late) });

    expect([writtenRows, table.table().numRows]).toEqual([2, 2]);
  });
});
