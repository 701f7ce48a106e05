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
import { type Retrying, retryDelayMs, type RetryPolicy } from './retry.ts';

export interface SplitReading {
  readonly source: Source;
  readonly plan: Json;
  readonly schema: Schema;
  readonly split: Json;
  /** Names the split in errors and events. */
  readonly name: string;
  readonly from: ResumePoint;
  readonly policy: RetryPolicy;
  readonly onRetry: (retrying: Retrying) => void;
  /** Sees the rows that are read once more only to be skipped. */
  readonly onSkipped?: (rows: DeliveredRows, count: number) => void;
}

/**
 * The rows of a split from a resume point on, read again from the last position when reading fails in a way that may
 * pass. Attempts are counted anew once rows have come.
 */
export async function* readSplit(reading: SplitReading, ctx: Context): AsyncGenerator<DeliveredRows, void, undefined> {
  const { source, name, policy, onRetry } = reading;
  let { position, skipRows } = reading.from;
  let attempt = 0;
  for (;;) {
    try {
      for await (const rows of readFrom(reading, { ...(position === undefined ? {} : { position }), skipRows }, ctx)) {
        if (countRows(rows) > 0) attempt = 0;
        yield rows;
        if (rows.position === undefined) skipRows += countRows(rows);
        else [position, skipRows] = [rows.position, 0];
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
  reading: SplitReading,
  { position, skipRows }: ResumePoint,
  ctx: Context,
): AsyncGenerator<DeliveredRows, void, undefined> {
  const { source, plan, split, name, onSkipped } = reading;
  const isExpected = schemaGuard(reading.schema, source.name);
  let leftToSkip = skipRows;
  for await (const delivery of source.read(plan, split, ctx, position)) {
    ctx.signal.throwIfAborted();
    isExpected(delivery);
    const rows = deliveredRows(delivery);
    checkDelivery(rows, source);
    const skipped = Math.min(leftToSkip, countRows(rows));
    if (skipped > 0) onSkipped?.(rows, skipped);
    leftToSkip -= skipped;
    yield withoutRows(rows, skipped);
  }
  if (leftToSkip > 0) {
    throw new SluiceError('SOURCE_CHANGED', `${name} has ${leftToSkip} rows fewer than when it was read before`, {
      hint: 'Start a new run.',
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
    if (!(row > last)) throw contractBroken(name, 'rejected rows are not in ascending order');
    last = row;
  }
  if (last >= countRows(rows)) throw contractBroken(name, 'a rejected row lies behind the end of its delivery');
}
