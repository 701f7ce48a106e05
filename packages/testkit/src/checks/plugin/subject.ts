import type { Context, Json, Memo, PartId, PreparedPart, Row, Sink, Source, Store, WriteMode } from '@sluice/core';
import type { RecordBatch } from 'apache-arrow';

import { type CheckTools, kept } from '../../check/check-tools.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { rowDifference } from '../../data/row-difference.ts';
import { tableOf, testTable, type TestTable } from '../../data/test-table.ts';
import type { Faults } from '../../harness/fault-kind.ts';
import type { SinkHarness } from '../../harness/sink-harness.ts';
import type { SourceHarness } from '../../harness/source-harness.ts';
import type { StoreHarness } from '../../harness/store-harness.ts';
import { commitContext } from '../../tools/test-context.ts';

export type PluginWithLife = SourceHarness | SinkHarness | StoreHarness;

/** A plugin of any kind with a life cycle, and all the work it can do, for checks that do not care which work that is. */
export interface Subject {
  /** Another instance, disposed of when the check has ended. */
  plugin(): Source | Sink | Store;
  /**
   * Once: everything from the first call to the last on a new instance. Gives what it handed over for others to keep.
   *
   * @param passed Is told of steps that others follow.
   */
  work(ctx: Context, passed?: (step: string) => void): Promise<readonly unknown[]>;
  /** Once: the same, as much of it side by side as the plugin allows. */
  workAtOnce(ctx: Context): Promise<void>;
  /** How what came out of the work differs from what went into it, as one sentence; undefined when it does not. */
  difference(): Promise<string | undefined>;
  readonly faults: Faults;
  requests?(): number;
  peakRequests?(): number;
  leftovers?(): Promise<readonly string[]>;
}

const ROWS = 40;
/** Side by side. */
const READS = 6;
const WRITERS = 4;
const NO_FAULTS: Faults = {};
const ignored = (): void => {};

/** A remote side of its own. @param firstRow Of those it works with, by which they differ from another subject's. */
export async function openSubject(harness: PluginWithLife, tools: CheckTools, firstRow = 0): Promise<Subject> {
  if (harness.kind === 'source') return await sourceSubject(harness, tools, firstRow);
  return harness.kind === 'sink'
    ? await sinkSubject(harness, tools, firstRow)
    : await storeSubject(harness, tools, firstRow);
}

function tableFrom({ columns, identity }: SourceHarness | SinkHarness, firstRow: number): TestTable {
  const { schema, rows } = testTable({ columns, identity, rows: firstRow + ROWS });
  return tableOf(schema, identity, rows.slice(firstRow));
}

async function sourceSubject(harness: SourceHarness, tools: CheckTools, firstRow: number): Promise<Subject> {
  const table = tableFrom(harness, firstRow);
  const fixture = tools.use(await harness.fixture(table));
  const plugin = (): Source => tools.use(fixture.source());
  const read: Row[] = [];
  return {
    ...observedOf(fixture),
    plugin,
    async work(ctx, passed = ignored) {
      const source = plugin();
      await source.check(ctx);
      passed('its check');
      const { state } = await source.plan(ctx);
      passed('its plan');
      const seen: unknown[] = [state];
      for await (const split of source.splits(state, ctx)) {
        seen.push(split);
        for await (const { batch, position } of source.read(state, split, ctx)) {
          seen.push(position);
          read.push(...rowsOf(batch));
          passed('a delivery');
        }
      }
      seen.push(...(await source.finish(state, 'committed', ctx)));
      return seen;
    },
    async workAtOnce(ctx) {
      const source = plugin();
      await source.check(ctx);
      const { state } = await source.plan(ctx);
      const splits = await Array.fromAsync(source.splits(state, ctx));
      // Those of a source of few splits more than once: each reading is independent.
      const reads = Array.from({ length: READS }, (_, i) => splits[i % splits.length]!);
      await Promise.all(reads.map((split) => Array.fromAsync(source.read(state, split, ctx))));
      await source.finish(state, 'committed', ctx);
    },
    difference: async () => rowDifference({ ...table, rows: fixture.expected ?? table.rows }, read),
  };
}

