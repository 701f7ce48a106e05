import { SluiceError, type Context, type Note } from '@sluice/core';
import * as z from 'zod';

import type { SalesforceHttp } from '../http/salesforce-http.ts';

/** One allocation of the org. */
export interface OrgLimit {
  readonly max: number;
  readonly remaining: number;
}

const limitsResponse = z.record(z.string(), z.looseObject({ Max: z.number(), Remaining: z.number() }));
const countsResponse = z.looseObject({
  sObjects: z.array(z.looseObject({ name: z.string(), count: z.number() })),
});

/** Something the user may not be allowed to see; then there is a note in its place. */
export interface OptionalFact<T> {
  readonly value?: T;
  readonly note?: Note;
}

/** Every allocation by its key. */
export async function fetchLimits(
  http: SalesforceHttp,
  apiVersion: string,
  ctx: Context,
): Promise<OptionalFact<ReadonlyMap<string, OrgLimit>>> {
  const path = `/services/data/v${apiVersion}/limits`;
  return await optional(async () => {
    const { value } = await http.json(
      { what: 'ask for the limits', method: 'GET', path, safe: true },
      limitsResponse,
      ctx,
    );
    return new Map(Object.entries(value).map(([key, { Max, Remaining }]) => [key, { max: Max, remaining: Remaining }]));
  }, ctx);
}

/** About how many records an object has: cached by the org, of all users, without deleted ones. */
export async function fetchRecordCount(
  http: SalesforceHttp,
  apiVersion: string,
  object: string,
  ctx: Context,
): Promise<OptionalFact<number>> {
  const path = `/services/data/v${apiVersion}/limits/recordCount?sObjects=${encodeURIComponent(object)}`;
  return await optional(async () => {
    const { value } = await http.json(
      { what: 'ask for the record count', method: 'GET', path, safe: true },
      countsResponse,
      ctx,
    );
    return value.sObjects.find(({ name }) => name.toLowerCase() === object.toLowerCase())?.count;
  }, ctx);
}

/** What integration users often may not see is never a reason to fail. */
async function optional<T>(request: () => Promise<T | undefined>, ctx: Context): Promise<OptionalFact<T>> {
  try {
    const value = await request();
    return value === undefined ? {} : { value };
  } catch (error) {
    ctx.signal.throwIfAborted();
    if (!SluiceError.is(error) || error.code === 'AUTH_REJECTED' || error.code === 'QUOTA_EXCEEDED') throw error;
    return {
      note: {
        code: 'LIMITS_HIDDEN',
        message: `Limits and record counts of the org could not be read (${error.code}); the permission "View Setup and Configuration" shows them.`,
      },
    };
  }
}
