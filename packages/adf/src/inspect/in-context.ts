import { type Context, explain, type RunOptions } from '@sluice/core';
import { Schema } from 'apache-arrow';

/** Does something with a plugin outside of a run: with retries, budgets and cancellation, as within one. */
export async function inContext<T>(name: string, work: (ctx: Context) => Promise<T>, options: RunOptions): Promise<T> {
  let result: { readonly value: T } | undefined;
  await explain(
    {
      contractVersion: 1,
      name,
      config: null,
      traits: { ordered: false, positions: false },
      async check(ctx) {
        result = { value: await work(ctx) };
      },
      plan: async () => ({ state: null, schema: new Schema([]), estimate: {}, notes: [] }),
      async *splits() {},
      async *read() {},
      finish: async () => [],
      async [Symbol.asyncDispose]() {},
    },
    options,
  );
  // The engine checks before it plans.
  return result!.value;
}
