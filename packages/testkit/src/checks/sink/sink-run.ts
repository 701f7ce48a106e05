import type {
  Intent,
  Json,
  LeftBehind,
  PartId,
  PartResult,
  PreparedPart,
  Reject,
  Row,
  RowRange,
  Sink,
  UnpreparedPart,
  WriteMode,
  Writer,
  WrittenRow,
} from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { fail } from '../../check/check-failure.ts';
import { type CheckTools, kept } from '../../check/check-tools.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { type TestTable, testTable } from '../../data/test-table.ts';
import type { SinkHarness, SinkTarget } from '../../harness/sink-harness.ts';
import { commitContext, type TestContext } from '../../tools/test-context.ts';

/** What a commit said of a part, its rejects collected. */
export interface CommittedPart {
  readonly part: PartId;
  readonly writtenRows: number;
  readonly rejects: readonly Reject[];
  readonly inDoubt: readonly RowRange[];
  readonly written: readonly WrittenRow[];
}

export interface AbortedRun {
  readonly leftBehind: readonly LeftBehind[];
  /** Of parts that had taken effect. */
  readonly results: readonly CommittedPart[];
}

export interface StagedRows {
  readonly from: number;
  readonly to: number;
  /** Rows of a batch. Default 7. */
  readonly batchRows?: number;
}

/** A prepared part, as far as a journal and what is kept beside it have it. */
export interface KeptPart {
  readonly part: PartId;
  readonly message: Json;
  readonly rows: StagedRows;
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
  readonly #opened = new Map<string, PartId>();
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

  /** Writes rows and prepares them. */
  async stage(part: PartId, rows: StagedRows, after?: KeptPart): Promise<KeptPart> {
    await using writer = await this.write(part, rows, after);
    return { part, message: kept(await writer.prepare()), rows };
  }

  /** Writes rows, and leaves the writer to whoever asked. */
  async write(part: PartId, rows: StagedRows, after?: KeptPart): Promise<Writer> {
    const writer = await this.writer(part, after);
    const refused: Reject[] = [];
    for (const batch of this.#batches(rows)) {
      const { rejects = [] } = await writer.write(batch);
      refused.push(...rejects);
    }
    this.refused.set(nameOf(part), refused);
    return writer;
  }

  async writer(part: PartId, after?: KeptPart): Promise<Writer> {
    const sink = this.sink();
    const { writers } = sink.traits;
    const ctx = { ...this.#test.ctx, memo: this.#test.partMemo(part) };
    this.#opened.set(nameOf(part), part);
    return await sink.writer(this.#aim, this.table.schema, part, ctx, writers === 1 ? after?.message : undefined);
  }

  /** As after a crash: nobody ever ends it. */
  abandon(writer: Writer): void {
    this.#abandoned.push(writer);
  }

  async commit(prepared: readonly KeptPart[], sink: Sink = this.sink()): Promise<readonly CommittedPart[]> {
    const parts: CommittedPart[] = [];
    const groups = sink.traits.commit === 'end' ? [prepared] : prepared.map((part) => [part]);
    for (const group of groups) {
      for await (const result of this.commitOnce(group, sink)) parts.push(await committedPart(result));
    }
    return parts;
  }

  commitOnce(
    prepared: readonly KeptPart[],
    sink: Sink = this.sink(),
    aim: Json = this.#aim,
  ): ReturnType<Sink['commit']> {
    return sink.commit(aim, this.table.schema, this.#parts(prepared), commitContext(this.#test.ctx));
  }

  /** Of these parts, and of all that a writer was opened for besides. */
  async abort(prepared: readonly KeptPart[]): Promise<AbortedRun> {
    const sink = this.sink();
    const known = new Set(prepared.map(({ part }) => nameOf(part)));
    const others = [...this.#opened].flatMap(([name, part]): readonly UnpreparedPart[] =>
      known.has(name) ? [] : [{ part, message: undefined, memo: this.#test.partMemo(part) }],
    );
    const staged = [...this.#parts(prepared), ...others];
    const aborted = await sink.abort(this.#aim, this.table.schema, staged, this.#test.ctx);
    const results: CommittedPart[] = [];
    for (const result of aborted.results ?? []) results.push(await committedPart(result));
    return { leftBehind: aborted.leftBehind, results };
  }

  #parts(prepared: readonly KeptPart[]): readonly PreparedPart[] {
    return prepared.map(({ part, message, rows }) => ({
      part,
      message: kept(message),
      memo: this.#test.partMemo(part),
      rows: () => this.#rowsAgain(rows),
    }));
  }

  *#batches({ from, to, batchRows = 7 }: StagedRows): Generator<RecordBatch> {
    for (let at = from; at < to; at += batchRows) yield this.table.batch(at, Math.min(to, at + batchRows));
  }

  async *#rowsAgain(rows: StagedRows): AsyncGenerator<RecordBatch> {
    yield* this.#batches(rows);
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
export async function stageAll(run: SinkRun, partRows = 10): Promise<readonly KeptPart[]> {
  const parts: KeptPart[] = [];
  for (let from = 0; from < run.table.rows.length; from += partRows) {
    const rows = { from, to: Math.min(run.table.rows.length, from + partRows) };
    parts.push(await run.stage({ split: 0, part: parts.length }, rows, parts.at(-1)));
  }
  return parts;
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

export function nameOf({ split, part, retry }: PartId): string {
  return retry === undefined ? `${split}/${part}` : `${split}/${part}/${retry}`;
}

async function committedPart({
  part,
  writtenRows,
  rejects,
  inDoubt = [],
  written,
}: PartResult): Promise<CommittedPart> {
  return {
    part,
    writtenRows,
    rejects: (await Array.fromAsync(rejects)).flat(),
    inDoubt,
    written: written === undefined ? [] : (await Array.fromAsync(written)).flat(),
  };
}
