import type { Delivery, Json, Row, Source } from '@sluice/core';
import type { Schema } from 'apache-arrow';

import { fail } from '../../check/check-failure.ts';
import { type CheckTools, type EngineRun, kept } from '../../check/check-tools.ts';
import { rowsOf } from '../../data/row-cells.ts';
import { rowDifference, type RowsExpected } from '../../data/row-difference.ts';
import { type TableOptions, type TestTable, testTable } from '../../data/test-table.ts';
import type { SourceFixture, SourceHarness } from '../../harness/source-harness.ts';
import { memorySink, MemoryTarget } from '../../memory/memory-sink.ts';
import type { TestContext } from '../../tools/test-context.ts';

export interface OpenedFixture {
  readonly fixture: SourceFixture;
  readonly table: TestTable;
  /** The rows that have to come. */
  readonly expected: RowsExpected;
  /** Another instance, disposed of when the check has ended. */
  source(): Source;
}

export interface PlannedSource {
  readonly plan: Json;
  readonly schema: Schema;
  readonly splits: readonly Json[];
}

/** A remote side with so many rows. */
export async function openFixture(
  harness: SourceHarness,
  tools: CheckTools,
  rows: number,
  options: Pick<Partial<TableOptions>, 'columns' | 'hasLargeValues'> = {},
): Promise<OpenedFixture> {
  const { columns, identity } = harness;
  const table = testTable({ columns, identity, rows, ...options });
  return await openTable(harness, tools, table);
}

export async function openTable(harness: SourceHarness, tools: CheckTools, table: TestTable): Promise<OpenedFixture> {
  const fixture = tools.use(await harness.fixture(table));
  const { schema, identity, rows } = table;
  return {
    fixture,
    table,
    expected: { schema, identity, rows: fixture.expected ?? rows },
    source: () => tools.use(fixture.source()),
  };
}

/** Rows of the larger fixtures. */
export function manyRows({ manyRows = 300 }: SourceHarness): number {
  return manyRows;
}

/** Plans and finds all splits, through JSON as the engine does. */
export async function planSource(source: Source, { ctx }: TestContext): Promise<PlannedSource> {
  const { state, schema } = await source.plan(ctx);
  const plan = kept(state);
  const splits: Json[] = [];
  for await (const split of source.splits(plan, ctx)) splits.push(kept(split));
  return { plan, schema, splits };
}

export async function readSplit(
  source: Source,
  plan: Json,
  split: Json,
  { ctx }: TestContext,
  from?: Json,
): Promise<readonly Delivery<Json>[]> {
  return await Array.fromAsync(source.read(plan, split, ctx, from));
}

/** Everything there is, split by split. */
export async function readAll(source: Source, test: TestContext): Promise<readonly Row[]> {
  const { plan, splits } = await planSource(source, test);
  const rows: Row[] = [];
  for (const split of splits) rows.push(...deliveredRows(await readSplit(source, plan, split, test)));
  return rows;
}

/** Rows of deliveries; none of the kit's may be rejected. */
export function deliveredRows(deliveries: readonly Delivery<Json>[]): readonly Row[] {
  return deliveries.flatMap(({ batch, rejects = [] }) => {
    const [first] = rejects;
    if (first !== undefined) fail(`it rejects a row: ${first.code}: ${first.message} (${first.columns.join(', ')})`);
    return rowsOf(batch);
  });
}

/** Copies the source into memory with the engine, which reads again what fails on the way. */
export async function copyRows(
  source: Source,
  tools: CheckTools,
  options: Partial<EngineRun> = {},
): Promise<readonly Row[]> {
  const target = new MemoryTarget();
  await tools.copy({ from: source, to: memorySink(target), ...options });
  return target.published ?? [];
}

export function requireRows(expected: RowsExpected, actual: readonly Row[], where: string, ordered = false): void {
  const difference = rowDifference(expected, actual, ordered);
  if (difference !== undefined) fail(`${where}: ${difference}`);
}
