import type { RecordBatch, Schema } from 'apache-arrow';

import type { Context } from '../contract/context.ts';
import type { SideName } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { CommitContext, PartId, PreparedPart } from '../contract/sink.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { checkJson } from '../json/json-check.ts';
import { lettingGo } from './clean-up.ts';
import { pluginContext, reportRetry, type RunParts } from './plugin-context.ts';
import { contractBroken, fromPlugin } from './plugin-fault.ts';
import { withRetries } from './retry.ts';
import { partName, type RunState } from './run-state.ts';
import { Semaphore } from './semaphore.ts';
import { partScope, rememberedParts } from './staged-parts.ts';
import type { Watched, WatchedSink } from './watched-plugin.ts';
import { forEachRefused } from './write-part.ts';

export type Sides = Readonly<Partial<Record<SideName, SideSink>>>;

export interface SideOptions {
  readonly run: RunParts;
  readonly name: SideName;
  readonly sink: WatchedSink;
  readonly target: Json;
  readonly schema: Schema;
}

/** Rows that belong to a part of the sink. */
export interface SideRows {
  readonly part: PartId;
  readonly rows: number;
  batches(): AsyncIterable<RecordBatch>;
}

type SidePart = RunState['sides'][SideName] extends Map<string, infer P> ? P : never;

/**
 * A sink beside the sink. It has one part for each of the sink's parts that has rows for it, of the same name, however
 * large that is. Where it commits by part, it does so at once; else when the run ends, however it ends: what was said of
 * rows of committed parts is a fact.
 */
export class SideSink {
  readonly #options: SideOptions;
  readonly #writers: Semaphore;

  constructor(options: SideOptions) {
    this.#options = options;
    this.#writers = new Semaphore(options.sink.traits.writers);
  }

  get sink(): Watched {
    return this.#options.sink;
  }

  /** Once it resolves, the rows are safe: in the journal, or there. What is there from before is not written again. */
  async write(rows: SideRows, signal: AbortSignal): Promise<void> {
    const { name, sink } = this.#options;
    const known = this.#parts.get(partName(rows.part));
    if (known !== undefined && known.rows !== rows.rows) {
      throw new SluiceError(
        'CONTRACT_BROKEN',
        `${partName(rows.part)} had ${known.rows} rows for the sink of ${name} rows, and now has ${rows.rows}`,
        { hint: 'Committing a part again must give the same results; report this to the author of the sink.' },
      );
    }
    if (rows.rows === 0) return;
    const part = known ?? (await this.#prepare(rows, signal));
    if (sink.traits.commit === 'part') await this.#commit([part], signal);
  }

  /** At the end of a run. */
  async finish(signal: AbortSignal): Promise<void> {
    if (this.#options.sink.traits.commit === 'end') await this.#commit([...this.#parts.values()], signal);
  }

  /** At the end of a run that is given up: keeps the rows there are, and removes what is unfinished. */
  async giveUp(signal: AbortSignal): Promise<readonly LeftBehind[]> {
    const {
      run: { log },
      name,
      sink,
      target,
      schema,
    } = this.#options;
    if (this.#parts.size > 0) await this.finish(signal);
    const begun = rememberedParts(log.state, name).filter((part) => !this.#parts.has(partName(part)));
    const parts = begun.map((part) => ({ part, message: undefined, memo: log.memo(partScope(part, name), sink.name) }));
    const { leftBehind } = await sink.abort(target, schema, parts, this.#context(signal));
    return leftBehind;
  }

  get #parts(): ReadonlyMap<string, SidePart> {
    return this.#options.run.log.state.sides[this.#options.name];
  }

  async #prepare(rows: SideRows, signal: AbortSignal): Promise<SidePart> {
    const { run, name, sink } = this.#options;
    // Where parts come in order, the next begins when the one before is in the journal.
    const place = await this.#writers.acquire(signal);
    try {
      const after = sink.traits.writers === 1 ? [...this.#parts.values()].at(-1)?.message : undefined;
      const message = await withRetries(
        () => fromPlugin(sink.name, signal, () => this.#stage(rows, after, signal)),
        { what: `write ${name} rows of ${partName(rows.part)}`, safe: true },
        { policy: run.retry, clock: run.clock, random: run.random, onRetry: reportRetry(run) },
        signal,
      );
      await run.log.append({ kind: 'sidePrepared', side: name, part: rows.part, message, rows: rows.rows });
    } finally {
      place[Symbol.dispose]();
    }
    return this.#parts.get(partName(rows.part))!;
  }

  async #stage({ part, rows, batches }: SideRows, after: Json | undefined, signal: AbortSignal): Promise<Json> {
    const { run, sink, target, schema } = this.#options;
    const writer = await sink.writer(target, schema, part, this.#context(signal, part), after);
    try {
      let written = 0;
      for await (const batch of batches()) {
        const outcome = await writer.write(batch);
        forEachRefused(sink, outcome, written, written + batch.numRows, () => this.#refuse(part));
        written += batch.numRows;
        if (outcome.full === true && written < rows) this.#refuse(part);
      }
      if (written !== rows) {
        throw new SluiceError('INTERNAL', `of ${rows} rows beside ${partName(part)}, ${written} were found`);
      }
      const message = await writer.prepare();
      checkJson(message, `the message of ${partName(part)} from ${sink.name}`);
      return message;
    } finally {
      await lettingGo(sink.name, run.logger, () => writer[Symbol.asyncDispose]());
    }
  }

  async #commit(parts: readonly SidePart[], signal: AbortSignal): Promise<void> {
    const { run, name, sink, target, schema } = this.#options;
    const left = new Map(parts.map((part) => [partName(part.part), part]));
    const prepared = parts.map((part) => this.#preparedPart(part));
    await withRetries(
      () =>
        fromPlugin(sink.name, signal, async () => {
          for await (const { part, writtenRows } of sink.commit(
            target,
            schema,
            prepared,
            this.#commitContext(signal),
          )) {
            if (writtenRows !== left.get(partName(part))?.rows) this.#refuse(part);
            left.delete(partName(part));
          }
        }),
      { what: `commit ${name} rows`, safe: true },
      { policy: run.retry, clock: run.clock, random: run.random, onRetry: reportRetry(run) },
      signal,
    );
    for (const missing of left.keys()) throw contractBroken(sink.name, `it committed without a result for ${missing}`);
  }

  #preparedPart({ part, message }: SidePart): PreparedPart {
    const { name, run, sink } = this.#options;
    return {
      part,
      message,
      memo: run.log.memo(partScope(part, name), sink.name),
      rows() {
        throw contractBroken(name, 'rows of a sink for rejected or written rows are not kept');
      },
    };
  }

  #refuse(part: PartId): never {
    const { name, sink } = this.#options;
    throw new SluiceError(
      'ROWS_REJECTED',
      `${sink.name} does not take all ${name} rows of ${partName(part)}, which would be lost`,
      { hint: `Choose a sink for ${name} rows that takes any value, such as files.` },
    );
  }

  #commitContext(signal: AbortSignal): CommitContext {
    return {
      ...this.#context(signal),
      requireAllowed: (part, rejects) => {
        signal.throwIfAborted();
        if (rejects.length > 0) this.#refuse(part);
      },
    };
  }

  #context(signal: AbortSignal, part?: PartId): Context {
    const { run, name, sink } = this.#options;
    const memoScope = part === undefined ? name : partScope(part, name);
    return pluginContext(run, { plugin: sink.name, side: 'write', memoScope, signal });
  }
}
