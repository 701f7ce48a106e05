import type { Context, PartResult, Sink, Writer } from '@sluice/core';

import type { CopyMeter } from './copy-meter.ts';

export interface WrittenFiles {
  readonly files: number;
  readonly bytes: number;
}

/** The same sink, measured. `written` looks at what is there once all of it has been committed. */
export function measuredSink(sink: Sink, meter: CopyMeter, written: (ctx: Context) => Promise<WrittenFiles>): Sink {
  return {
    name: sink.name,
    config: sink.config,
    traits: sink.traits,
    check: (ctx) => meter.on('Sink', async () => await sink.check(ctx)),
    open: (schema, intent, ctx) => meter.on('Sink', async () => await sink.open(schema, intent, ctx)),
    async writer(target, schema, part, ctx, after) {
      const writer = await meter.on('Sink', async () => await sink.writer(target, schema, part, ctx, after));
      return measuredWriter(writer, meter);
    },
    async *commit(target, schema, parts, ctx): AsyncGenerator<PartResult> {
      const results = sink.commit(target, schema, parts, ctx)[Symbol.asyncIterator]();
      try {
        for (;;) {
          const next = await meter.on('Sink', async () => await results.next());
          if (next.done === true) break;
          yield next.value;
        }
      } finally {
        await results.return?.();
      }
      const { files, bytes } = await meter.on('Sink', async () => await written(ctx));
      meter.filesWritten = files;
      meter.bytesWritten = bytes;
    },
    abort: (target, schema, parts, ctx) => meter.on('Sink', async () => await sink.abort(target, schema, parts, ctx)),
    [Symbol.asyncDispose]: async () => await sink[Symbol.asyncDispose](),
  };
}

function measuredWriter(writer: Writer, meter: CopyMeter): Writer {
  meter.sink.enter();
  return {
    write: (batch) => meter.on('Sink', async () => await writer.write(batch)),
    prepare: () => meter.on('Sink', async () => await writer.prepare()),
    async [Symbol.asyncDispose]() {
      meter.sink.leave();
      await writer[Symbol.asyncDispose]();
    },
  };
}
