import type { Clock, Logger } from '../contract/context.ts';
import type { LeftBehind } from '../contract/source.ts';
import { SluiceError } from '../error/sluice-error.ts';
import { checkJson } from '../json/json-check.ts';
import { unlessAborted } from './abort.ts';
import type { Watched } from './watched-plugin.ts';

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
  { name, pending }: Watched,
  signal: AbortSignal,
  work: () => Promise<readonly LeftBehind[]>,
): Promise<readonly LeftBehind[]> {
  try {
    const left = await unlessAborted(work(), signal);
    checkJson(left, `what ${name} left behind`);
    return left;
  } catch (error) {
    const what = error instanceof Error ? error.message : 'it failed with no error';
    const calls = signal.aborted ? pending.takeUnnamed().map(({ call }) => call) : [];
    const reason = calls.length === 0 ? what : `${what}: ${calls.join(', ')}`;
    return [{ kind: 'unfinished clean-up', id: name, reason, hint: 'Look for what the run has started there.' }];
  }
}

export interface Grace {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly graceMs: number;
  /** Called when the work is left alone. */
  readonly onOverdue: () => void;
}

/** Work that goes on although its signal is aborted is waited for a while, then left alone. */
export async function settledInTime<T>(work: Promise<T>, { signal, clock, graceMs, onOverdue }: Grace): Promise<T> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const stop = new AbortController();
  const overdue = aborted
    .then(() => clock.sleep(graceMs, stop.signal))
    .then(
      () => {
        onOverdue();
        throw signal.reason;
      },
      () => new Promise<never>(() => {}),
    );
  try {
    return await Promise.race([work, overdue]);
  } finally {
    stop.abort();
    signal.removeEventListener('abort', onAbort);
  }
}

/** Letting go of what a plugin holds decides nothing about the run, and must not hide why it failed. */
export async function lettingGo(plugin: string, logger: Logger, dispose: () => PromiseLike<unknown>): Promise<void> {
  try {
    await dispose();
  } catch (error) {
    logger.warn(`${plugin} could not be let go of`, { reason: error instanceof Error ? error.message : '' });
  }
}

/** Disposes of plugins, and leaves alone those that do not end in time. */
export async function disposeAll(
  plugins: readonly (AsyncDisposable & { readonly name: string })[],
  { logger, clock, cleanupMs }: { readonly logger: Logger; readonly clock: Clock; readonly cleanupMs: number },
): Promise<void> {
  await withinBound(cleanupMs, clock, async (signal) => {
    const disposals = plugins.map((plugin) =>
      lettingGo(plugin.name, logger, () => unlessAborted(disposed(plugin), signal)),
    );
    await Promise.all(disposals);
  });
}

async function disposed(plugin: AsyncDisposable): Promise<void> {
  await plugin[Symbol.asyncDispose]();
}
