import { SluiceError } from '../error/sluice-error.ts';
import { linkedController } from './abort.ts';
import { lettingGo } from './clean-up.ts';
import type { CopyParts } from './copy-parts.ts';
import type { DeliveredRows } from './delivered-rows.ts';
import { pluginContext, reportRetry } from './plugin-context.ts';
import { type ReadAhead, readAhead } from './read-ahead.ts';
import { readSplit } from './read-split.ts';
import { replayedRows } from './replay-check.ts';
import type { OpenSplit } from './split-queue.ts';

export type ReadingParts = Pick<CopyParts, 'run' | 'source' | 'plan' | 'sourceSchema' | 'prefetch' | 'signal'>;

export const SOURCE_SCOPE = 'source';

/** Reads a split ahead of whoever takes its rows. */
export function openReader(
  { run, source, plan, sourceSchema, prefetch, signal }: ReadingParts,
  { ordinal, value, from }: Pick<OpenSplit, 'ordinal' | 'value' | 'from'>,
): ReadAhead<DeliveredRows> {
  const abort = linkedController(signal);
  const ctx = pluginContext(run, {
    plugin: source.name,
    side: 'read',
    memoScope: SOURCE_SCOPE,
    signal: abort.signal,
  });
  const name = `split ${ordinal}`;
  const rows = readSplit(
    {
      source,
      plan,
      schema: sourceSchema,
      split: value,
      name,
      from,
      replayed: replayedRows(run.log.state.splits[ordinal]?.parts ?? [], from),
      policy: run.retry,
      onRetry: reportRetry(run),
    },
    ctx,
  );
  const reader = readAhead(rows, { depth: prefetch, signal: abort.signal });
  return {
    next: () => reader.next(),
    async [Symbol.asyncDispose]() {
      abort.abort(new SluiceError('INTERNAL', `${name} is not read any further`));
      abort[Symbol.dispose]();
      await lettingGo(source.name, run.logger, () => reader[Symbol.asyncDispose]());
    },
  };
}
