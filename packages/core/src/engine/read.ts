import type { RecordBatch, Schema } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { Plan, Source } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { type Row, rowReader } from '../rows/row-reader.ts';
import { linkedController } from './abort.ts';
import { processBudgets } from './budget.ts';
import { disposeAll, leftBehindBy, withinBound } from './clean-up.ts';
import { readersInOrder } from './copy-splits.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { fromPlugin } from './plugin-fault.ts';
import { RejectGroups } from './reject-groups.ts';
import { RejectLimit } from './reject-limit.ts';
import { RunLog } from './run-log.ts';
import { type ParsedRunOptions, parseRunOptions, type RunOptions } from './run-options.ts';
import { planSource } from './run-plan.ts';
import { SplitQueue } from './split-queue.ts';
import { SOURCE_SCOPE } from './split-reader.ts';

/** Batches of a source; every iteration reads it anew. */
export interface BatchReader extends AsyncIterable<RecordBatch> {
  /** Row by row, decimals and dates as text. */
  rows(): AsyncIterable<Row>;
}

/**
 * Reads a source without a sink, in the order of its splits. Breaking off the iteration ends what was started; so does
 * the end. With no demand, reading stops within `parallelism x (prefetch + 1)` batches. The source is disposed of.
 *
 * @throws from the iteration, besides what the source throws: `ROWS_REJECTED` for more than `maxRejects` rows.
 */
export function read(source: Source, options: RunOptions = {}): BatchReader {
  return {
    [Symbol.asyncIterator]: () => readBatches(source, parseRunOptions('read', options)),
    async *rows() {
      for await (const batch of readBatches(source, parseRunOptions('read', options)))
        yield* rowReader(batch.schema)(batch);
    },
  };
}

/** What a source would read, and what it knows to tell about it: checks and plans, starts nothing. */
export async function explain(source: Source, options: RunOptions = {}): Promise<Plan<Json>> {
  const parsed = parseRunOptions('explain', options);
  return await withSource(source, parsed, async (run, signal) => {
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    await fromPlugin(source.name, signal, () => source.check(ctx));
    return await planSource(source, () => source.plan(ctx), signal);
  });
}

async function withSource<T>(
  source: Source,
  parsed: ParsedRunOptions,
  work: (run: RunParts, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  using controller = linkedController(parsed.signal);
  const run = await memoryRun(parsed);
  try {
    controller.signal.throwIfAborted();
    return await work(run, controller.signal);
  } finally {
    processBudgets.release(run);
    await disposeAll([source], parsed.logger);
  }
}

async function memoryRun(parsed: ParsedRunOptions): Promise<RunParts> {
  const { clock, random, logger, batch, retry } = parsed;
  const emit = (): void => {};
  const journal = await memoryJournal().open('read');
  const log = new RunLog({ journal, clock, fingerprint: '', emit });
  return { log, clock, random, logger, batch, retry, budgets: processBudgets, emit };
}

async function* readBatches(source: Source, parsed: ParsedRunOptions): AsyncGenerator<RecordBatch, void, undefined> {
  using controller = linkedController(parsed.signal);
  const { signal } = controller;
  const run = await memoryRun(parsed);
  try {
    signal.throwIfAborted();
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    await fromPlugin(source.name, signal, () => source.check(ctx));
    const { state: plan, schema } = await planSource(source, () => source.plan(ctx), signal);
    let end: 'committed' | 'abandoned' = 'abandoned';
    try {
      yield* readSplits(source, plan, schema, { parsed, run, signal });
      end = 'committed';
    } finally {
      if (end === 'abandoned') controller.abort(new SluiceError('INTERNAL', 'nobody reads any further'));
      await finish(source, plan, end, { parsed, run });
    }
  } finally {
    processBudgets.release(run);
    await disposeAll([source], parsed.logger);
  }
}

interface Reading {
  readonly parsed: ParsedRunOptions;
  readonly run: RunParts;
  readonly signal: AbortSignal;
}

async function* readSplits(
  source: Source,
  plan: Json,
  sourceSchema: Schema,
  { parsed, run, signal }: Reading,
): AsyncGenerator<RecordBatch, void, undefined> {
  const { prefetch } = parsed;
  const parallelism = Math.min(parsed.parallelism, source.traits.connections ?? Infinity);
  const limit = new RejectLimit(parsed.maxRejects);
  const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
  await using queue = new SplitQueue(source, plan, run.log, ctx);
  await using readers = readersInOrder({ run, source, plan, sourceSchema, prefetch, signal }, queue, parallelism);
  for (let next = await readers.next(); next !== undefined; next = await readers.next()) {
    await using reader = next.reader;
    for (let rows = await reader.next(), firstRow = 0; rows !== undefined; rows = await reader.next()) {
      const { batch, rejects } = rows;
      if (rejects.length > 0) {
        const groups = new RejectGroups();
        for (const { row, ...reject } of rejects) groups.add({ stage: 'read', ...reject, firstRow: firstRow + row });
        limit.add(groups.values());
        limit.check();
      }
      firstRow += batch.numRows + rejects.length;
      if (batch.numRows > 0) yield batch;
    }
  }
}

async function finish(
  source: Source,
  plan: Json,
  end: 'committed' | 'abandoned',
  { parsed, run }: Omit<Reading, 'signal'>,
): Promise<void> {
  const left = await withinBound(parsed.cleanupMs, parsed.clock, (signal) => {
    const ctx = pluginContext(run, { plugin: source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
    return leftBehindBy(source.name, signal, () => source.finish(plan, end, ctx));
  });
  for (const { kind, id, reason } of left) parsed.logger.warn(`left behind: ${kind} ${id}`, { reason });
}
