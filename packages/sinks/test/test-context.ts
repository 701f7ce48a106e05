import type { Context, Json } from '@sluice/core';

/** A context outside any run: real time, a fixed sequence of random numbers, a memo in memory. */
export function testContext(overrides: Partial<Context> = {}): Context {
  const memo = new Map<string, Json>();
  let state = 7;
  const silent = (): void => {};
  return {
    signal: new AbortController().signal,
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    random: () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    batch: { rows: 65_536, bytes: 4 * 1_048_576 },
    memo: {
      get: (key) => memo.get(key),
      set: async (key, value) => {
        memo.set(key, value);
      },
    },
    retry: (request) => request(1),
    account: (id) => ({ id, call: (request) => request() }),
    note: async () => {},
    status: silent,
    ...overrides,
  };
}
