import { createPartDigest } from '../digest/part-digest.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { linkedController } from './abort.ts';
import type { CopyParts } from './copy-parts.ts';
import type { DeliveredRows } from './delivered-rows.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import { type ReadAhead, readAhead } from './read-ahead.ts';
import { readSplit, type SplitReading } from './read-split.ts';
import type { PartState } from './run-state.ts';
import type { OpenSplit } from './split-queue.ts';

export type ReadingParts = Pick<CopyParts, 'run' | 'source' | 'plan' | 'sourceSchema' | 'prefetch' | 'signal'>;

export const SOURCE_SCOPE = 'source';

/** Reads a split ahead of whoever takes its rows. */
export function openReader(
  parts: ReadingParts,
  split: Pick<OpenSplit, 'ordinal' | 'value' | 'from'>,
): ReadAhead<DeliveredRows> {
  const { run, source, plan, sourceSchema, prefetch } = parts;
  const abort = linkedController(parts.signal);
  const ctx = pluginContext(run, {
    plugin: source.name,
    side: 'read',
    memoScope: SOURCE_SCOPE,
    signal: abort.signal,
  });
  const { ordinal, value, from } = split;
  const name = `split ${ordinal}`;
  const reading: SplitReading = {
    source,
    plan,
    schema: sourceSchema,
    split: value,
    name,
    from,
    policy: run.retry,
    onRetry: reportRetry(run),
    // Without positions the rows of earlier parts pass once more, and have to be those that were written.
    ...(from.position === undefined && from.skipRows > 0
      ? { onSkipped: replayCheck(run.log.state.splits[ordinal]?.parts ?? [], sourceSchema, name) }
      : {}),
  };
  const reader = readAhead(readSplit(reading, ctx), { depth: prefetch, signal: abort.signal });
  return {
    next: () => reader.next(),
    async [Symbol.asyncDispose]() {
      abort.abort(new SluiceError('INTERNAL', `${name} is not read any further`));
      abort[Symbol.dispose]();
      await reader[Symbol.asyncDispose]();
    },
  };
}

/** @throws from the function it returns: `SOURCE_CHANGED` when the rows of a prepared part are no longer the same. */
export function replayCheck(
  parts: readonly PartState[],
  schema: CopyParts['sourceSchema'],
  name: string,
): (rows: DeliveredRows, count: number) => void {
  const left = [...parts];
  let digest = createPartDigest(schema);
  let digestedRows = 0;
  return (rows, count) => {
    for (let from = 0; from < count && left.length > 0;) {
      const { prepared } = left[0]!;
      const to = Math.min(count, from + prepared.readRows - digestedRows);
      digest.update(rows.batch, batchRowAt(rows, from), batchRowAt(rows, to));
      digestedRows += to - from;
      from = to;
      if (digestedRows < prepared.readRows) continue;
      if (digest.value() !== prepared.digest) {
        throw new SluiceError(
          'SOURCE_CHANGED',
          `${name} no longer gives the rows that part ${prepared.part.part} was made of`,
          {
            hint: 'Abandon the run and start a new one.',
          },
        );
      }
      left.shift();
      digest = createPartDigest(schema);
      digestedRows = 0;
    }
  };
}

/** Rows of the batch before a row of the delivery. */
function batchRowAt({ rejects, batch }: DeliveredRows, row: number): number {
  return Math.min(batch.numRows, row - rejects.filter((reject) => reject.row < row).length);
}
