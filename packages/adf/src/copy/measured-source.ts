import type { Context, Delivery, Json, Source } from '@sluice/core';

import { RunGate } from '../run/run-gate.ts';
import type { CopyMeter } from './copy-meter.ts';

export interface MeasuredSourceOptions {
  /** Connections at the same time, at most: requests, and results that are being read. */
  readonly maxConnections: number | undefined;
}

/** The same source, measured, and held to a number of connections: a split that is read counts as one to its end. */
export function measuredSource(
  source: Source,
  meter: CopyMeter,
  { maxConnections = Infinity }: MeasuredSourceOptions,
): Source {
  const gate = new RunGate(maxConnections);

  async function connection<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    await gate.enter(signal);
    meter.source.enter();
    try {
      return await request();
    } finally {
      meter.source.leave();
      gate.leave();
    }
  }

  /** Where no result is being read, each request is a connection. */
  const counted = (ctx: Context): Context => ({
    ...ctx,
    async note(note) {
      meter.addNote(note);
      await ctx.note(note);
    },
    account(id, limits) {
      const account = ctx.account(id, limits);
      return { id, call: (request) => connection(ctx.signal, async () => await account.call(request)) };
    },
  });

  async function* read(plan: Json, split: Json, ctx: Context, from?: Json): AsyncGenerator<Delivery<Json>> {
    await gate.enter(ctx.signal);
    meter.source.enter();
    meter.parallelReads.enter();
    const rows = source.read(plan, split, ctx, from)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await meter.on('Source', async () => await rows.next());
        if (next.done === true) return;
        meter.noteRows();
        yield next.value;
      }
    } finally {
      try {
        await rows.return?.();
      } finally {
        meter.parallelReads.leave();
        meter.source.leave();
        gate.leave();
      }
    }
  }

  return {
    contractVersion: source.contractVersion,
    name: source.name,
    config: source.config,
    traits: {
      ...source.traits,
      ...(maxConnections === Infinity
        ? {}
        : { connections: Math.min(maxConnections, source.traits.connections ?? Infinity) }),
    },
    check: (ctx) => meter.on('Source', async () => await source.check(counted(ctx))),
    ...(source.discover === undefined ? {} : { discover: (ctx) => source.discover!(counted(ctx)) }),
    async plan(ctx) {
      const plan = await meter.on('Source', async () => await source.plan(counted(ctx)));
      for (const note of plan.notes) meter.addNote(note);
      return plan;
    },
    async *splits(plan, ctx, after) {
      const splits = source.splits(plan, counted(ctx), after)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await meter.on('Source', async () => await splits.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await splits.return?.();
      }
    },
    read,
    finish: (plan, end, ctx) => meter.on('Source', async () => await source.finish(plan, end, counted(ctx))),
    [Symbol.asyncDispose]: async () => await source[Symbol.asyncDispose](),
  };
}
