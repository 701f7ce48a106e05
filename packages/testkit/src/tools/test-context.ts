import { getEventListeners } from 'node:events';

import {
  type BatchBounds,
  type CommitContext,
  type Context,
  type Json,
  type LogFields,
  type Memo,
  type Note,
  type PartId,
  SluiceError,
} from '@sluice/core';

import { Permits } from './permits.ts';
import type { VirtualClock } from './virtual-clock.ts';

export interface ContextOptions {
  readonly batch?: Partial<BatchBounds>;
  /** Attempts of `ctx.retry` in all. Default 5. */
  readonly attempts?: number;
  /** Calls of each account under way at once, at most, whatever the plugin asks for. Default: there is no limit. */
  readonly connections?: number;
  /** What an earlier process of the same run remembered, the run's own under the empty name. */
  readonly memos?: ReadonlyMap<string, ReadonlyMap<string, Json>>;
}

/** What the engine hands to a plugin, and what the plugin did with it. */
export interface TestContext {
  readonly ctx: Context;
  /** The memo of a part, which its writer has in place of the run's. */
  partMemo(part: PartId): Memo;
  /** As the journal keeps it. */
  readonly memo: ReadonlyMap<string, Json>;
  readonly notes: readonly Note[];
  /** Everything the plugin logged or said of its status, as text. */
  readonly said: readonly string[];
  /** Requests repeated by `ctx.retry`, by what they were. */
  readonly retried: readonly string[];
  /** Calls to each account, and the connections it allows. */
  readonly accounts: ReadonlyMap<string, { readonly calls: number; readonly connections: number | undefined }>;
  abort(reason: unknown): void;
  /** Listeners that nobody has taken off the signal. */
  signalListeners(): number;
  /** The same run in another process, perhaps with other options: what is remembered stays, and nothing else. */
  anotherProcess(more?: Omit<ContextOptions, 'memos'>): TestContext;
}

export function testContext(
  { clock, random }: { readonly clock: VirtualClock; readonly random: () => number },
  options: ContextOptions = {},
): TestContext {
  const { batch = {}, attempts = 5, connections: mostCalls = Infinity } = options;
  const memos = new Map([...(options.memos ?? [])].map(([scope, memo]) => [scope, new Map(memo)]));
  const memo = scopeOf(memos, '');
  const controller = new AbortController();
  const { signal } = controller;
  const notes: Note[] = [];
  const said: string[] = [];
  const retried: string[] = [];
  const accounts = new Map<string, { calls: number; connections: number | undefined }>();
  const permits = new Map<string, Permits>();
  const say = (message: string, fields: LogFields = {}): void => {
    said.push(`${message} ${JSON.stringify(fields)}`);
  };

  const ctx: Context = {
    signal,
    clock,
    random,
    batch: { rows: 65_536, bytes: 4 * 1_048_576, ...batch },
    log: { debug: say, info: say, warn: say, error: say },
    memo: memoOver(memo),
    async retry(request, { what, safe, attempts: most = attempts }) {
      for (let attempt = 1; ; attempt++) {
        signal.throwIfAborted();
        try {
          return await request(attempt);
        } catch (error) {
          signal.throwIfAborted();
          const isSafe = typeof safe === 'function' ? safe(error) : safe;
          if (!SluiceError.is(error) || !error.retryable || !isSafe || attempt >= most) throw error;
          retried.push(what);
          await clock.sleep((error.retryAfterMs ?? 0) + random() * Math.min(30_000, 500 * 2 ** (attempt - 1)), signal);
        }
      }
    },
    account(id, { connections } = {}) {
      const account = accounts.get(id) ?? { calls: 0, connections };
      accounts.set(id, account);
      const own = permits.get(id) ?? new Permits(mostCalls);
      permits.set(id, own);
      return {
        id,
        call: (request) =>
          own.run(() => {
            account.calls++;
            return request();
          }),
      };
    },
    async note(note) {
      if (!notes.some(({ code, message }) => code === note.code && message === note.message)) notes.push(note);
    },
    status: (text) => say(text),
  };
  return {
    ctx,
    partMemo: ({ split, part, retry = 0 }) => memoOver(scopeOf(memos, `${split}/${part}/${retry}`)),
    memo,
    notes,
    said,
    retried,
    accounts,
    abort: (reason) => controller.abort(reason),
    signalListeners: () => getEventListeners(signal, 'abort').length,
    anotherProcess: (more) => testContext({ clock, random }, { ...options, ...more, memos }),
  };
}

/** For a commit of a run that allows for any rejects, until it is aborted. */
export function commitContext(ctx: Context): CommitContext {
  return { ...ctx, requireAllowed: () => ctx.signal.throwIfAborted() };
}

type Remembered = Map<string, Json>;

function scopeOf(memos: Map<string, Remembered>, scope: string): Remembered {
  const memo = memos.get(scope) ?? new Map<string, Json>();
  memos.set(scope, memo);
  return memo;
}

function memoOver(remembered: Remembered): Memo {
  return {
    get: (key) => remembered.get(key),
    async set(key, value) {
      // Through JSON, as a journal keeps it.
      remembered.set(key, JSON.parse(JSON.stringify(value)) as Json);
    },
  };
}
