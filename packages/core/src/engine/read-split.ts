import type { Schema } from 'apache-arrow';

import type { Context } from '../contract/context.ts';
import type { ResumePoint } from '../contract/journal.ts';
import type { Json } from '../contract/json.ts';
import type { Delivery, Source } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { checkJson } from '../json/json-check.ts';
import { sameSchema } from '../schema/same-schema.ts';
import { countRows, deliveredRows, type DeliveredRows, withoutRows } from './delivered-rows.ts';
import { contractBroken, pluginFault } from './plugin-fault.ts';
import type { ReplayedRows } from './replay-check.ts';
import { type Retrying, retryDelayMs, type RetryPolicy } from './retry.ts';
import { SplitProgress } from './split-progress.ts';

export interface SplitReading {
  readonly source: Source;
  readonly plan: Json;
  readonly schema: Schema;
  readonly split: Json;
  /** Names the split in errors and events. */
  readonly name: string;
  readonly from: ResumePoint;
  /** The rows between the position of `from` and `from`. */
  readonly replayed: readonly ReplayedRows[];
  readonly policy: RetryPolicy;
  readonly onRetry: (retrying: Retrying) => void;
}

/**
 * The rows of a split from a resume point on, read again from the last position when reading fails in a way that may
 * pass. Attempts are counted anew once rows have come. Rows that pass once more have to be what they were.
 */
export async function* readSplit(reading: SplitReading, ctx: Context): AsyncGenerator<DeliveredRows, void, undefined> {
  const { source, name, schema, policy, onRetry } = reading;
  const progress = new SplitProgress(name, schema, reading.from, reading.replayed);
  let attempt = 0;
  for (;;) {
    try {
      for await (const rows of readFrom(reading, progress, ctx)) {
        if (countRows(rows) > 0) attempt = 0;
        yield rows;
        progress.add(rows);
      }
      return;
    } catch (error) {
      ctx.signal.throwIfAborted();
      attempt++;
      const delayMs = retryDelayMs(error, attempt, policy, ctx.random);
      if (delayMs === undefined || !SluiceError.is(error)) throw pluginFault(source.name, error, ctx.signal);
      onRetry({ what: `read ${name}`, attempt, delayMs, error });
      await ctx.clock.sleep(delayMs, ctx.signal);
    }
  }
}

async function* readFrom(
  { source, plan, split, schema, name }: SplitReading,
  progress: SplitProgress,
  ctx: Context,
): AsyncGenerator<DeliveredRows, void, undefined> {
  const { position, skipRows } = progress.point;
  const check = progress.replayCheck();
  const requireSchema = schemaGuard(schema, source.name);
  let leftToSkip = skipRows;
  for await (const delivery of source.read(plan, split, ctx, position)) {
    ctx.signal.throwIfAborted();
    requireSchema(delivery);
    const rows = deliveredRows(delivery);
    checkDelivery(rows, source);
    const skipped = Math.min(leftToSkip, countRows(rows));
    if (skipped > 0) check.take(rows, skipped);
    leftToSkip -= skipped;
    yield withoutRows(rows, skipped);
  }
  if (leftToSkip > 0) {
    throw new SluiceError('SOURCE_CHANGED', `${name} has ${leftToSkip} rows fewer than when it was read before`, {
      hint: 'Abandon the run and start a new one.',
    });
  }
}

/** Schemas are compared once for each object there is of them. */
function schemaGuard(schema: Schema, plugin: string): (delivery: Delivery<Json>) => void {
  let known = schema;
  return ({ batch }) => {
    if (batch.schema === known) return;
    const difference = sameSchema(schema, batch.schema);
    if (difference !== undefined) throw contractBroken(plugin, `a batch has not the planned schema: ${difference}`);
    known = batch.schema;
  };
}

function checkDelivery(rows: DeliveredRows, { name, traits }: Source): void {
  const { position, rejects } = rows;
  if (position !== undefined) {
    if (!traits.positions) throw contractBroken(name, 'it gave a position, and declares that it has none');
    checkJson(position, `a position of ${name}`);
  }
  let last = -1;
  for (const { row } of rejects) {
    if (!(Number.isInteger(row) && row > last)) {
      throw contractBroken(name, 'rejected rows are not row numbers in ascending order');
    }
    last = row;
  }
  if (last >= countRows(rows)) throw contractBroken(name, 'a rejected row lies behind the end of its delivery');
}
