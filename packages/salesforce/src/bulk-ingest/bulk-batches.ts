import { SluiceError, type Context } from '@sluice/core';

import { BULK_BATCH_ROWS } from '../limits.ts';
import type { OrgClient } from '../org/org-client.ts';
import { fetchLimits } from '../org/org-limits.ts';

const ALLOCATION = 'DailyBulkApiBatches';

/** The org's allocation of bulk batches, as far as the user may see it. */
export interface BulkBatches {
  /**
   * Ahead of closing jobs: what an allocation has no room for is left unprocessed, and nothing is recorded of it.
   *
   * @throws `QUOTA_EXCEEDED` when the batches these jobs are cut into are not left.
   */
  reserve(jobRows: readonly number[], ctx: Context): Promise<void>;
  /** Ahead of everything: how many rows there will be is not known yet. @throws `QUOTA_EXCEEDED` when none is left. */
  requireAny(ctx: Context): Promise<void>;
}

/** Asks once, and again when what was left then has been used up. */
export function createBulkBatches({ http, apiVersion }: OrgClient): BulkBatches {
  let remaining: number | undefined;
  let isHidden = false;

  async function ask(ctx: Context): Promise<void> {
    const { value: limits, note } = await fetchLimits(http, apiVersion, ctx);
    if (note !== undefined) await ctx.note(note);
    remaining = limits?.get(ALLOCATION)?.remaining;
    isHidden = remaining === undefined;
  }

  return {
    async reserve(jobRows, ctx) {
      const needed = jobRows.reduce((sum, rows) => sum + Math.ceil(rows / BULK_BATCH_ROWS), 0);
      if (isHidden) return;
      if (remaining === undefined || remaining < needed) await ask(ctx);
      if (remaining === undefined) return;
      if (remaining < needed) throw usedUp(remaining, needed);
      remaining -= needed;
    },

    async requireAny(ctx) {
      await ask(ctx);
      if (remaining !== undefined && remaining < 1) throw usedUp(remaining, 1);
    },
  };
}

function usedUp(remaining: number, needed: number): SluiceError {
  return new SluiceError(
    'QUOTA_EXCEEDED',
    `the org has ${remaining} bulk batches left for 24 hours (${ALLOCATION}), and ${needed} are needed: one for every ${BULK_BATCH_ROWS} rows of an ingest job`,
    { hint: 'Wait until the rolling 24 hours have freed some, then resume the run; larger jobs waste fewer.' },
  );
}
