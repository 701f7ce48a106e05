import type { Clock, Logger } from '../contract/context.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { unlessAborted } from './abort.ts';

/** Gives clean-up a signal of its own, since the run's may be aborted already; the work keeps to it. */
export async function withinBound<T>(
  boundMs: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const bound = new AbortController();
  const stop = new AbortController();
  const timing = clock.sleep(boundMs, stop.signal).then(
    () => bound.abort(new SluiceError('DEADLINE_EXCEEDED', `clean-up did not end within ${boundMs} ms`)),
    () => {},
  );
  try {
    return await work(bound.signal);
  } finally {
    stop.abort();
    await timing;
  }
}

/** What a plugin could not end or remove; a failure to find out is named in its place. */
export async function leftBehindBy(
  plugin: string,
  signal: AbortSignal,
  work: () => Promise<readonly LeftBehind[]>,
): Promise<readonly LeftBehind[]> {
  try {
    return await unlessAborted(work(), signal);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'it failed with no error';
    return [{ kind: 'unfinished clean-up', id: plugin, reason, hint: 'Look for what the run has started there.' }];
  }
}

/** Work that goes on although its signal is aborted is waited for a while, then left alone. */
export async function settledInTime<T>(
  work: Promise<T>,
  { signal, clock, graceMs }: { readonly signal: AbortSignal; readonly clock: Clock; readonly graceMs: number },
): Promise<T> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const stop = new AbortController();
  const overdue = aborted
    .then(() => clock.sleep(graceMs, stop.signal))
    .then(
      () => {
        throw signal.reason;
      },
      () => new Promise<never>(() => {}),
    );
  try {
    return await Promise.race([work, overdue]);
  } finally {
    stop.abort();
    signal.removeEventListener('abort', onAbort);
    work.catch(() => {});
  }
}

export async function disposeAll(
  plugins: readonly (AsyncDisposable & { readonly name: string })[],
  logger: Logger,
): Promise<void> {
  for (const plugin of plugins) {
    try {
      await plugin[Symbol.asyncDispose]();
    } catch (error) {
      logger.warn(`${plugin.name} could not be disposed of`, { reason: error instanceof Error ? error.message : '' });
    }
  }
}
