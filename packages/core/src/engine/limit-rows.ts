import type { Json } from '../contract/json.ts';
import type { Delivery, Source } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { requireContract } from '../plugin/contract-version.ts';
import { countRows, deliveredRows } from './delivered-rows.ts';

interface OneSplit {
  readonly [key: string]: never;
}

/**
 * The first rows of a source, in the order of its splits, one split after another. Reading stops with the last of them.
 * Rows that the source rejects count. Changes are counted for whole batches, so those of a last batch that is cut may
 * be more than were made in its rows. Without an order of the source's own, which rows are first is up to it.
 *
 * @throws `CONTRACT_UNSUPPORTED`; `CONFIG_INVALID` unless `rows` is a whole number of at least 0.
 */
export function limitRows<P extends Json, S extends Json, X extends Json>(
  source: Source<P, S, X>,
  rows: number,
): Source<P, OneSplit, never> {
  requireContract('source', source);
  if (!Number.isSafeInteger(rows) || rows < 0) {
    throw new SluiceError('CONFIG_INVALID', 'limitRows: rows must be a whole number of at least 0', {
      hint: 'Correct rows.',
    });
  }
  return {
    contractVersion: 1,
    name: source.name,
    config: { limitRows: rows, source: source.config },
    traits: { ordered: source.traits.ordered, positions: false },
    check: (ctx) => source.check(ctx),
    ...(source.discover === undefined ? {} : { discover: (ctx) => source.discover!(ctx) }),
    async plan(ctx) {
      const plan = await source.plan(ctx);
      const estimate = { ...plan.estimate, rows: Math.min(rows, plan.estimate.rows ?? rows) };
      return { ...plan, estimate };
    },
    async *splits(_plan, _ctx, after) {
      if (after === undefined && rows > 0) yield {};
    },
    async *read(plan, _split, ctx) {
      let left = rows;
      for await (const split of source.splits(plan, ctx)) {
        // No batch is longer than what is wanted, since what was altered in it is told of all of it.
        const batch = { ...ctx.batch, rows: Math.min(ctx.batch.rows, left) };
        for await (const delivery of source.read(plan, split, { ...ctx, batch })) {
          const first = firstRows(delivery, left);
          left -= countRows(deliveredRows(first));
          yield first;
          if (left === 0) return;
        }
      }
    },
    finish: (plan, end, ctx) => source.finish(plan, end, ctx),
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}

/** Without the position, which is not one of the limited source. */
function firstRows<X extends Json>({ batch, rejects = [], changes }: Delivery<X>, rows: number): Delivery<never> {
  const kept = rejects.filter(({ row }) => row < rows);
  const whole = changes === undefined ? {} : { changes };
  return { batch: batch.slice(0, Math.max(0, rows - kept.length)), rejects: kept, ...whole };
}
