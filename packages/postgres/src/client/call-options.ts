import type { Context } from '@sluice/core';

/** What a call takes that is not part of a run. A `Context` is one, too. */
export interface CallOptions {
  /** Ends the call, with its reason. */
  readonly signal?: AbortSignal;
  /** Repeats what is safe to repeat. Default: nothing is. */
  readonly retry?: Context['retry'];
}

/** The same, with what was left out. */
export function callContext({ signal, retry }: CallOptions): Pick<Context, 'signal' | 'retry'> {
  return {
    signal: signal ?? new AbortController().signal,
    retry: retry ?? (async (work) => await work(1)),
  };
}
