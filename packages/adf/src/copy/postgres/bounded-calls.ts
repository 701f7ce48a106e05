import type { Context, Sink, Source, Writer } from '@sluice/core';

import { withTimeLimit } from '../../run/time-limit.ts';

export interface CallBound {
  readonly limitMs: number;
  /** Such as `the query`. */
  readonly what: string;
}

interface BoundedCalls {
  /** For what is called: it ends with the call that takes too long. */
  readonly ctx: Context;
  /** @throws `DEADLINE_EXCEEDED` */
  call<T>(work: () => Promise<T>): Promise<T>;
}

function boundedCalls(ctx: Context, { limitMs, what }: CallBound): BoundedCalls {
  const stop = new AbortController();
  return {
    ctx: { ...ctx, signal: AbortSignal.any([ctx.signal, stop.signal]) },
    call: async (work) =>
      await withTimeLimit({ clock: ctx.clock, signal: ctx.signal, limitMs, what }, async (signal) => {
        const end = (): void => stop.abort(signal.reason);
        signal.addEventListener('abort', end, { once: true });
        try {
          return await work();
        } finally {
          signal.removeEventListener('abort', end);
        }
      }),
  };
}

/** The same source, of which planning and each wait for rows may take so long; what readers do with them does not count. */
export function boundedSource(source: Source, bound: CallBound): Source {
  return {
    ...source,
    async plan(outer) {
      const { ctx, call } = boundedCalls(outer, bound);
      return await call(async () => await source.plan(ctx));
    },
    async *read(plan, split, outer, from) {
      const { ctx, call } = boundedCalls(outer, bound);
      const rows = source.read(plan, split, ctx, from)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await call(async () => await rows.next());
          if (next.done === true) return;
          yield next.value;
        }
      } finally {
        await rows.return?.();
      }
    },
  };
}

/** The same sink, of which taking rows and staging them may take so long; waiting for rows does not count. */
export function boundedSink(sink: Sink, bound: CallBound): Sink {
  return {
    ...sink,
    async writer(target, schema, part, outer, after): Promise<Writer> {
      const { ctx, call } = boundedCalls(outer, bound);
      const writer = await call(async () => await sink.writer(target, schema, part, ctx, after));
      return {
        write: async (batch) => await call(async () => await writer.write(batch)),
        prepare: async () => await call(async () => await writer.prepare()),
        [Symbol.asyncDispose]: async () => await writer[Symbol.asyncDispose](),
      };
    },
  };
}
