import { batchBytes, type PartResult, type Sink, type Writer } from '@sluice/core';

import type { CopyMeter } from './copy-meter.ts';
import type { OpenedSink } from './opened-sink.ts';

/**
 * The same sink, measured: files as they are once all has been committed, bytes as those of the files, or of the batches
 * where there are none.
 */
export function measuredSink({ sink, written }: Pick<OpenedSink, 'sink' | 'written'>, meter: CopyMeter): Sink {
  return {
    contractVersion: sink.contractVersion,
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
      if (written === undefined) return;
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
    async write(batch) {
      const outcome = await meter.on('Sink', async () => await writer.write(batch));
      meter.bytesWritten += batchBytes(batch);
      return outcome;
    },
    prepare: () => meter.on('Sink', async () => await writer.prepare()),
    async [Symbol.asyncDispose]() {
      meter.sink.leave();
      await writer[Symbol.asyncDispose]();
    },
  };
}
