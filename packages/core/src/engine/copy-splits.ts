import type { Json } from '../contract/json.ts';
import type { CopyParts } from './copy-parts.ts';
import { copySplit } from './copy-split.ts';
import type { DeliveredRows } from './delivered-rows.ts';
import type { PartsUnderWay } from './parts-under-way.ts';
import { type ReadAhead, readAhead } from './read-ahead.ts';
import { partsOf } from './run-state.ts';
import type { OpenSplit, SplitQueue } from './split-queue.ts';
import { openReader, type ReadingParts } from './split-reader.ts';

/** Copies all splits: side by side, or in their order where the sink has a single stream of parts. */
export async function copySplits(copy: CopyParts, queue: SplitQueue, underWay: PartsUnderWay): Promise<void> {
  const { sink, parallelism } = copy;
  const { writers } = sink.traits;
  const lanes =
    writers === 1
      ? [copyInOrder(copy, queue, underWay)]
      : Array.from({ length: Math.min(parallelism, writers) }, () => copyLane(copy, queue, underWay));
  // Nothing goes on behind a failure: it ends the other lanes, and they are waited for.
  const settled = await Promise.allSettled(lanes.map((lane) => lane.catch(copy.fail)));
  const failed = settled.find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function copyLane(copy: CopyParts, queue: SplitQueue, underWay: PartsUnderWay): Promise<void> {
  for (let split = await queue.next(); split !== undefined; split = await queue.next()) {
    await copySplit(copy, underWay, { split, reader: openReader(copy, split), after: undefined });
  }
}

async function copyInOrder(copy: CopyParts, queue: SplitQueue, underWay: PartsUnderWay): Promise<void> {
  let after: Json | undefined = partsOf(copy.run.log.state).at(-1)?.prepared.message;
  await using readers = readersInOrder(copy, queue, copy.parallelism);
  for (let next = await readers.next(); next !== undefined; next = await readers.next()) {
    after = await copySplit(copy, underWay, { ...next, after });
  }
}

export interface OpenedSplit {
  readonly split: OpenSplit;
  readonly reader: ReadAhead<DeliveredRows>;
}

/** Splits in their order, `parallelism` of them read at once. */
export function readersInOrder(parts: ReadingParts, queue: SplitQueue, parallelism: number): ReadAhead<OpenedSplit> {
  async function* open(): AsyncGenerator<OpenedSplit, void, undefined> {
    for (let split = await queue.next(); split !== undefined; split = await queue.next()) {
      yield { split, reader: openReader(parts, split) };
    }
  }
  return readAhead(open(), {
    depth: parallelism - 1,
    signal: parts.signal,
    drop: async ({ reader }) => await reader[Symbol.asyncDispose](),
  });
}
