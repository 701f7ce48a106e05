import { SluiceError } from '@sluice/core';

/** Calls of the org's rolling 24 hours, as far as its responses tell. */
export interface ApiUsage {
  /** Reads `Sforce-Limit-Info`; a response without one counts as one call more. */
  observe(limitInfo: string | undefined): void;
  /** From `/limits`, for an org whose responses have not told yet. */
  set(usedCalls: number, maxCalls: number): void;
  isKnown(): boolean;
  /** @throws `QUOTA_EXCEEDED` when one call more would touch the reserve. */
  assertAboveReserve(what: string): void;
}

/** Stops before the last `reserveApiCalls` calls of the org, which belong to others. */
export function createApiUsage(reserveApiCalls: number): ApiUsage {
  let usedCalls = 0;
  let maxCalls: number | undefined;

  return {
    observe(limitInfo) {
      const match = /(?:^|[;\s])api-usage=(\d+)\/(\d+)/.exec(limitInfo ?? '');
      if (match === null) {
        usedCalls += 1;
        return;
      }
      usedCalls = Number(match[1]);
      maxCalls = Number(match[2]);
    },
    set(used, max) {
      usedCalls = used;
      maxCalls = max;
    },
    isKnown: () => maxCalls !== undefined,
    assertAboveReserve(what) {
      if (reserveApiCalls === 0 || maxCalls === undefined || maxCalls - usedCalls > reserveApiCalls) return;
      throw new SluiceError(
        'QUOTA_EXCEEDED',
        `${what}: the org has used ${usedCalls} of ${maxCalls} API calls, and ${reserveApiCalls} are kept in reserve`,
        { hint: 'Wait until the rolling 24 hours have freed some calls, or lower reserveApiCalls.' },
      );
    },
  };
}
