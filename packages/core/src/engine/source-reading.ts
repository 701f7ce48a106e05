import type { RecordBatch } from 'apache-arrow';

import type { Json } from '../contract/json.ts';
import type { Plan, Source } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { memoryJournal } from '../journal/memory-journal.ts';
import { type LinkedController, linkedController } from './abort.ts';
import { processBudgets } from './budget.ts';
import { disposeAll, leftBehindBy, settledInTime, withinBound } from './clean-up.ts';
import { readersInOrder } from './copy-splits.ts';
import type { DeliveredRows } from './delivered-rows.ts';
import { KeptRows } from './kept-rows.ts';
import { unsettledCalls } from './pending-calls.ts';
import { pluginContext, type RunParts } from './plugin-context.ts';
import { fromPlugin } from './plugin-fault.ts';
import type { ReadAhead } from './read-ahead.ts';
import { RejectGroups } from './reject-groups.ts';
import { RejectLimit } from './reject-limit.ts';
import { RunLog } from './run-log.ts';
import type { ParsedRunOptions } from './run-options.ts';
import { planSource } from './run-plan.ts';
import { SplitQueue } from './split-queue.ts';
import { SOURCE_SCOPE } from './split-reader.ts';
import { type WatchedSource, watchedSource } from './watched-plugin.ts';

/** A source read without a sink, from its plan to its end. */
export class SourceReading {
  readonly #source: WatchedSource;
  readonly #options: ParsedRunOptions;
  readonly #run: RunParts;
  readonly #controller: LinkedController;

  private constructor(source: WatchedSource, options: ParsedRunOptions, run: RunParts) {
    this.#source = source;
    this.#options = options;
    this.#run = run;
    this.#controller = linkedController(options.signal);
  }

  static async open(source: Source, options: ParsedRunOptions): Promise<SourceReading> {
    const { clock, random, logger, batch, retry, cleanupMs } = options;
    const emit = (): void => {};
    const journal = await memoryJournal().open('read');
    const log = new RunLog({ journal, clock, fingerprint: '', emit });
    const run = {
      log,
      kept: new KeptRows(undefined),
      clock,
      random,
      logger,
      batch,
      retry,
      cleanupMs,
      budgets: processBudgets,
      emit,
    };
    return new SourceReading(watchedSource(source, clock), options, run);
  }

  /** Checks and plans. */
  async plan(): Promise<Plan<Json>> {
    const { signal } = this.#controller;
    const work = async (): Promise<Plan<Json>> => {
      const ctx = this.#context(signal);
      await fromPlugin(this.#source.name, signal, () => this.#source.check(ctx));
      return await planSource(this.#source, () => this.#source.plan(ctx), signal);
    };
    try {
      signal.throwIfAborted();
      return await this.#inTime(work());
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** In the order of the splits. Ended early or not, nothing of it goes on behind its end. */
  async *batches({ state: plan, schema }: Plan<Json>): AsyncGenerator<RecordBatch, void, undefined> {
    const { signal } = this.#controller;
    const run = this.#run;
    const source = this.#source;
    const { prefetch, parallelism } = this.#options;
    const limit = new RejectLimit(this.#options.maxRejects);
    const queue = new SplitQueue(source, plan, run.log, this.#context(signal));
    const readers = readersInOrder(
      { run, source, plan, sourceSchema: schema, prefetch, signal },
      queue,
      Math.min(parallelism, source.traits.connections ?? Infinity),
    );
    const open = new Set<AsyncDisposable>([queue, readers]);
    let end: 'committed' | 'abandoned' = 'abandoned';
    try {
      for (let next = await readers.next(); next !== undefined; next = await readers.next()) {
        const { reader, split } = next;
        open.add(reader);
        yield* deliveredBatches(reader, split.ordinal, limit);
        await reader[Symbol.asyncDispose]();
        open.delete(reader);
      }
      limit.checkAll();
      end = 'committed';
    } catch (error) {
      this.#fail(error);
    } finally {
      await this.#end(plan, end, open);
    }
  }

  async close(): Promise<void> {
    this.#run.log.close();
    this.#controller.abort(nobodyReads());
    this.#controller[Symbol.dispose]();
    processBudgets.release(this.#run);
    await disposeAll([this.#source], this.#options);
  }

  #context(signal: AbortSignal) {
    return pluginContext(this.#run, { plugin: this.#source.name, side: 'read', memoScope: SOURCE_SCOPE, signal });
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    const { clock, logger, cleanupMs: graceMs } = this.#options;
    const onOverdue = (): void => {
      for (const { id, reason } of unsettledCalls(this.#source.pending.takeUnnamed(), graceMs)) {
        logger.warn(`left alone: ${id}`, { reason });
      }
    };
    return settledInTime(work, { signal: this.#controller.signal, clock, graceMs, onOverdue });
  }

  /** Whatever was thrown on the way: what the reading was aborted with came first. */
  #fail(error: unknown): never {
    this.#controller.abort(error);
    throw this.#controller.signal.reason;
  }

  async #end(plan: Json, end: 'committed' | 'abandoned', open: ReadonlySet<AsyncDisposable>): Promise<void> {
    const { cleanupMs, clock, logger } = this.#options;
    this.#controller.abort(nobodyReads());
    const ending = Promise.all([...open].map((one) => one[Symbol.asyncDispose]()));
    // What never ends is named and left alone.
    await this.#inTime(ending).catch(() => {});
    const left = await withinBound(cleanupMs, clock, (signal) =>
      leftBehindBy(this.#source, signal, async () => await this.#source.finish(plan, end, this.#context(signal))),
    );
    for (const { kind, id, reason } of left) logger.warn(`left behind: ${kind} ${id}`, { reason });
  }
}

function nobodyReads(): SluiceError {
  return new SluiceError('INTERNAL', 'nobody reads any further');
}

async function* deliveredBatches(
  reader: ReadAhead<DeliveredRows>,
  split: number,
  limit: RejectLimit,
): AsyncGenerator<RecordBatch, void, undefined> {
  let firstRow = 0;
  for (let rows = await reader.next(); rows !== undefined; rows = await reader.next()) {
    const { batch, rejects } = rows;
    const groups = new RejectGroups();
    for (const { row, code, message, columns } of rejects) {
      groups.add({ stage: 'read', code, message, columns, rows: 1, firstSplit: split, firstRow: firstRow + row });
    }
    limit.add(groups.values(), batch.numRows + rejects.length);
    limit.check();
    firstRow += batch.numRows + rejects.length;
    if (batch.numRows > 0) yield batch;
  }
}
