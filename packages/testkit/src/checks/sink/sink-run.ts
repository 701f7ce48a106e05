import type { Intent, Json, LeftBehind, PartId, Reject, Row, RowRange, Sink, WriteMode, Writer } from '@sluice/core';

import { fail } from '../../check/check-failure.ts';
import { type CheckTools, kept } from '../../check/check-tools.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { type TestTable, testTable } from '../../data/test-table.ts';
import type { SinkHarness, SinkTarget } from '../../harness/sink-harness.ts';
import type { TestContext } from '../../tools/test-context.ts';

/** What a commit said of a part, its rejects collected. */
export interface CommittedPart {
  readonly part: PartId;
  readonly writtenRows: number;
  readonly rejects: readonly Reject[];
  readonly inDoubt: readonly RowRange[];
}

export interface StagedRows {
  readonly from: number;
  readonly to: number;
  /** Rows of a batch. Default 7. */
  readonly batchRows?: number;
}

/**
 * One run into a target, as the engine drives it, except that each step can be left out or repeated: it happens on an
 * instance of its own, and only the memo, the target and the messages go from one to the next, as JSON.
 */
export class SinkRun {
  readonly target: SinkTarget;
  readonly table: TestTable;
  /** Of the write phase; refusals while writing are found here. */
  readonly refused = new Map<string, readonly Reject[]>();
  readonly #tools: CheckTools;
  readonly #harness: SinkHarness;
  #test: TestContext;
  #aim: Json = null;
  /** Writers of processes that have died, closed at the end, since this process lives on. */
  readonly #abandoned: Writer[] = [];

  constructor(harness: SinkHarness, tools: CheckTools, target: SinkTarget, table: TestTable) {
    this.#harness = harness;
    this.#tools = tools;
    this.target = target;
    this.table = table;
    this.#test = tools.context();
    tools.atEnd(async () => {
      for (const writer of this.#abandoned) await writer[Symbol.asyncDispose]();
    });
  }

  get aim(): Json {
    return this.#aim;
  }

  get context(): TestContext {
    return this.#test;
  }

  /** An instance in another process. */
  sink(): Sink {
    this.#test = this.#test.anotherProcess();
    return this.#tools.use(this.target.sink());
  }

  async open(intent: Partial<Intent> = {}): Promise<Json> {
    const sink = this.sink();
    const mode = intent.mode ?? firstMode(this.#harness);
    const keys = mode === 'upsert' ? { keys: this.#harness.keys ?? [this.#harness.identity] } : {};
    this.#aim = kept(await sink.open(this.table.schema, { mode, ...keys, ...intent }, this.#test.ctx));
    return this.#aim;
  }

  /** Writes rows and prepares them; gives the message. */
  async stage(part: PartId, rows: StagedRows, after?: Json): Promise<Json> {
    await using writer = await this.write(part, rows, after);
    return kept(await writer.prepare());
  }

  /** Writes rows, and leaves the writer to whoever asked. */
  async write(part: PartId, { from, to, batchRows = 7 }: StagedRows, after?: Json): Promise<Writer> {
    const writer = await this.writer(part, after);
    const refused: Reject[] = [];
    for (let at = from; at < to; at += batchRows) {
      const { rejects = [] } = await writer.write(this.table.batch(at, Math.min(to, at + batchRows)));
      refused.push(...rejects);
    }
    this.refused.set(nameOf(part), refused);
    return writer;
  }

  async writer(part: PartId, after?: Json): Promise<Writer> {
    const sink = this.sink();
    const { writers } = sink.traits;
    return await sink.writer(this.#aim, this.table.schema, part, this.#test.ctx, writers === 1 ? after : undefined);
  }

  /** As after a crash: nobody ever ends it. */
  abandon(writer: Writer): void {
    this.#abandoned.push(writer);
  }

  async commit(messages: readonly Json[], sink: Sink = this.sink()): Promise<readonly CommittedPart[]> {
    const parts: CommittedPart[] = [];
    const groups = sink.traits.commit === 'end' ? [messages] : messages.map((message) => [message]);
    for (const group of groups) {
      for await (const { part, writtenRows, rejects, inDoubt = [] } of this.commitOnce(group, sink)) {
        parts.push({ part, writtenRows, rejects: (await Array.fromAsync(rejects)).flat(), inDoubt });
      }
    }
    return parts;
  }

  commitOnce(messages: readonly Json[], sink: Sink = this.sink()): ReturnType<Sink['commit']> {
    return sink.commit(this.#aim, this.table.schema, messages.map(kept), this.#test.ctx);
  }

  async abort(messages: readonly Json[]): Promise<readonly LeftBehind[]> {
    const sink = this.sink();
    return await sink.abort(this.#aim, messages.map(kept), this.#test.ctx);
  }

  /** Fails unless the target holds these rows of the table, and no others. */
  async requireRows(where: string, rows: readonly Row[] = this.table.rows): Promise<void> {
    const { schema, identity } = this.table;
    const found = await this.target.rows();
    const difference = rowDifference({ schema, identity, rows }, found, this.#harness.keepsOrder === true);
    if (difference !== undefined) fail(`${where}: ${difference}`);
  }
}

/** A run into an empty target, or into one that was written to before. */
export async function startRun(
  harness: SinkHarness,
  tools: CheckTools,
  options: { readonly rows?: number; readonly hasLargeValues?: boolean; readonly target?: SinkTarget } = {},
): Promise<SinkRun> {
  const { rows = 30, hasLargeValues = false, target = tools.use(await harness.target()) } = options;
  const { columns, identity } = harness;
  return new SinkRun(harness, tools, target, testTable({ columns, identity, rows, hasLargeValues }));
}

/** All rows of the table in parts of ten. */
export async function stageAll(run: SinkRun, partRows = 10): Promise<readonly Json[]> {
  const messages: Json[] = [];
  for (let from = 0; from < run.table.rows.length; from += partRows) {
    const rows = { from, to: Math.min(run.table.rows.length, from + partRows) };
    messages.push(await run.stage({ split: 0, part: messages.length }, rows, messages.at(-1)));
  }
  return messages;
}

/** Opened, written, committed. */
export async function writeAll(run: SinkRun, intent: Partial<Intent> = {}): Promise<readonly CommittedPart[]> {
  await run.open(intent);
  return await run.commit(await stageAll(run));
}

/** A mode that an empty target takes. */
export function firstMode({ modes }: SinkHarness): WriteMode {
  return (['create', 'append', 'overwrite', 'upsert'] as const).find((mode) => modes.includes(mode)) ?? 'create';
}

export function nameOf({ split, part }: PartId): string {
  return `${split}/${part}`;
}