async function sinkSubject(harness: SinkHarness, tools: CheckTools, firstRow: number): Promise<Subject> {
  const { identity, modes, keys = [identity] } = harness;
  const target = tools.use(await harness.target());
  const table = tableFrom(harness, firstRow);
  const plugin = (): Sink => tools.use(target.sink());
  const mode = firstMode(modes);
  const intent = { mode, ...(mode === 'upsert' ? { keys } : {}) };
  return {
    ...observedOf(target),
    plugin,
    async work(ctx, passed = ignored) {
      const sink = plugin();
      await sink.check(ctx);
      passed('its check');
      const aim = await sink.open(table.schema, intent, ctx);
      passed('its target was opened');
      const parts: PreparedPart[] = [];
      for (const part of [0, 1]) {
        parts.push(await preparedPart(sink, { aim, table, part, of: 2, ctx }, parts.at(-1)));
        passed('a part was prepared');
      }
      await committed(sink, aim, table, parts, ctx);
      return [aim, ...parts.map(({ message }) => message)];
    },
    async workAtOnce(ctx) {
      const sink = plugin();
      await sink.check(ctx);
      const aim = await sink.open(table.schema, intent, ctx);
      const writers = Math.min(WRITERS, sink.traits.writers);
      const numbers = Array.from({ length: writers }, (_, part) => part);
      const parts = await Promise.all(
        numbers.map((part) => preparedPart(sink, { aim, table, part, of: writers, ctx }, undefined)),
      );
      const groups = sink.traits.commit === 'end' ? [parts] : parts.map((part) => [part]);
      await Promise.all(groups.map((group) => committed(sink, aim, table, group, ctx)));
    },
    difference: async () => rowDifference(table, await target.rows()),
  };
}

interface PartWork {
  readonly aim: Json;
  readonly table: TestTable;
  readonly part: number;
  /** Parts that the rows are divided into. */
  readonly of: number;
  readonly ctx: Context;
}

async function preparedPart(
  sink: Sink,
  { aim, table, part, of, ctx }: PartWork,
  before: PreparedPart | undefined,
): Promise<PreparedPart> {
  const id: PartId = { split: 0, part };
  const after = sink.traits.writers === 1 ? before?.message : undefined;
  const memo = partMemo(ctx.memo, part);
  await using writer = await sink.writer(aim, table.schema, id, { ...ctx, memo }, after);
  const batch = table.batch((part * ROWS) / of, ((part + 1) * ROWS) / of);
  await writer.write(batch);
  const message = kept(await writer.prepare());
  return { part: id, message, memo, rows: () => batches([batch]) };
}

async function committed(
  sink: Sink,
  aim: Json,
  { schema }: TestTable,
  parts: readonly PreparedPart[],
  ctx: Context,
): Promise<void> {
  for await (const { rejects } of sink.commit(aim, schema, parts, commitContext(ctx))) await Array.fromAsync(rejects);
}

/** Of a part, within what the run remembers. */
function partMemo(memo: Memo, part: number): Memo {
  const name = (key: string): string => `part ${part}: ${key}`;
  return { get: (key) => memo.get(name(key)), set: async (key, value) => await memo.set(name(key), value) };
}

async function* batches(these: readonly RecordBatch[]): AsyncGenerator<RecordBatch> {
  yield* these;
}

async function storeSubject(harness: StoreHarness, tools: CheckTools, firstRow: number): Promise<Subject> {
  const place = tools.use(await harness.place());
  const plugin = (): Store => tools.use(place.store());
  const content = `the bytes of row ${firstRow}`;
  let read = '';
  async function throughFile(store: Store, path: string, ctx: Context): Promise<readonly unknown[]> {
    await using staged = await store.stage(path, { onExisting: 'create', stagingId: 'run' }, ctx);
    await staged.write(new TextEncoder().encode(content));
    const token = await staged.prepare();
    await store.publish([token], ctx);
    const files = await Array.fromAsync(store.list('', ctx));
    read = Buffer.concat(await Array.fromAsync(store.read(path, ctx))).toString();
    return [token, ...files];
  }
  return {
    ...observedOf(place),
    plugin,
    async work(ctx, passed = ignored) {
      const store = plugin();
      await store.check(ctx);
      passed('its check');
      return await throughFile(store, 'folder/file', ctx);
    },
    async workAtOnce(ctx) {
      const store = plugin();
      await store.check(ctx);
      const paths = Array.from({ length: WRITERS }, (_, n) => `folder/file ${n}`);
      await Promise.all(paths.map((path) => throughFile(store, path, ctx)));
    },
    difference: async () => (read === content ? undefined : `a file has "${read}" instead of "${content}"`),
  };
}

function firstMode(modes: readonly WriteMode[]): WriteMode {
  return (['create', 'append', 'overwrite', 'upsert'] as const).find((mode) => modes.includes(mode)) ?? 'create';
}

type Observed = Partial<Pick<Subject, 'faults' | 'requests' | 'peakRequests' | 'leftovers'>>;

function observedOf({
  faults = NO_FAULTS,
  requests,
  peakRequests,
  leftovers,
}: Observed): Observed & Pick<Subject, 'faults'> {
  return {
    faults,
    ...(requests === undefined ? {} : { requests }),
    ...(peakRequests === undefined ? {} : { peakRequests }),
    ...(leftovers === undefined ? {} : { leftovers }),
  };
}
