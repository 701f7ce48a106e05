import { SluiceError, type BatchBounds, type CommitContext, type Context, type Json, type Note } from '@sluice/core';

import { VirtualClock } from './virtual-clock.ts';

export interface TestRun {
  readonly ctx: CommitContext;
  readonly clock: VirtualClock;
  /** What the journal would hold. */
  readonly memo: Map<string, Json>;
  readonly notes: readonly Note[];
  /** What was tried again, in order. */
  readonly retried: readonly string[];
  /** Calls by account id. */
  readonly calls: ReadonlyMap<string, number>;
  /** Connection permits held just now. */
  permits(): number;
  abort(reason: Error): void;
  /** The same journal in another process, some time later. */
  resumed(afterMs?: number): TestRun;
}

export interface TestRunOptions {
  readonly batch?: BatchBounds;
  readonly memo?: Map<string, Json>;
  readonly attempts?: number;
  readonly clock?: VirtualClock;
}

/** What the engine would hand to a source: retries with growing delays in virtual time, a memo, an account. */
export function testRun(options: TestRunOptions = {}): TestRun {
  const { batch = { rows: 1000, bytes: 1_048_576 }, memo = new Map<string, Json>(), attempts = 5 } = options;
  const clock = options.clock ?? new VirtualClock();
  const controller = new AbortController();
  const { signal } = controller;
  const notes: Note[] = [];
  const retried: string[] = [];
  const calls = new Map<string, number>();
  const silent = (): void => {};
  let permits = 0;
  let state = 7;
  const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;

  async function retry<T>(
    request: (attempt: number) => Promise<T>,
    { what, safe, attempts: most = attempts }: Parameters<Context['retry']>[1],
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        // A login goes past the account.
        return await (what === 'log in' ? clock.busy(() => request(attempt)) : request(attempt));
      } catch (error) {
        signal.throwIfAborted();
        const isSafe = typeof safe === 'function' ? safe(error) : safe;
        if (!SluiceError.is(error) || !error.retryable || !isSafe || attempt >= most) throw error;
        retried.push(what);
        await clock.sleep((error.retryAfterMs ?? 0) + random() * Math.min(30_000, 500 * 2 ** (attempt - 1)), signal);
      }
    }
  }

  const ctx: CommitContext = {
    signal,
    clock,
    random,
    log: { debug: silent, info: silent, warn: silent, error: silent },
    batch,
    memo: {
      get: (key) => memo.get(key),
      set: async (key, value) => {
        memo.set(key, JSON.parse(JSON.stringify(value)) as Json);
      },
    },
    retry,
    account: (id) => ({
      id,
      call: async (request) => {
        calls.set(id, (calls.get(id) ?? 0) + 1);
        permits += 1;
        try {
          return await clock.busy(request);
        } finally {
          permits -= 1;
        }
      },
    }),
    note: async (note) => {
      if (!notes.some(({ code, message }) => code === note.code && message === note.message)) notes.push(note);
    },
    status: silent,
    requireAllowed: silent,
  };
  return {
    ctx,
    clock,
    memo,
    notes,
    retried,
    calls,
    permits: () => permits,
    abort: (reason) => controller.abort(reason),
    resumed: (afterMs = 0) => testRun({ batch, memo, attempts, clock: new VirtualClock(clock.now() + afterMs) }),
  };
}
