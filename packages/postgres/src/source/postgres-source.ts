import { type Context, type Delivery, type Json, type Plan, SluiceError, type Source } from '@sluice/core';

import { quoteText } from '../client/identifier.ts';
import { postgresFault } from '../client/postgres-fault.ts';
import type { ParsedPostgresOptions } from '../client/postgres-options.ts';
import { type Session, withSession } from '../client/session.ts';
import { columnCells } from '../copy-out/arrow-column.ts';
import { decodeRows } from '../copy-out/row-decoder.ts';
import { schemaOf } from './plan-columns.ts';
import { RunSnapshot } from './run-snapshot.ts';
import {
  columnsOf,
  numericOf,
  type PostgresPlan,
  type PostgresSplit,
  requireVersion,
  selectWhere,
} from './source-state.ts';

export type PostgresSource = Source<PostgresPlan, PostgresSplit>;

export interface SourceParts {
  readonly connection: ParsedPostgresOptions;
  /** The options that say what is read. */
  readonly config: { readonly [name: string]: Json };
  /** One split, whose order the user asked for. */
  readonly ordered: boolean;
  readonly snapshot: 'same' | 'renew';
  readonly plan: (session: Session) => Promise<Plan<PostgresPlan>>;
}

export function postgresSource(parts: SourceParts): PostgresSource {
  const { connection, config, ordered } = parts;
  const snapshot = new RunSnapshot(connection, parts.snapshot);
  return {
    contractVersion: 1,
    name: 'postgres',
    config,
    traits: { ordered, positions: false },

    async check(ctx) {
      await withSession(connection, ctx, 'check the database', async () => {});
    },

    plan: async (ctx) => await withSession(connection, ctx, 'plan the reading', parts.plan),

    async *splits(plan, ctx, after) {
      requireVersion('plan', plan);
      await snapshot.hold(plan, ctx);
      const bounds = plan.splitBy?.bounds ?? [];
      const splits = [null, ...bounds].map((from, index): PostgresSplit => ({
        version: 1,
        from,
        to: bounds[index] ?? null,
      }));
      const passed = after === undefined ? 0 : splits.findIndex(({ from }) => from === after.from) + 1;
      yield* splits.slice(passed);
    },

    read: (plan, split, ctx) => readSplit(snapshot, plan, split, ctx),

    finish: async (_plan, _end, ctx) => await snapshot.end(ctx),

    async [Symbol.asyncDispose]() {
      await snapshot[Symbol.asyncDispose]();
    },
  };
}

async function* readSplit(
  snapshot: RunSnapshot,
  plan: PostgresPlan,
  split: PostgresSplit,
  ctx: Context,
): AsyncIterable<Delivery<Json>> {
  requireVersion('plan', plan);
  requireVersion('split', split);
  await using session = await snapshot.join(plan, ctx);
  const numeric = numericOf(plan);
  const columns = columnsOf(plan);
  const decoded = columns.map(({ name, type }) => ({ name, cells: columnCells(type, numeric) }));
  const input = session.copyOut(`COPY (${splitSql(plan, split)}) TO STDOUT (FORMAT binary)`);
  try {
    let rows = 0;
    for await (const delivery of decodeRows(input, schemaOf(columns, numeric), decoded, ctx.batch)) {
      ctx.signal.throwIfAborted();
      rows += delivery.batch.numRows + (delivery.rejects?.length ?? 0);
      yield delivery;
    }
    // The count comes behind the rows, and ahead of the answer to the next statement.
    await session.run('read', 'COMMIT');
    requireCount(rows, input.rowCount);
  } catch (error) {
    ctx.signal.throwIfAborted();
    throw postgresFault('read', error);
  }
}

function requireCount(rows: number, counted: number): void {
  if (rows === counted) return;
  throw new SluiceError('COUNT_MISMATCH', `PostgreSQL: ${rows} rows came, and the server counts ${counted}`);
}

/** Ranges are read in the order of their column, so that each reading gives the rows in one order. */
function splitSql({ select, conditions, splitBy }: PostgresPlan, { from, to }: PostgresSplit): string {
  if (splitBy === null || splitBy.bounds.length === 0) return selectWhere(select, conditions);
  const { column, type, order } = splitBy;
  const below = to === null ? [] : [`${column} < ${quoteText(to)}::${type}`];
  const range =
    from === null
      ? // A table that inherits may hold nulls where its parent does not.
        [`(${[...below, `${column} IS NULL`].join(' OR ')})`]
      : [`${column} >= ${quoteText(from)}::${type}`, ...below];
  return `${selectWhere(select, [...conditions, ...range])} ORDER BY ${order}`;
}
