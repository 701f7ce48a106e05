import type { Clock } from '../contract/context.ts';

/** Settles as `promise` does, or rejects with `signal.reason` as soon as the signal aborts. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    // Whoever lost the race has nobody left to hear of its failure.
    promise.catch(() => {});
    throw signal.reason;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Aborts a while after another signal has, for the same reason, unless it is disposed of before. */
export function lateSignal(
  signal: AbortSignal,
  delayMs: number,
  clock: Pick<Clock, 'sleep'>,
): Disposable & { readonly signal: AbortSignal } {
  const late = new AbortController();
  const stop = new AbortController();
  const onAbort = (): void => {
    clock.sleep(delayMs, stop.signal).then(
      () => late.abort(signal.reason),
      () => {},
    );
  };
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: late.signal,
    [Symbol.dispose]() {
      signal.removeEventListener('abort', onAbort);
      stop.abort();
    },
  };
}

/** A controller that aborts with its parent, until it is disposed of. */
export interface LinkedController extends Disposable {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
}

/** In place of `AbortSignal.any`, whose dependents a long-lived parent remembers. */
export function linkedController(parent: AbortSignal | undefined): LinkedController {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(parent?.reason);
  if (parent?.aborted === true) onAbort();
  else parent?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => parent?.removeEventListener('abort', onAbort),
  };
}
